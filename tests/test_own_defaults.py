"""Defaults that anybody sets for themselves change nothing of what the addon adds to Odoo."""

from odoo import Command
from odoo.tests import tagged

from .test_attacks import AttackCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestOwnDefaults(AttackCommon):
    def defaults(self, model, scopes=({"user_id": True},), user=None, **values):
        Default = self.as_auditor(self.env["ir.default"], user or self.clerk)
        for scope in scopes:
            for name, value in values.items():
                Default.set(model, name, value, **scope)

    def as_clerk(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_auditor(self.env["account.move"], self.clerk)

    def draft(self, Move):  # noqa: N803
        return Move.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": Move._smart_today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Line 1",
                            "price_unit": 100.0,
                            "tax_ids": [Command.set(self.taxes["general"].ids)],
                        }
                    )
                ],
            }
        )

    def test_an_invoice_is_issued_as_without_them(self):
        foreign = self.confirm()
        document = foreign.smart_document_id
        forged = {
            "smart_document_id": document.id,
            "smart_note_origin_id": foreign.id,
            "smart_former_number": "00-00099999",
            "smart_note_reason": "forged",
            "smart_igtf_base": 50.0,
            "smart_state": "issued",
            "smart_control_number": "00-00099999",
            "smart_last_error": "forged",
            "smart_is_locked": True,
            "smart_is_fiscal": False,
        }
        # Whatever else is added to invoices later.
        for name, field in self.env["account.move"]._fields.items():
            if name.startswith("smart_") and field.type in ("char", "text"):
                forged.setdefault(name, "forged")
        self.defaults("account.move", **forged)
        self.defaults("account.move", smart_document_ids=document.ids)
        context = {f"default_{name}": value for name, value in forged.items()}
        commands = ([Command.link(document.id)], [Command.set(document.ids)], document.ids)
        contexts = [{}, context]
        contexts += [{**context, "default_smart_document_ids": one} for one in commands]
        for number, context in enumerate(contexts, start=2):
            with self.subTest(context):
                draft = self.draft(self.as_clerk().with_context(**context))
                self.assertFalse(draft.smart_document_id)
                self.assertFalse(draft.smart_document_ids)
                self.assertFalse(draft.smart_former_number)
                self.assertFalse(draft.smart_igtf_base)
                draft.action_post()
                self.commit()
                issued = draft.smart_document_id.sudo()
                self.assertNotEqual(issued, document)
                self.assertRecordValues(
                    issued,
                    [
                        {
                            "state": "issued",
                            "document_type": "invoice",
                            "control_number": f"00-{number:08d}",
                            "move_id": draft.id,
                            "related_document_id": False,
                        }
                    ],
                )
        self.assertEqual(document.move_id, foreign)
        self.assertEqual(foreign.smart_document_id, document)

    def test_the_form_of_a_new_invoice_shows_none_of_them(self):
        document = self.confirm().smart_document_id
        self.defaults("account.move", smart_document_id=document.id, smart_former_number="forged")
        Move = self.as_clerk().with_context(default_smart_igtf_base=5.0)
        names = ["smart_document_id", "smart_former_number", "smart_igtf_base", "smart_state"]
        self.assertFalse(Move.default_get(names))
        shown = Move.onchange({}, [], {name: {} for name in names})["value"]
        self.assertFalse(any(shown.values()), shown)

    def test_a_new_company_has_the_defaults_of_the_addon_alone(self):
        dollar = self.env.ref("base.USD")
        forged = {
            "smart_rif": "J-99999999-9",
            "smart_base_url": "https://evil.example.com",
            "smart_environment": "production",
            "smart_walk_in_address": "forged",
            "smart_collects_igtf": True,
        }
        admin = self.make_auditor("defaulting_admin", self.company, "base.group_system")
        self.defaults("res.company", ({"user_id": True}, {}), admin, **forged)
        company = self.as_auditor(self.env["res.company"], admin).sudo().create({"name": "Nueva"})
        self.assertRecordValues(
            company,
            [
                {
                    "smart_rif": False,
                    "smart_base_url": False,
                    "smart_environment": "disabled",
                    "smart_walk_in_address": False,
                    "smart_collects_igtf": False,
                    "smart_additional_currency_id": dollar.id,
                }
            ],
        )
