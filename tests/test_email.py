from datetime import timedelta
from unittest.mock import patch

import odoo
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ..models.lane.confirming import SmartLane
from ..models.mail import email as email_model
from ..models.mail.email import split_addresses
from ..models.mail.email_sender import EmailSender
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestEmail(SmartCommon):
    def wizard(self, *moves):
        action = self.env["account.move"].union(*moves).action_smart_email()
        return self.env["smart.email.wizard"].browse(action["res_id"])

    def send(self, *moves, addresses=None):
        """E-mail documents as the button does; returns the e-mails."""
        wizard = self.wizard(*moves)
        if addresses:
            wizard.line_ids.addresses = addresses
        wizard.action_send()
        self.commit()
        return self.env["smart.email"].search([], limit=len(wizard.line_ids))

    def mailed(self):
        """Return what the service e-mailed: the addresses of each document."""
        return [one["emails"] for one in self.simulator.documents()]

    def calls(self):
        return [call for call in self.simulator.calls() if call["path"] == "/email"]

    def mail_in_background(self):
        self.env.flush_all()
        # As if ten minutes had passed.
        with self.registry.cursor() as cr, patch.object(email_model, "RETRY_AFTER", timedelta(0)):
            env = self.env(cr=cr, user=self.env.ref("base.user_root"))
            env["smart.email"].search([], order="issuer_id desc").issuer_id._smart_do_errands()
        self.env.invalidate_all()

    def test_addresses_are_read_however_they_are_typed(self):
        for text, expected in (
            ("a@b.com", (["a@b.com"], [])),
            ("A@B.com; c@d.ve,e@f.org|a@b.com", (["a@b.com", "c@d.ve", "e@f.org"], [])),
            ("a@b.com c@d.ve", (["a@b.com", "c@d.ve"], [])),
            ("Ana Pérez <a@b.com>\nc@d.ve", (["a@b.com", "c@d.ve"], [])),
            ("a@b, @c.ve; x", ([], ["a@b", "@c.ve", "x"])),
            (False, ([], [])),
        ):
            with self.subTest(text):
                self.assertEqual(split_addresses(text), expected)

    def test_customer_and_invoice_contacts_are_proposed_and_all_of_them_get_it(self):
        self.customer.child_ids = [
            Command.create({"name": "Cobros", "type": "invoice", "email": "cobros@example.com"}),
            Command.create({"name": "Depósito", "type": "delivery", "email": "x@example.com"}),
        ]
        invoice = self.confirm()
        wizard = self.wizard(invoice)
        proposed = "compras@latrinidad.example.com, cobros@example.com"
        self.assertEqual(wizard.line_ids.addresses, proposed)
        wizard.action_send()
        self.commit()
        self.assertEqual(self.mailed(), [["compras@latrinidad.example.com", "cobros@example.com"]])
        email = self.env["smart.email"].search([])
        self.assertEqual((email.state, email.addresses), ("mailed", proposed))
        self.assertIn("SMART has e-mailed it to compras@", invoice.message_ids[0].body)
        exchange = invoice.smart_exchange_ids.filtered(lambda one: one.operation == "email")
        self.assertEqual(exchange.outcome, "accepted")
        self.assertEqual(exchange.user_id, self.env.user)

    def test_one_click_is_one_call_however_often_it_arrives(self):
        wizard = self.wizard(self.confirm())
        wizard.action_send()
        wizard.action_send()
        self.commit()
        wizard.action_send()
        self.commit()
        self.mail_in_background()
        self.assertEqual(len(self.calls()), 1)

    def test_nothing_is_called_within_the_transaction(self):
        self.wizard(self.confirm()).action_send()
        self.env.flush_all()
        self.assertFalse(self.calls())
        self.assertEqual(self.env["smart.email"].search([]).state, "to_mail")

    def test_all_bad_addresses_of_all_documents_are_named_at_once(self):
        first, second = self.confirm(), self.confirm()
        wizard = self.wizard(first, second)
        wizard.line_ids[0].addresses = "good@example.com, bad@, worse"
        wizard.line_ids[1].addresses = ""
        with self.assertRaises(UserError) as caught:
            wizard.action_send()
        missing = f"{second.smart_number}: enter an e-mail address"
        for words in (first.smart_number, "“bad@”, “worse”", missing):
            self.assertIn(words, str(caught.exception))
        wizard.line_ids[1].addresses = ",".join(f"{'x' * 40}{n}@example.com" for n in range(12))
        with self.assertRaisesRegex(UserError, "longer than 500 characters"):
            wizard.action_send()
        self.assertFalse(self.env["smart.email"].search([]))

    def test_several_are_sent_in_the_background_with_a_result_for_each(self):
        moves = [self.make_invoice() for _n in range(3)]
        self.confirm(*moves)
        self.send_in_background()
        wizard = self.wizard(*moves)
        action = wizard.action_send()
        self.commit()
        emails = self.env["smart.email"].search(action["domain"])
        self.assertEqual(emails.mapped("state"), ["to_mail"] * 3)
        self.assertFalse(self.calls())
        self.mail_in_background()
        self.assertEqual(emails.mapped("state"), ["mailed"] * 3)
        self.assertEqual(len(self.calls()), 3)

    def test_only_what_is_known_to_be_issued_is_asked_for(self):
        issued, waiting = self.confirm(), self.make_invoice()
        foreign = self.make_invoice()
        foreign.journal_id = self.company_data["default_journal_sale"].copy(
            {"smart_enabled": False}
        )
        self.confirm(foreign)
        with patch.object(SmartLane, "_send_after_commit", lambda *args: None):
            self.confirm(waiting)
        wizard = self.wizard(issued, waiting, foreign)
        self.assertEqual(wizard.line_ids.document_id.move_id, issued)
        self.assertIn(f"{waiting.name} has no control number yet", wizard.left_out)
        self.assertIn(f"{foreign.smart_number}", wizard.left_out)
        self.assertIn("was not issued through SMART", wizard.left_out)
        for state in ("sending", "unknown", "refused", "withdrawn", "annulled"):
            waiting.smart_document_id.sudo()._engine_write({"state": state})
            with self.subTest(state), self.assertRaises(UserError):
                waiting.action_smart_email()
        issued.smart_document_id.sudo()._engine_write({"annulment_state": "pending"})
        with self.assertRaisesRegex(UserError, "is being annulled"):
            issued.action_smart_email()
        # Nobody puts another document into the window; it may be annulled while that is open.
        with self.assertRaises(AccessError):
            wizard.line_ids.document_id = waiting.smart_document_id
        issued.smart_document_id.sudo()._engine_write(
            {"annulment_state": "done", "state": "annulled"}
        )
        with self.assertRaisesRegex(UserError, "was annulled"):
            wizard.action_send()

    def test_a_document_of_another_environment_is_never_asked_for(self):
        invoice = self.confirm()
        self.move_service(smart_environment="test")
        with self.assertRaisesRegex(UserError, "Custom address.*is set to “Test”. Set it back"):
            invoice.action_smart_email()

    def test_what_is_annulled_while_it_waits_is_not_sent(self):
        invoice = self.confirm()
        self.wizard(invoice).action_send()
        invoice.smart_document_id.sudo()._engine_write({"state": "annulled"})
        self.commit()
        email = self.env["smart.email"].search([])
        self.assertEqual(email.state, "not_mailed")
        self.assertIn("was annulled", email.message)
        self.assertFalse(self.calls())

    def test_the_evented_server_leaves_it_to_the_scheduled_action(self):
        invoice = self.confirm()
        with patch.object(odoo, "evented", True):
            email = self.send(invoice)
        self.assertEqual((email.state, self.mailed()[0]), ("to_mail", []))
        self.mail_in_background()
        self.assertEqual(email.state, "mailed")

    @mute_logger("odoo.addons.l10n_ve_edi_smart.models.schedule.res_company")
    def test_a_defect_at_one_issuer_leaves_the_others_e_mails_alone(self):
        invoice = self.confirm()
        with patch.object(odoo, "evented", True):
            email = self.send(invoice)
        other = self.env["res.company"].create({"name": "Otra, C.A."})
        document = invoice.smart_document_id.sudo()
        # An e-mail of another issuer, which comes first and at which sending fails.
        broken = self.env["smart.email"].sudo()._ask({document: ["a@example.com"]}).sudo()
        self.env.cr.postcommit.clear()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE smart_email SET issuer_id = %s WHERE id = %s", [other.id, broken.id]
        )
        self.env.invalidate_all()
        run = EmailSender.run

        def fail_at_the_other(sender, *args, **kwargs):
            if sender._issuer_id == other.id:
                raise ZeroDivisionError
            return run(sender, *args, **kwargs)

        with patch.object(EmailSender, "run", fail_at_the_other):
            self.mail_in_background()
        self.assertEqual((email.state, broken.state), ("mailed", "to_mail"))

    def test_without_an_answer_it_may_have_been_sent_and_nobody_repeats_it(self):
        invoice = self.confirm()
        self.simulator.fault("drop_after", path="/email")
        email = self.send(invoice)
        self.assertEqual(email.state, "perhaps_mailed")
        self.assertIn("may have been sent; send it again if it did not arrive", email.message)
        self.assertIn("may have been sent", invoice.message_ids[0].body)
        self.mail_in_background()
        self.assertEqual(len(self.mailed()[0]), 1)
        self.assertEqual(self.send(invoice).state, "mailed")

    def test_what_never_left_is_tried_again_and_given_up_after_an_hour(self):
        invoice = self.confirm()
        self.simulator.fault("refuse", seconds=60)
        email = self.send(invoice)
        self.assertEqual(email.state, "to_mail")
        self.assertIn("Nothing was sent; it will be tried again", invoice.message_ids[0].body)
        said = len(invoice.message_ids)
        self.mail_in_background()
        self.assertEqual((email.state, len(invoice.message_ids)), ("to_mail", said), "told once")
        self.simulator.control("DELETE", "/faults")
        self.mail_in_background()
        self.assertEqual(email.state, "mailed")
        self.simulator.fault("refuse", seconds=60)
        old = self.send(invoice)
        self.env.cr.execute(
            "UPDATE smart_email SET create_date = create_date - interval '1 hour' WHERE id = %s",
            [old.id],
        )
        old.invalidate_recordset()
        self.mail_in_background()
        self.assertEqual(old.state, "not_mailed")
        self.assertIn("given up; send it again", old.message)
        self.assertNotIn("by itself", old.message)

    def test_behind_what_could_not_be_sent_the_others_wait_and_the_scheduler_is_not_hurried(self):
        moves = self.confirm(*[self.make_invoice() for _n in range(3)])
        self.send_in_background()
        self.simulator.fault("refuse", seconds=60)
        self.wizard(moves).action_send()
        self.commit()
        self.env["ir.cron.trigger"].search([]).unlink()
        self.mail_in_background()
        emails = self.env["smart.email"].search([])
        self.assertEqual(emails.mapped("state"), ["to_mail"] * 3)
        self.assertEqual(emails.mapped(lambda email: bool(email.message)), [False, False, True])
        action = self.company.smart_errands_action_id
        self.assertFalse(self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)]))

    def test_what_is_left_when_the_time_is_over_is_done_as_soon_as_there_is_a_thread(self):
        moves = self.confirm(*[self.make_invoice() for _n in range(3)])
        self.send_in_background()
        self.wizard(moves).action_send()
        self.commit()
        self.env["ir.cron.trigger"].search([]).unlink()
        with patch.object(IrCron, "_commit_progress", return_value=0):
            self.mail_in_background()
        action = self.company.smart_errands_action_id
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)]))
        self.assertEqual(
            self.env["smart.email"].search([]).mapped("state"), ["to_mail", "to_mail", "mailed"]
        )

    def test_who_waits_for_one_e_mail_is_shown_how_it_ended(self):
        invoice = self.confirm()
        shown = []

        def showing(partner, kind, message):
            shown.append((partner, kind, message["type"], message["message"]))

        with patch.object(type(self.env["res.partner"]), "_bus_send", showing):
            self.send(invoice)
            self.simulator.fault("drop_after", path="/email")
            self.send(invoice)
        self.assertEqual(
            [(partner, kind, type_) for partner, kind, type_, _message in shown],
            [
                (self.env.user.partner_id, "account_notification", "success"),
                (self.env.user.partner_id, "account_notification", "warning"),
            ],
        )
        self.assertIn("SMART has e-mailed it to", shown[0][-1])
        self.assertIn("may have been sent", shown[1][-1])

    def test_a_customer_without_an_address_has_its_own_words(self):
        invoice = self.confirm()
        # The wizard lets no such request pass; this one reaches the service all the same.
        email = self.env["smart.email"]._ask({invoice.smart_document_id: [""] * 4})
        self.commit()
        self.assertEqual(email.state, "not_mailed")
        self.assertIn("El cliente no tiene CORREO", email.message)
        self.assertIn("the customer has no e-mail address. Enter one", email.message)

    def test_a_refused_token_ends_the_others_without_asking_for_each(self):
        moves = self.confirm(*[self.make_invoice() for _n in range(3)])
        self.send_in_background()
        self.simulator.reset()
        self.simulator.mint("J-30984512-8")
        self.wizard(moves).action_send()
        self.commit()
        self.mail_in_background()
        emails = self.env["smart.email"].search([])
        self.assertEqual(emails.mapped("state"), ["not_mailed"] * 3)
        self.assertIn("enter a valid SMART token", emails[0].message)
        self.assertEqual(len(self.calls()), 1)

    def test_a_sender_that_died_leaves_it_as_maybe_sent(self):
        invoice = self.confirm()
        email = self.env["smart.email"]._ask({invoice.smart_document_id: ["a@b.com"]})
        email.sudo()._engine_write({"state": "mailing", "sent_at": "2026-01-01 10:00:00"})
        self.mail_in_background()
        self.assertEqual(email.state, "perhaps_mailed")
        exchange = self.env["smart.exchange"].search([("operation", "=", "email")])
        self.assertEqual((exchange.outcome, exchange.reason), ("unknown", "interrupted"))
        self.assertFalse(self.calls())

    def test_who_only_reads_cannot_e_mail(self):
        invoice = self.confirm()
        wizard = self.wizard(invoice)
        reader = self.new_user("smart_reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            invoice.with_user(reader).action_smart_email()
        with self.assertRaises(AccessError):
            wizard.with_user(reader).action_send()
        with self.assertRaises(AccessError):
            self.env["smart.email"].with_user(reader).create(
                {"document_id": invoice.smart_document_id.id, "addresses": "a@b.com"}
            )

    def test_odoos_send_and_print_offers_it(self):
        self.customer.invoice_sending_method = "l10n_ve_edi_smart"
        invoice = self.confirm()
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        self.assertIn("l10n_ve_edi_smart", wizard.sending_methods)
        self.assertNotIn("smart_email", wizard.alerts or {})
        wizard.action_send_and_print()
        self.commit()
        self.assertEqual(self.mailed(), [["compras@latrinidad.example.com"]])

    def test_odoos_send_and_print_has_it_done_once_the_document_is_issued(self):
        self.customer.invoice_sending_method = "l10n_ve_edi_smart"
        self.simulator.fault("refuse", seconds=600)
        invoice = self.confirm()
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        self.assertIn("l10n_ve_edi_smart", wizard.sending_methods)
        self.assertNotIn("smart_email", wizard.alerts)
        wizard.action_send_and_print()
        self.commit()
        self.assertFalse(self.calls())
        self.simulator.control("DELETE", "/faults")
        invoice.action_smart_send()
        self.commit()
        self.do_errands()
        self.env.ref("account.ir_cron_account_move_send").sudo().method_direct_trigger()
        self.mail_in_background()
        self.assertEqual(self.mailed(), [["compras@latrinidad.example.com"]])

    def test_odoos_send_and_print_says_when_smart_cannot(self):
        self.customer.invoice_sending_method = "l10n_ve_edi_smart"
        invoice = self.confirm()
        self.customer.email = False
        wizard = self.env["account.move.send.wizard"].create({"move_id": invoice.id})
        # Not applicable, so not proposed; somebody ticks it all the same.
        wizard.sending_method_checkboxes = {"l10n_ve_edi_smart": {"checked": True}}
        self.assertIn("no e-mail address", wizard.alerts["smart_email"]["message"])
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            wizard.action_send_and_print()
        self.assertFalse(self.calls())
