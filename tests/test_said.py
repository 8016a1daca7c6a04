"""Words that are kept are read in the language of whoever reads them, whoever found them out."""

import json

from odoo import fields
from odoo.tests import tagged

from ..models.base.said import SaidText, telling
from .common import SmartCommon

SPANISH = {"lang": "es_VE"}


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSaid(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_VE")

    def refused(self):
        invoice = self.make_invoice()
        invoice.action_post()
        document = invoice.smart_document_id.sudo()
        self.make_refusable(document)
        self.commit()
        self.send_in_background()
        self.assertEqual(document.state, "refused")
        return document

    def kept(self, records, name):
        """Return what the column of each record holds."""
        self.env.flush_all()
        query = f"SELECT {name} FROM {records._table} WHERE id = ANY(%s) ORDER BY id"
        self.env.cr.execute(query, [records.ids])
        return [row[0] for row in self.env.cr.fetchall()]

    def test_a_refusal_is_read_in_the_language_of_each_reader(self):
        document = self.refused()
        english, spanish = document, document.with_context(**SPANISH)
        self.assertIn("SMART refused: “", english.last_error)
        self.assertIn("SMART rechazó la solicitud: «", spanish.last_error)
        said = json.loads(self.kept(document, "last_error")[0])["with"]["message"]
        self.assertIn(f"“{said}”", english.last_error, "SMART's own words stay as they were")
        self.assertIn(f"«{said}»", spanish.last_error)
        owner = document.move_id
        self.assertEqual(owner.smart_last_error, english.last_error)
        self.assertEqual(owner.with_context(**SPANISH).smart_last_error, spanish.last_error)

    def test_log_and_banner_say_the_same_in_both_languages(self):
        document = self.refused()
        for context in ({"lang": "en_US"}, SPANISH):
            reader = document.with_context(**context)
            call = reader.exchange_ids.filtered(lambda one: one.operation == "issue")
            self.assertEqual(call.message, reader.last_error)

    def test_a_stopped_queue_tells_its_cause_in_the_language_of_each_reader(self):
        self.simulator.fault("unauthorized")
        invoice = self.confirm()
        lane = invoice.smart_document_id.sudo().lane_id
        self.assertTrue(lane.blocked)
        self.assertIn("Ask an administrator", lane.reason)
        self.assertIn("Pida", lane.with_context(**SPANISH).reason)
        document = invoice.smart_document_id
        self.assertEqual(self.kept(lane, "reason"), self.kept(document, "last_error"))

    def test_a_client_gets_words_and_no_terms(self):
        document = self.refused()
        [read] = document.with_context(**SPANISH).read(["last_error"])
        self.assertIs(type(read["last_error"]), str)
        self.assertTrue(read["last_error"].startswith("SMART rechazó"))
        [web] = document.with_context(**SPANISH).web_read({"last_error": {}})
        self.assertEqual(web["last_error"], read["last_error"])
        exported = document.with_context(**SPANISH).export_data(["last_error"])["datas"]
        self.assertEqual(exported, [[read["last_error"]]])

    def test_texts_from_before_are_shown_as_they_are(self):
        document = self.refused()
        for old in (
            "SMART rechazó: “algo” (código 7).",
            "100 % {not} a %(term)s",
            '{"other": 1}',
            '{"said": 1',
            '{"said": "%s %s"}',
        ):
            self.env.cr.execute(
                "UPDATE smart_document SET last_error = %s WHERE id = %s", [old, document.id]
            )
            self.env.invalidate_all()
            self.assertEqual(document.last_error, old)
            self.assertEqual(document.with_context(**SPANISH).last_error, old)

    def test_what_only_looks_like_words_hides_no_record(self):
        document = self.confirm().smart_document_id.sudo().with_context(**SPANISH)
        for damaged in (
            '{"said":"a","of":null,"with":[]}',
            '{"said":"%s","of":"base","with":{"x":1}}',
            '{"said":"%(x)s","of":"base","with":{"y":1}}',
            '{"said":' + "[" * 50000,
            '{"said":"%s","of":"base","with":[' * 3000 + "1" + "]}" * 3000,
            '{"said":"%9999999999999d","of":"base","with":[1]}',
            '{"field":"name","model":"nobody"}',
        ):
            self.env.cr.execute(
                "UPDATE smart_document SET last_error = %s WHERE id = %s", [damaged, document.id]
            )
            document.invalidate_recordset()
            with self.subTest(damaged[:50]):
                self.assertTrue(document.read(["last_error"])[0]["last_error"])

    def test_words_within_words_lists_and_choices_are_said_anew(self):
        numbering = self.env["smart.numbering"].sudo()._of(self.confirm().smart_document_id.sudo())
        tell = telling(self.env)
        inner = tell.join("; ", [tell._("no answer"), tell.choice(numbering, "document_type")])
        lane = numbering.env["smart.lane"].search([("issuer_id", "=", self.company.id)])
        words = tell._("%s Nothing was sent; it will be tried again by itself.", inner)
        lane._engine_write({"reason": words})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(
            lane.reason,
            "no answer; Invoice Nothing was sent; it will be tried again by itself.",
        )
        spanish = lane.with_context(**SPANISH).reason
        self.assertTrue(spanish.startswith("sin respuesta; Factura "), spanish)
        self.assertNotIn("again", spanish)

    def test_all_that_is_kept_in_words_by_the_engine_is_kept_as_terms(self):
        """Every text of the engine's records is such a field, or is no words of ours."""
        not_ours = {"answer_body", "content", "request_body", "resolution"}
        models = [
            model for model in self.env.registry.values()
            if "smart.record" in model._inherit_module or "smart.record" in (model._inherit or ())
        ]  # fmt: skip
        texts = {
            f"{model._name}.{name}"
            for model in models
            for name, field in model._fields.items()
            if field.type == "text"
            and field.store
            and not isinstance(field, SaidText)
            and name not in not_ours
        }
        self.assertTrue(models)
        self.assertFalse(texts)
        self.assertIsInstance(self.env["smart.document"]._fields["last_error"], fields.Text)
