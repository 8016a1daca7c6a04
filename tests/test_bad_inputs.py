"""Whatever SMART would not take is named before it is confirmed, in the user's language."""

import re
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from ..models.conversion.problem import SmartPreflightError
from ..smart_api.rules import BrokenRule, Rule
from ..smart_api.schemas import IssueRequest
from . import bad_inputs_records  # noqa: F401 - fills the table
from .bad_inputs import BAD_INPUTS, customer, invoice, line, new_tax, taxed
from .bad_inputs_documents import note
from .common import SmartCommon

MODULES = ["base", "account", "l10n_latam_base", "l10n_ve_edi_smart"]
#: Words that only English has, and that every English sentence of the addon has some of.
ENGLISH = re.compile(
    r"\b(the|is|are|was|has|not|and|or|of|in|it|its|to|than|that|which|with|for|from|at|"
    r"enter|choose|correct|remove|leave|shorten|missing|tax|line|lines|invoice|amount|address)\b",
    re.IGNORECASE,
)
#: {"alg": "HS256"}.{"user": {"rif": "J"}}.signature
TOKEN_WITHOUT_RIF = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjp7InJpZiI6IkoifX0.c2ln"


class BadInputCase(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_VE")
        cls.env["ir.module.module"]._load_module_terms(MODULES, ["es_VE"])
        cls.bookkeepers = {
            lang: new_test_user(
                cls.env,
                f"bookkeeper_{lang}",
                "account.group_account_invoice",
                lang=lang,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for lang in ("en_US", "es_VE")
        }
        cls.customer.name = "Inversiones La Trinidad"
        cls.taxes["general"].name = "IVA 16 %"
        cls.company_data["default_journal_sale"].name = "Facturas"
        cls.company.name = "Comercial La Candelaria"

    def traces(self):
        """Return what a document leaves behind that was posted, queued, sent or numbered."""
        self.env.flush_all()
        self.env.cr.execute("SELECT state, name, sequence_number FROM account_move ORDER BY id")
        moves = self.env.cr.fetchall()
        self.env.cr.execute("SELECT id, state, request_body FROM smart_document ORDER BY id")
        documents = self.env.cr.fetchall()
        self.env.cr.execute("SELECT id, next_number FROM smart_numbering ORDER BY id")
        return moves, documents, self.env.cr.fetchall(), len(self.simulator.calls())

    def refusal(self, drafts, lang):
        """Confirm as a bookkeeper, who must be refused; return the message."""
        user = self.bookkeepers[lang]
        drafts = drafts.with_user(user).with_context(lang=lang)
        before = self.traces()
        with self.assertRaises(SmartPreflightError) as raised, self.env.cr.savepoint():
            drafts.action_post()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()
        self.assertEqual(self.traces(), before, "posted, queued, sent or numbered")
        self.assertEqual(set(drafts.mapped("state")), {"draft"})
        self.assertFalse(drafts.smart_document_id.filtered(lambda one: one.state != "withdrawn"))
        return raised.exception.args[0]

    def label(self, record, field, lang):
        return (
            record.with_context(lang=lang)
            ._fields[field]
            ._description_string(record.with_context(lang=lang).env)
        )

    def check(self, name):
        case = BAD_INPUTS[name]
        draft = case.make(self)
        self.env.flush_all()
        [checked] = self.env["smart.payload"]._check(draft)
        found = {(problem.record._name, problem.field) for problem in checked.errors}
        self.assertEqual(found, {(case.model, case.field)}, checked.errors)
        record = checked.errors[0].record
        for lang, what, cure in (
            ("en_US", case.english, case.cure),
            ("es_VE", case.spanish, case.remedio),
        ):
            message = self.refusal(draft, lang)
            self.assertIn(what, message)
            self.assertIn(cure, message)
            self.assertIn(self.label(record, case.field, lang), message)
            env = self.env(context={"lang": lang})
            self.assertIn(f"\n\n{draft.with_env(env)._smart_headline()}\n", message)
            if record._name not in ("account.move", "account.move.line"):
                self.assertIn(record.with_context(lang=lang).display_name, message)
            if lang == "es_VE":
                self.assertFalse(ENGLISH.findall(message), message)
                label = self.label(record, case.field, "en_US")
                if label != self.label(record, case.field, lang):
                    self.assertNotIn(f"{label}:", message)


def sentence(name):
    return lambda self: self.check(name)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestBadInputs(BadInputCase):
    for _name in BAD_INPUTS:
        locals()[f"test_{_name}_is_named"] = sentence(_name)

    def test_the_table_has_at_least_forty_cases(self):
        self.assertGreaterEqual(len(BAD_INPUTS), 40)

    def test_all_problems_of_all_documents_are_named_together(self):
        wrong = [
            customer(self, name="Ferretería El Rosal", phone=False, email="no tiene"),
            taxed(self, new_tax(self, amount=9)),
            note(self),
            invoice(self, line(self, 0.0)),
        ]
        good = invoice(self)
        moves = self.env["account.move"].union(*wrong, good)
        for lang, words in (
            (
                "en_US",
                ("phone number is missing", "not a valid e-mail", "Tributo", "must refer", "zero"),
            ),
            ("es_VE", ("Falta el número", "correo", "Tributo", "debe referirse", "es cero")),
        ):
            message = self.refusal(moves, lang)
            for one in words:
                self.assertIn(one, message)
            self.assertEqual(message.count("\n\n"), len(wrong))
        [alone] = self.confirm(good)
        self.assertEqual(alone.smart_internal_number, "00000001")

    def test_what_odoo_itself_refuses_does_not_hide_what_smart_would(self):
        below_zero = invoice(self, line(self), line(self, -150.0))
        without_phone = customer(self, phone=False)
        message = self.refusal(below_zero + without_phone, "en_US")
        for words in ("add up to -50.00", "phone number is missing", "negative total amount"):
            self.assertIn(words, message)

    def test_what_no_check_foresees_is_told_in_the_users_language(self):
        draft = invoice(self)
        payload = self.env["smart.payload"].with_context(lang="es_VE")
        [conversion] = payload._check(draft.with_context(lang="es_VE"))
        values = dict.fromkeys(("max_length", "tax", "rate", "base", "right"), Decimal(7))
        fields = set()
        for key in [*IssueRequest.model_json_schema()["properties"], "cuerpofactura.3.monto"]:
            for rule in Rule:
                conversion.problems.clear()
                broken = BrokenRule(key, rule, "in English", values)
                payload._add_broken_rule(conversion, broken)
                [problem] = conversion.errors
                self.assertTrue(problem.field_label)
                fields.add(problem.field)
                self.assertIn(f"SMART no admite «{key}»: ", problem.what)
                self.assertFalse(ENGLISH.findall(f"{problem.what} {problem.cure}"), problem)
        self.assertIn("invoice_line_ids", fields)
        self.assertIn("partner_id", fields)

    def test_a_broken_rule_is_never_sent(self):
        draft = invoice(self)
        with patch.object(type(self.env["smart.payload"]), "_add_phone", lambda *_args: None):
            message = self.refusal(draft, "es_VE")
        self.assertIn("SMART no admite «telefonocliente»: falta. Corríjalo", message)

    def test_what_is_wrong_with_a_token_or_an_address_is_told_in_spanish(self):
        company = self.company.with_context(lang="es_VE")
        for vals, words in (
            ({"smart_token": "abc"}, "no tiene las tres partes"),
            ({"smart_token": "a.b.c"}, "no se puede leer"),
            ({"smart_token": TOKEN_WITHOUT_RIF}, "no es válido lo que contiene: el RIF"),
            ({"smart_base_url": "servidor"}, "debe comenzar con https://"),
            ({"smart_base_url": "https://a@b.example"}, "no debe llevar usuario"),
            ({"smart_base_url": "http://b.example"}, "hacia este mismo equipo"),
        ):
            with self.subTest(vals), self.assertRaises(ValidationError) as raised:
                company.write(vals)
            self.assertIn(words, str(raised.exception))
            self.assertFalse(ENGLISH.findall(str(raised.exception)))

    def test_the_cure_of_a_tax_that_was_changed_works(self):
        for name in ("a_tax_changed_by_hand", "a_tax_removed_by_hand"):
            with self.subTest(name):
                draft = BAD_INPUTS[name].make(self)
                draft.invoice_line_ids[:1].price_unit = 120.0
                self.assertEqual(draft.amount_tax, 19.2)
                self.assertEqual(self.confirm(draft).smart_state, "issued")
