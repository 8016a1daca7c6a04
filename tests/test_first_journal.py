"""The first sales journal is the default of invoices: one that does not issue says so."""

from odoo.tests import Form, tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestFirstJournal(SmartCommon):
    def setUp(self):
        super().setUp()
        self.issuing = self.company_data["default_journal_sale"]
        self.issuing.write({"code": "FAC", "sequence": 5})

    def new_journal(self, **values):
        return self.env["account.journal"].create(
            {
                "name": "Antes",
                "code": "AAA",
                "type": "sale",
                "sequence": 5,
                "smart_enabled": False,
                "default_account_id": self.issuing.default_account_id.id,
                **values,
            }
        )

    def default(self):
        return self.env["account.move"].new({"move_type": "out_invoice"}).journal_id

    def test_a_new_journal_that_becomes_the_default_says_so(self):
        self.assertEqual(self.default(), self.issuing)
        journal = self.new_journal()
        self.assertEqual(self.default(), journal, "that is what Odoo does")
        self.assertIn(self.issuing.display_name, journal.smart_first_words)
        draft = self.make_invoice(journal_id=journal.id)
        self.assertIn("no fiscal document", draft._get_alerts()["smart_journal"]["message"])
        journal.sequence = 6
        self.assertEqual(self.default(), self.issuing)
        self.assertFalse(journal.smart_first_words)

    def test_the_form_says_it_before_it_is_saved(self):
        form = Form(self.env["account.journal"].with_context(default_type="sale"))
        form.name, form.code = "Antes", "AAA"
        self.assertFalse(form.smart_first_words, "it issues")
        form.smart_channel = "other"
        form.save().sequence = 5
        with Form(self.issuing) as form:
            form.code = "AAB"
        first = self.env["account.journal"].search([("code", "=", "AAA")])
        self.assertIn("new invoices begin in it", first.smart_first_words)

    def test_others_are_silent(self):
        self.assertFalse(self.issuing.smart_first_words)
        self.assertFalse(self.new_journal(code="ZZZ").smart_first_words)
        self.assertFalse(self.new_journal(code="AAB", smart_enabled=True).smart_first_words)
        self.assertFalse(self.company_data["default_journal_bank"].smart_first_words)
        self.assertFalse(self.new_journal(code="AAC", active=False).smart_first_words)
        self.env["account.journal"].search([("smart_enabled", "=", True)]).smart_enabled = False
        on_paper = self.new_journal(code="AAD", smart_channel="contingency")
        self.assertFalse(on_paper.smart_first_words, "drafts say on which sheet they will be")
        alone = self.new_journal(code="AAA")
        self.assertFalse(alone.smart_first_words, "no journal issues")
