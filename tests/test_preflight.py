"""Check for SMART: all problems of all selected drafts, before anything is confirmed."""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.conversion.problem import SmartPreflightError
from .bad_inputs import customer, invoice, line, new_tax, taxed
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPreflight(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Old rates are a warning of their own.
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.usd.id,
                    "company_id": cls.company.id,
                    "name": day,
                    "inverse_company_rate": 40.5647,
                }
                for day in ("2026-01-15", cls.env["account.move"]._smart_today())
            ]
        )
        cls.bookkeeper = cls.new_user(
            "preflight_bookkeeper", "account.group_account_invoice,base.group_partner_manager"
        )

    def check(self, moves):
        """Press the button as a bookkeeper; return the wizard that opens."""
        action = moves.with_user(self.bookkeeper).action_smart_check()
        self.assertEqual((action["res_model"], action["target"]), ("smart.preflight", "new"))
        return self.env["smart.preflight"].with_user(self.bookkeeper).browse(action["res_id"])

    def test_all_problems_of_all_selected_drafts_are_listed(self):
        wrong = customer(self, phone=False, email="no tiene")
        other = taxed(self, new_tax(self, amount=9))
        good = invoice(self)
        preflight = self.check(wrong + other + good)
        self.assertEqual((preflight.document_count, preflight.error_count), (3, 3))
        found = [(one.document, one.record_name) for one in preflight.line_ids]
        tax = other.invoice_line_ids.tax_ids
        self.assertEqual(
            found,
            [
                (wrong._smart_headline(), wrong.partner_id.name),
                (wrong._smart_headline(), wrong.partner_id.name),
                (other._smart_headline(), tax.name),
            ],
        )
        for one in preflight.line_ids:
            self.assertTrue(one.what and one.cure and one.field_label)
        self.assertIn("Ferretería El Rosal", preflight.line_ids[0].document)
        self.assertEqual(set((wrong + other + good).mapped("state")), {"draft"})
        self.assertFalse(self.simulator.calls())

    def test_each_problem_opens_the_record_to_mend(self):
        wrong = customer(self, phone=False)
        below = invoice(self, line(self), line(self, -5.0, "reduced"))
        preflight = self.check(wrong + below)
        opened = [one.action_open() for one in preflight.line_ids]
        self.assertEqual(
            [(action["res_model"], action["res_id"]) for action in opened],
            # A line of the document is mended on the document.
            [("res.partner", wrong.partner_id.id), ("account.move", below.id)],
        )
        for action in opened:
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertTrue(record.with_user(self.bookkeeper).has_access("write"))

    def test_who_may_not_mend_a_contact_is_told_whom_to_ask(self):
        cashier = self.new_user("preflight_cashier", "account.group_account_invoice")
        self.company.smart_responsible_id = self.new_user(
            "preflight_boss", "account.group_account_manager,base.group_partner_manager"
        )
        boss = self.company.smart_responsible_id.name
        draft = self.make_invoice(partner_id=self.customer.copy({"phone": "12"}).id)
        for user, names in ((cashier, boss), (self.company.smart_responsible_id, False)):
            mine = draft.with_user(user)
            self.assertEqual(mine.partner_id.has_access("write"), not names)
            action = mine.action_smart_check()
            preflight = self.env["smart.preflight"].with_user(user).browse(action["res_id"])
            line = preflight.line_ids.filtered(lambda line: line.res_model == "res.partner")
            self.assertEqual(preflight.asks_others, bool(names))
            self.assertIn(names or "", line.who or "")
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                mine.action_post()
            self.assertEqual(
                f"You may not change it: ask {boss}" in str(caught.exception), bool(names)
            )

    def test_it_looks_again_after_something_was_mended(self):
        wrong = customer(self, phone=False)
        preflight = self.check(wrong)
        self.assertEqual(preflight.error_count, 1)
        wrong.partner_id.phone = "+58 412-1234567"
        preflight.action_check_again()
        self.assertEqual((preflight.error_count, preflight.line_ids.ids), (0, []))

    def test_what_is_no_draft_is_left_out(self):
        issued, draft = self.confirm(), invoice(self)
        self.assertEqual(self.check(issued + draft)._owners(), draft)
        with self.assertRaisesRegex(UserError, "None of these documents is a draft"):
            self.check(issued)

    def test_the_message_on_confirming_leads_to_the_list(self):
        wrong, good = customer(self, phone=False), invoice(self)
        with self.assertRaises(SmartPreflightError) as raised, self.env.cr.savepoint():
            (wrong + good).action_post()
        shown = raised.exception.context
        server_action = self.env["ir.actions.server"].browse(shown["action_id"])
        opened = server_action.with_context(**shown["additional_context"]).run()
        preflight = self.env["smart.preflight"].browse(opened["res_id"])
        self.assertEqual(preflight._owners(), wrong)
        self.assertEqual(preflight.error_count, 1)

    def test_confirming_from_the_list_of_invoices_leads_there_too(self):
        wrong = customer(self, phone=False)
        wizard = (
            self.env["validate.account.move"]
            .with_context(active_model="account.move", active_ids=wrong.ids)
            .create({})
        )
        with self.assertRaises(SmartPreflightError), self.env.cr.savepoint():
            wizard.validate_move()
        self.assertEqual(wrong.state, "draft")

    def test_who_only_reads_cannot_check(self):
        reader = self.new_user("preflight_reader", "account.group_account_readonly")
        action = self.env.ref("l10n_ve_edi_smart.action_smart_check")
        self.assertNotIn(reader, action.group_ids.all_user_ids)

    # -- the day in Caracas ------------------------------------------------------------------

    def dates_warned(self, draft):
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertFalse(checked.errors)
        return [problem for problem in checked.problems if problem.field == "invoice_date"]

    def test_a_date_other_than_today_in_caracas_is_a_warning(self):
        for now, date, warned in (
            # Midnight in Caracas is four o'clock UTC.
            ("2026-03-10 03:59:59", "2026-03-09", False),
            ("2026-03-10 03:59:59", "2026-03-10", True),
            ("2026-03-10 04:00:00", "2026-03-10", False),
            ("2026-03-10 04:00:00", "2026-03-09", True),
            ("2026-03-11 03:59:59", "2026-03-10", False),
            ("2026-03-10 12:00:00", "2026-02-28", True),
        ):
            with self.subTest(now=now, date=date), freeze_time(now):
                draft = invoice(self, invoice_date=date)
                self.assertEqual(bool(self.dates_warned(draft)), warned)
                alerts = draft.alerts or {}
                self.assertEqual("smart_date" in alerts, warned)

    def test_the_warning_stops_nothing(self):
        draft = invoice(self, invoice_date="2026-01-15")
        preflight = self.check(draft)
        self.assertEqual((preflight.error_count, preflight.warning_count), (0, 1))
        self.assertEqual(preflight.line_ids.severity, "warning")
        self.assertEqual(self.confirm(draft).smart_state, "issued")
