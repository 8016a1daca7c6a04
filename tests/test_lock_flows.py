"""What goes on with an issued document, as if nothing were locked: Odoo's own ways to work."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SmartCommon


class FlowCase(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.new_user("smart_clerk", "account.group_account_invoice")

    def issued(self, *lines, **values):
        """Return an issued invoice, as the clerk sees it."""
        invoice = self.confirm(self.make_invoice(*lines, **values))
        self.assertEqual(invoice.smart_state, "issued", invoice.smart_last_error)
        return invoice.with_user(self.clerk)

    def pay(self, invoice, **values):
        """Register a payment through Odoo's wizard."""
        register = self.env["account.payment.register"].with_user(self.clerk)
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        return register.with_context(**context).create(values)._create_payments()

    def term_lines(self, invoice):
        return invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPayingWhatIsIssued(FlowCase):
    def test_it_is_paid_in_parts_and_set_free_again(self):
        invoice = self.issued()
        self.pay(invoice, amount=16.0)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("partial", 100.0))
        self.pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        term = self.term_lines(invoice)
        self.assertTrue(term.full_reconcile_id)
        self.assertTrue(term.matching_number)
        for partial in term.matched_credit_ids:
            invoice.js_remove_outstanding_partial(partial.id)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 116.0))
        self.assertFalse(term.matching_number)
        payments = self.env["account.move.line"].search(
            [("account_id", "=", term.account_id.id), ("move_id", "!=", invoice.id)]
        )
        for line in payments:
            invoice.js_assign_outstanding_line(line.id)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_payment_at_another_rate_makes_a_difference_of_exchange(self):
        today = self.env["account.move"]._smart_today()
        invoice = self.issued(currency_id=self.usd.id)
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": today + timedelta(days=1),
                "inverse_company_rate": 50.0,
            }
        )
        self.pay(invoice, payment_date=today + timedelta(days=1))
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        term = self.term_lines(invoice)
        self.assertTrue(term.matched_credit_ids.exchange_move_id)
        self.assertEqual((term.reconciled, term.amount_residual), (True, 0.0))
        term.remove_move_reconcile()
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_it_is_due_later_and_its_journal_item_with_it(self):
        for currency in (self.bolivar, self.usd):
            invoice = self.issued(currency_id=currency.id)
            items = invoice.line_ids.ids
            invoice.invoice_date_due = "2035-02-03"
            term = self.term_lines(invoice)
            self.assertEqual(str(term.date_maturity), "2035-02-03")
            self.assertEqual(invoice.line_ids.ids, items)
            term.date_maturity = "2036-02-03"

    def test_it_is_due_in_instalments_that_can_be_moved(self):
        values = [
            {"value": "percent", "value_amount": 30},
            {
                "value": "percent",
                "value_amount": 70,
                "delay_type": "days_after_end_of_next_month",
                "nb_days": 0,
            },
        ]
        terms = self.env["account.payment.term"].create(
            {"name": "30 % now", "line_ids": list(map(Command.create, values))}
        )
        invoice = self.issued(invoice_payment_term_id=terms.id)
        first, second = self.term_lines(invoice).sorted("date_maturity")
        second.date_maturity = "2035-02-03"
        invoice.invoice_date_due = "2035-02-03"
        self.assertEqual(self.term_lines(invoice), first + second)
        with self.assertRaisesRegex(UserError, "Not changed: Payment Terms"):
            invoice.with_context(skip_readonly_check=True).invoice_payment_term_id = False

    def test_the_label_of_what_is_due_follows_the_references_and_no_other_label(self):
        invoice = self.issued()
        sold = (invoice.line_ids - self.term_lines(invoice)).mapped("name")
        invoice.write({"ref": "OC-77", "payment_reference": "PAGO-77"})
        self.assertEqual(self.term_lines(invoice).name, "OC-77 - PAGO-77")
        self.assertEqual((invoice.line_ids - self.term_lines(invoice)).mapped("name"), sold)
        self.assertEqual(set(invoice.line_ids.mapped("ref")), {"OC-77"})

    def test_its_payment_is_blocked_and_allowed_again(self):
        invoice = self.issued()
        invoice.action_toggle_block_payment()
        self.assertEqual(invoice.payment_state, "blocked")
        invoice.action_toggle_block_payment()
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_a_closed_period_hinders_paying_as_little_as_without_smart(self):
        invoice = self.issued()
        self.company.sudo().fiscalyear_lock_date = invoice.date
        invoice.write({"invoice_date_due": "2035-02-03", "ref": "OC-77"})
        self.pay(invoice, payment_date=invoice.date + timedelta(days=1))
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_a_credit_note_by_the_wizard_settles_it(self):
        invoice = self.issued()
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.clerk)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )
        reversal = wizard.create({"journal_id": invoice.journal_id.id, "reason": "Devolución"})
        reversal.refund_moves()
        note = reversal.new_move_ids
        self.confirm(note)
        self.assertEqual(note.smart_state, "issued", note.smart_last_error)
        if not invoice.currency_id.is_zero(invoice.amount_residual):
            invoice.js_assign_outstanding_line(self.term_lines(note).id)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("reversed", 0.0))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWorkingWithWhatIsIssued(FlowCase):
    def test_it_is_printed_and_sent_one_by_one_and_in_the_background(self):
        invoice = self.issued()
        Wizard = self.env["account.move.send.wizard"].with_user(self.clerk)
        Wizard.with_context(active_model="account.move", active_ids=invoice.ids).create(
            {"move_id": invoice.id}
        ).action_send_and_print()
        self.assertTrue(invoice.is_move_sent)
        self.assertTrue(invoice.invoice_pdf_report_id)
        self.assertEqual(invoice.message_main_attachment_id, invoice.invoice_pdf_report_id)
        many = self.issued() + self.issued()
        self.env["account.move.send.batch.wizard"].with_user(self.clerk).create(
            {"move_ids": many.ids}
        ).action_send_and_print()
        self.assertTrue(all(many.mapped("is_being_sent")))
        self.env.ref("account.ir_cron_account_move_send").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(many.mapped("is_move_sent"), [True, True])
        self.assertFalse(any(many.mapped("is_being_sent")))
        self.assertTrue(invoice._portal_ensure_token())

    def test_it_is_secured_by_a_hash_when_somebody_asks_for_it(self):
        invoice = self.issued()
        invoice.with_user(self.env.user).button_hash()
        self.assertTrue(invoice.inalterable_hash)
        self.pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_it_is_secured_by_a_hash_when_it_is_confirmed(self):
        self.company_data["default_journal_sale"].restrict_mode_hash_table = True
        self.assertTrue(self.issued().inalterable_hash)

    def test_people_write_follow_plan_and_attach(self):
        invoice = self.issued()
        message = invoice.message_post(body="Llamar al cliente", attachments=[("a.txt", b"a")])
        self.assertEqual(message.attachment_ids.res_id, invoice.id)
        invoice.message_subscribe(partner_ids=self.customer.ids)
        activity = invoice.activity_schedule("mail.mail_activity_data_todo", summary="Cobrar")
        activity.action_feedback("Hecho")
        invoice.write({"invoice_user_id": self.clerk.id, "narration": "Gracias"})
        invoice.set_moves_checked(False)
        invoice.invoice_line_ids.analytic_distribution = {}
        self.assertIn(self.customer, invoice.message_partner_ids)

    def test_odoo_notes_a_gap_before_it(self):
        self.simulator.fault("unauthorized")
        withdrawn = self.confirm()
        withdrawn.button_draft()
        self.env["smart.lane"].sudo().search([])._resume()
        later = self.issued()
        self.assertEqual(later.sequence_number, withdrawn.sequence_number + 1)
        self.assertFalse(later.made_sequence_gap)
        withdrawn.with_user(self.clerk).name = "/"
        self.assertTrue(later.made_sequence_gap)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWhatOthersWrite(FlowCase):
    def test_other_addons_fill_in_their_fields_while_they_confirm_and_not_later(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.assertEqual(invoice.smart_state, "queued")
        invoice.write({"access_token": "of another addon"})  # not of one that is known here
        with self.assertRaisesRegex(UserError, "Not changed: Source Email"):
            invoice.write({"invoice_source_email": "x@example.com"})
        self.commit()
        self.assertEqual(invoice.smart_state, "issued")
        with self.assertRaisesRegex(UserError, "Not changed: Security Token"):
            invoice.write({"access_token": "later"})

    def test_an_addon_frees_a_field_of_its_own(self):
        invoice = self.issued()
        Move = type(invoice)
        free = invoice._smart_free_fields() | {"invoice_source_email"}
        with patch.object(Move, "_smart_free_fields", lambda _self: free):
            invoice.invoice_source_email = "x@example.com"
        self.assertEqual(invoice.invoice_source_email, "x@example.com")

    def test_whoever_may_not_write_it_learns_nothing_of_it(self):
        invoice = self.issued()
        company = self.setup_other_company()["company"]
        stranger = self.new_user("smart_far", "account.group_account_manager", company=company)
        with self.assertRaises(Exception) as caught:
            invoice.with_user(stranger).write({"invoice_source_email": "x@example.com"})
        self.assertNotIn(invoice.smart_control_number, str(caught.exception))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestTaxesOfWhatIsIssued(FlowCase):
    def test_the_chart_is_loaded_again_although_its_taxes_are_used(self):
        self.issued(("general", 100.0), ("reduced", 50.0))
        general, reduced = self.taxes["general"], self.taxes["reduced"]
        label = general.tax_group_id.name
        # As if the chart had brought another rate: Odoo renames the tax that was used.
        self.env.cr.execute("UPDATE account_tax SET amount = 7 WHERE id = %s", reduced.ids)
        self.env.cr.execute(
            "UPDATE account_tax_group SET name = jsonb_build_object('en_US', 'Mine') WHERE id = %s",
            general.tax_group_id.ids,
        )
        self.env.invalidate_all()
        self.env["account.chart.template"].try_loading(
            "ve", company=self.company, install_demo=False
        )
        self.assertEqual(general.tax_group_id.with_context(lang="en_US").name, "Mine", label)
        self.assertIn("[old", reduced.name)

    def test_taxes_that_no_document_has_are_free(self):
        self.issued(("general", 100.0))
        tax = self.taxes["luxury"].copy({"name": "Otro", "smart_tax_kind": False})
        tax.write({"amount": 5.0, "invoice_label": "5 %"})
        self.assertEqual(len(tax.repartition_line_ids), 4)
        tax.write(
            {
                "repartition_line_ids": [
                    Command.create(
                        {"document_type": one, "repartition_type": "tax", "factor_percent": 0.0}
                    )
                    for one in ("invoice", "refund")
                ]
            }
        )
        self.assertEqual(len(tax.repartition_line_ids), 6)
        tax.unlink()

    def test_a_tax_of_a_group_is_locked_by_the_documents_of_the_group(self):
        child = self.taxes["general"].copy({"name": "Parte", "amount": 16.0})
        group = self.env["account.tax"].create(
            {
                "name": "Grupo",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(child.ids)],
                "country_id": self.env.ref("base.ve").id,
            }
        )
        self.assertEqual(group.smart_tax_kind, "general")
        self.taxes["group"] = group
        self.addCleanup(self.taxes.pop, "group")
        self.issued(("group", 100.0))
        group.active = False
        line = child.invoice_repartition_line_ids.filtered(lambda one: one.factor_percent)[-1:]
        for attempt in (
            lambda: child.write({"amount": 15.0}),
            lambda: line.write({"factor_percent": 50.0}),
            lambda: group.write({"children_tax_ids": [Command.clear()]}),
        ):
            with self.assertRaisesRegex(UserError, "stays as it is. Make a new tax"):
                attempt()
