"""Guides that are not invoiced: a list, an activity in time, a word when a period is closed."""

from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from .invoicing_common import InvoicingCommon

ACTIVITY = "l10n_ve_edi_smart_stock.mail_activity_type_to_invoice"
OPEN = [("smart_invoicing", "in", ["to_invoice", "partly"])]


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestGuidesToInvoice(InvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.responsible = cls.new_user("responsible_of_guides", "account.group_account_manager")
        cls.company.smart_responsible_id = cls.responsible

    def deliver_on(self, day, **values):
        """Return a guide of this day."""
        guide = self.deliver(self.make_picking(**values))
        guide.smart_document_id.sudo()._engine_write(
            {"issued_at": datetime.combine(day, datetime.min.time()).replace(hour=15)}
        )
        self.env.flush_all()
        return guide

    def run_action(self, day):
        action = self.env.ref("l10n_ve_edi_smart_stock.ir_cron_smart_to_invoice")
        with freeze_time(datetime.combine(day, datetime.min.time()).replace(hour=12)):
            action.method_direct_trigger()
        self.env.invalidate_all()

    def activities(self, guide):
        return guide.activity_search([ACTIVITY])

    def notifications(self):
        """Return what is on its way to the user's screen."""
        self.env.cr.precommit.run()
        return [
            one.message
            for one in self.env["bus.bus"].sudo().search([])
            if "Guides that are not invoiced" in one.message
        ]

    # -- the list ---------------------------------------------------------------------------

    def test_the_list_has_what_is_sold_and_not_wholly_invoiced(self):
        sold, partly, whole, back = (self.deliver() for _number in range(4))
        exported = self.deliver(self.make_picking(smart_transfer_reason="export"))
        self.deliver(self.make_picking(smart_transfer_reason="sample"))
        self.deliver(self.make_transfer())
        self.confirm(self.invoice_by_hand(partly, 1))
        self.confirm(self.invoice_by_hand(whole, 2))
        self.take_back(back, 2)
        Picking = self.env["stock.picking"].with_context(active_test=False)
        mine = [("company_id", "=", self.company.id)]
        self.assertEqual(Picking.search(OPEN + mine), (sold + partly + exported).sorted())
        self.assertEqual(Picking.search([("smart_invoicing", "=", "partly")] + mine), partly)
        self.assertEqual(Picking.search([("smart_invoicing", "=", "returned")] + mine), back)
        self.assertEqual(
            len(Picking.search([("smart_invoicing", "=", False)] + mine)),
            Picking.search_count(mine) - 5,
        )
        self.assertNotIn(sold, Picking.search([("smart_invoicing", "!=", "to_invoice")] + mine))

    def test_what_is_not_issued_is_not_in_the_list(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        picking = self.make_picking()
        picking.button_validate()
        self.commit()
        self.assertEqual(picking.smart_state, "queued")
        self.assertEqual(self.status(picking), [False])

    def test_the_list_opens_for_whoever_moves_goods_and_whoever_invoices(self):
        guide = self.deliver()
        for login, group in (
            ("list_worker", "stock.group_stock_user"),
            ("list_clerk", "account.group_account_invoice"),
            ("list_reader", "account.group_account_readonly"),
        ):
            user = self.new_user(login, group)
            action = self.env.ref("l10n_ve_edi_smart_stock.action_guides_to_invoice")
            Picking = self.env["stock.picking"].with_user(user)
            views = Picking.get_views([(action.view_id.id, "list"), (False, "search")])
            arch = views["views"]["list"]["arch"]
            shown = [
                name
                for name in views["models"]["stock.picking"]["fields"]
                if f'<field name="{name}"' in arch
            ]
            self.assertIn("smart_control_number", shown)
            with self.subTest(login):
                found = Picking.web_search_read(OPEN, {name: {} for name in shown})
                self.assertEqual([one["id"] for one in found["records"]], guide.ids)

    # -- the activity -----------------------------------------------------------------------

    def test_the_responsible_person_hears_on_the_last_three_days_of_the_month(self):
        guide = self.deliver_on(date(2025, 4, 10))
        self.run_action(date(2025, 4, 27))
        self.assertFalse(self.activities(guide))
        self.run_action(date(2025, 4, 28))
        activity = self.activities(guide)
        self.assertEqual(activity.user_id, self.responsible)
        self.assertEqual(activity.date_deadline, date(2025, 4, 30))
        self.run_action(date(2025, 4, 29))
        self.assertEqual(self.activities(guide), activity)

    def test_a_guide_of_an_earlier_month_is_told_on_any_day(self):
        guide = self.deliver_on(date(2025, 4, 30))
        self.run_action(date(2025, 5, 2))
        self.assertEqual(self.activities(guide).date_deadline, date(2025, 4, 30))

    def test_confirming_the_invoice_closes_the_activity(self):
        guide = self.deliver_on(date(2025, 4, 10))
        self.run_action(date(2025, 4, 30))
        self.confirm(self.invoice_by_hand(guide, 1))
        self.assertTrue(self.activities(guide))
        self.confirm(self.invoice_by_hand(guide, 1))
        self.assertFalse(self.activities(guide))

    def test_the_daily_action_closes_what_came_back(self):
        guide = self.deliver_on(date(2025, 4, 10))
        self.run_action(date(2025, 4, 30))
        self.take_back(guide, 2)
        self.run_action(date(2025, 5, 1))
        self.assertFalse(self.activities(guide))

    def test_an_invoice_that_is_taken_back_brings_the_activity_back(self):
        guide = self.deliver_on(date(2025, 4, 10))
        self.move_service(smart_base_url="http://127.0.0.1:9")
        invoice = self.confirm(self.invoice_by_hand(guide, 2))
        self.run_action(date(2025, 5, 1))
        self.assertFalse(self.activities(guide))
        invoice.button_draft()
        self.run_action(date(2025, 5, 2))
        self.assertTrue(self.activities(guide))

    # -- closing a period -------------------------------------------------------------------

    def test_whoever_closes_a_period_hears_of_its_guides(self):
        guide = self.deliver_on(date(2025, 4, 10))
        later = self.deliver_on(date(2025, 5, 10))
        for name in ("tax_lock_date", "sale_lock_date", "fiscalyear_lock_date", "hard_lock_date"):
            with self.subTest(name), self.env.cr.savepoint(flush=True) as savepoint:
                self.company.write({name: "2025-04-30"})
                self.assertEqual(self.company[name], date(2025, 4, 30))
                self.assertTrue(self.activities(guide))
                self.assertFalse(self.activities(later))
                [message] = self.notifications()
                self.assertIn(guide.smart_control_number, message)
                self.assertNotIn(later.smart_control_number, message)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_period_without_such_guides_is_closed_in_silence(self):
        guide = self.deliver_on(date(2025, 4, 10))
        self.company.purchase_lock_date = "2025-04-30"
        self.company.tax_lock_date = "2025-03-31"
        self.confirm(self.invoice_by_hand(guide, 2))
        self.company.tax_lock_date = "2025-04-30"
        self.company.tax_lock_date = False
        self.assertFalse(self.notifications())
        self.assertFalse(self.activities(guide))

    def test_the_guides_of_branches_count(self):
        guide = self.deliver_on(date(2025, 4, 10))
        branch = self.env["res.company"].create({"name": "Oriente", "parent_id": self.company.id})
        # By SQL, for no goods of a branch are at hand here; nothing else of it matters.
        self.env.cr.execute(
            "UPDATE stock_picking SET company_id = %s WHERE id = %s", [branch.id, guide.id]
        )
        self.env.invalidate_all()
        self.company.tax_lock_date = "2025-04-30"
        self.assertTrue(self.activities(guide))

    def test_a_branch_that_closes_its_period_is_not_told_of_its_company(self):
        guide = self.deliver_on(date(2025, 4, 10))
        branch = self.env["res.company"].create({"name": "Oriente", "parent_id": self.company.id})
        branch.tax_lock_date = "2025-04-30"
        self.assertFalse(self.activities(guide))
