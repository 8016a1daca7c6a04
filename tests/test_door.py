"""Nobody but the engine writes what proves a fiscal document, ``sudo`` or not."""

from datetime import datetime
from functools import partial

from odoo import models
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SmartCommon

FORGED = "00-00099999"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDoor(SmartCommon):
    def setUp(self):
        super().setUp()
        self.invoice = self.confirm()
        self.env["smart.chain"]._seal_all(self.env.registry)
        self.clerk = self.new_user("clerk_at_the_door", "account.group_account_invoice")

    def models(self):
        """Return the models that only the engine writes."""
        return [
            self.env[name].sudo()
            for name, model in sorted(self.env.registry.items())
            if "smart.record" in model._inherit_module and not model._abstract
        ]

    def forged(self, model, name):
        """Return a value that a field takes, and that it has in no record."""
        field = model._fields[name]
        if field.type == "many2one":
            return self.env[field.comodel_name].sudo().search([], limit=1).id or 1
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        return {
            "boolean": True,
            "integer": 777,
            "float": 777.0,
            "monetary": 777.0,
            "datetime": datetime(2001, 1, 1),
            "date": datetime(2001, 1, 1).date(),
            "json": {"forged": [777]},
            "binary": "Zm9yZ2Vk",
        }.get(field.type, FORGED)

    def stated_fields(self, model):
        return [
            name
            for name, field in model._fields.items()
            if field.store
            and field.type not in ("one2many", "many2many")
            and name not in models.MAGIC_COLUMNS
            and name not in model._smart_free_fields()
        ]

    def test_all_models_that_prove_something_are_behind_the_door(self):
        self.assertEqual(
            {Model._name for Model in self.models()},
            {
                "smart.chain",
                "smart.chain.link",
                "smart.document",
                "smart.email",
                "smart.exchange",
                "smart.lane",
                "smart.numbering",
                "smart.sheet",
                "smart.witness",
            },
        )

    def test_no_other_way_leads_in_not_even_for_sudo(self):
        for model in self.models():
            for name, attempt in self.attempts(model):
                with (
                    self.subTest(f"{model._name}: {name}"),
                    self.assertRaisesRegex(AccessError, "by hand"),
                    self.env.cr.savepoint(),
                ):
                    attempt()

    def attempts(self, model):
        """Return what is tried, by name: every way of the ORM that makes or changes records."""
        found = [
            ("create", partial(model.create, [{}])),
            ("create one", partial(model.create, {"issuer_id": self.company.id})),
        ]
        record = model.search([], limit=1)
        if record:
            found += [("copy", record.copy), ("unlink", record.unlink)]
            for name in self.stated_fields(model):
                value = self.forged(model, name)
                found += [
                    (f"write {name}", partial(record.write, {name: value})),
                    (f"assign {name}", partial(setattr, record, name, value)),
                ]
        return found

    def test_what_was_written_once_in_the_log_the_engine_cannot_change_either(self):
        exchange = self.invoice.smart_exchange_ids.sudo()
        for record in (exchange, exchange.chain_link_ids):
            with self.assertRaisesRegex(AccessError, "by hand"):
                record._engine_write({"company_id": self.company.id})
            with self.assertRaisesRegex(AccessError, "by hand"):
                record._engine_unlink()

    def test_the_door_is_shut_again_after_an_error(self):
        document = self.invoice.smart_document_id.sudo()
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            document._engine_write({"state": "no such state"})
        with self.assertRaises(AccessError):
            document.write({"state": "issued"})

    def set_every_default(self, user, kind):
        """Set what defaults a user may have on everything behind the door."""
        Default = self.env["ir.default"]
        if kind == "personal":
            Default = Default.with_user(user)
        for model in self.models():
            for name in self.stated_fields(model):
                value = self.forged(model, name)
                Default.set(
                    model._name,
                    name,
                    str(value) if model._fields[name].type in ("date", "datetime") else value,
                    user_id=kind == "personal",
                    company_id=kind == "company" and self.company.id,
                )

    def facts(self, invoice):
        """Return what is written about an invoice, but for numbers and moments."""
        document = invoice.smart_document_id.sudo()
        left_out = {
            "id", "move_id", "exchange_ids", "chain_link_ids", "name", "queue_position",
            "internal_number", "internal_sequence", "control_number", "request_body",
            "document_url", "document_filename", "display_name", "issued_at", "queued_at",
            "sent_at", "create_date", "write_date", "create_uid", "write_uid", "file_next_at",
            "document_id", "control_number_lookup", "answer_body", "request_hash", "answer_hash",
            "started_at", "duration_ms", "user_id", "owner_digest", "legal_name", "number",
        }  # fmt: skip
        return [
            {name: value for name, value in row.items() if name not in left_out}
            for records in (document, document.exchange_ids)
            for row in records.read()
        ]

    def test_defaults_of_a_person_or_a_company_and_of_a_context_change_nothing(self):
        without = self.facts(self.confirm(self.make_invoice().with_user(self.clerk)))
        context = {
            f"default_{name}": self.forged(model, name)
            for model in self.models()
            for name in self.stated_fields(model)
            if model._fields[name].type != "many2one"
        }
        for kind in ("personal", "company", "everybody"):
            self.set_every_default(self.clerk, kind)
            with self.subTest(kind):
                invoice = self.confirm(self.make_invoice().with_user(self.clerk))
                self.assertEqual(self.facts(invoice), without)
        move = self.make_invoice().with_user(self.clerk).with_context(**context)
        self.assertEqual(self.facts(self.confirm(move)), without)
        self.assertEqual(
            self.env["smart.exchange"].search([], limit=1).user_id, self.clerk, "who it really was"
        )

    def test_a_default_does_not_hide_that_nothing_was_issued(self):
        self.set_every_default(self.clerk, "personal")
        self.simulator.fault("refuse", seconds=30)
        invoice = self.confirm(self.make_invoice().with_user(self.clerk))
        self.assertEqual(
            (invoice.smart_state, invoice.smart_control_number, invoice.smart_issued_at),
            ("queued", False, False),
        )
