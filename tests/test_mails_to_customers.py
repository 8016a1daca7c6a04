"""Odoo's e-mail of a document: by its legal number, and not beside SMART's own."""

from odoo.tests import tagged

from .test_sending_to_customers import SendingCase


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestMailsToCustomers(SendingCase):
    def wizard(self, move):
        return (
            self.env["account.move.send.wizard"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"move_id": move.id})
        )

    def sent(self, move):
        """Return subject and text of what was mailed to the customer."""
        messages = self.env["mail.message"].search(
            [("model", "=", "account.move"), ("res_id", "=", move.id), ("subject", "!=", False)]
        )
        return [(message.subject, message.body) for message in messages]

    def test_a_mail_says_legal_and_control_number_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("es_VE")
        invoice = self.confirm()
        invoice.partner_id.lang = "es_VE"
        self.do_errands()
        invoice._generate_and_send()
        (subject, body) = self.sent(invoice)[0]
        self.assertIn("Factura 00000001 · 00-00000001", subject)
        for text in ("Factura 00000001", "00-00000001", "Número de control", "116,00"):
            self.assertIn(text, body)
        self.assertFalse(invoice.name in subject + body)

    def test_what_was_written_while_it_waited_is_made_anew_when_it_is_issued(self):
        invoice = self.waiting()
        self.wizard(invoice).action_send_and_print()
        self.assertEqual(self.sent(invoice), [])
        self.issue(invoice)
        self.do_errands()
        self.run_mails()
        ((subject, body),) = self.sent(invoice)
        self.assertIn("Invoice 00000001 · 00-00000001", subject)
        self.assertIn("00-00000001", body)
        self.assertFalse(invoice.name in subject + body)

    def test_words_of_ones_own_stay_but_for_the_provisional_number(self):
        invoice = self.waiting()
        wizard = self.wizard(invoice)
        wizard.subject = f"Su factura {invoice.name}"
        wizard.body = f"<p>Estimado Luis: va la {invoice.name}.</p>"
        wizard.action_send_and_print()
        self.issue(invoice)
        self.do_errands()
        self.run_mails()
        ((subject, body),) = self.sent(invoice)
        self.assertEqual(subject, "Su factura Invoice 00000001")
        self.assertIn("Estimado Luis: va la Invoice 00000001.", body)

    def test_a_shop_that_names_odoos_template_gets_that_of_fiscal_documents(self):
        invoice = self.confirm()
        self.do_errands()
        self.env["account.move.send"]._generate_and_send_invoices(
            invoice, mail_template=self.env.ref("account.email_template_edi_invoice")
        )
        ((subject, _body),) = self.sent(invoice)
        self.assertIn("Invoice 00000001", subject)

    def test_a_template_of_the_companys_own_is_left_alone(self):
        invoice = self.confirm()
        own = self.env.ref("account.email_template_edi_invoice").copy({"subject": "Lo suyo"})
        self.env["account.move.send"]._generate_and_send_invoices(invoice, mail_template=own)
        ((subject, _body),) = self.sent(invoice)
        self.assertEqual(subject, "Lo suyo")

    def test_what_smart_mails_is_not_mailed_by_odoo_as_well(self):
        self.company.smart_send_mail = True
        invoice = self.confirm()
        self.do_errands()
        self.assertTrue(invoice._smart_is_mailed_by_smart())
        wizard = self.wizard(invoice)
        self.assertNotIn("email", wizard.sending_methods or [])
        invoice._generate_and_send()
        self.assertEqual(self.sent(invoice), [])

    def test_who_wants_both_mails_is_told_and_gets_them(self):
        self.company.smart_send_mail = True
        invoice = self.confirm()
        self.do_errands()
        wizard = self.wizard(invoice)
        wizard.sending_methods = ["email"]
        self.assertIn("Invoice 00000001", wizard.alerts["smart_both_emails"]["message"])
        wizard.action_send_and_print()
        self.assertEqual(len(self.sent(invoice)), 1)

    def test_where_smart_does_not_mail_odoo_does(self):
        invoice = self.confirm()
        self.assertFalse(invoice._smart_is_mailed_by_smart())
        self.assertIn("email", self.wizard(invoice).sending_methods)
