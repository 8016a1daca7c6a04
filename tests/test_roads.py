"""Roads on which nobody stands before the document: nothing else is broken by the pre-flight."""

from datetime import date, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.conversion.problem import SmartPreflightError
from ..models.invoice import account_move_deferred
from ..models.invoice.account_move_deferred import DEFERRED
from .bad_inputs import customer, invoice
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRoads(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.new_user("roads_person", "account.group_account_invoice")
        cls.responsible = cls.new_user("roads_responsible", "account.group_account_manager")
        cls.company.smart_responsible_id = cls.responsible

    def activities(self, moves):
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", moves.ids),
                    ("activity_type_id", "=", self.env.ref(DEFERRED).id),
                ]
            )
        )

    def bad(self, **values):
        draft = customer(self, phone=False)
        draft.write(values)
        return draft

    # -- nobody is asked -------------------------------------------------------------------

    def test_a_customer_who_pays_leaves_a_draft_with_every_problem_listed(self):
        draft = self.bad()
        draft.partner_id.email = False
        public = self.env.ref("base.public_user")
        draft.with_user(public).sudo().action_post()
        self.assertEqual(draft.state, "draft")
        self.assertFalse(draft.smart_document_id)
        [activity] = self.activities(draft)
        self.assertEqual(activity.user_id, self.responsible)
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertEqual(len(checked.errors), 2)
        for problem in checked.errors:
            for word in (problem.record.name, problem.what, problem.cure):
                self.assertIn(word, activity.note)
        self.assertIn(f'data-oe-id="{draft.partner_id.id}"', activity.note)

    def test_the_next_attempt_renews_the_activity_and_confirming_closes_it(self):
        draft = self.bad()
        draft.partner_id.email = False
        draft.sudo().action_post()
        [activity] = self.activities(draft)
        before = activity.note
        draft.partner_id.email = "a@example.com"
        draft.sudo().action_post()
        self.assertEqual(self.activities(draft), activity)
        self.assertNotEqual(activity.note, before)
        draft.partner_id.phone = "+58 212-2376655"
        self.assertEqual(self.confirm(draft.with_user(self.person)).smart_state, "issued")
        self.assertFalse(self.activities(draft))
        self.assertIn("Confirmed.", str(draft.message_ids.mapped("body")))

    def test_cancelling_the_draft_closes_the_activity_too(self):
        draft = self.bad()
        draft.sudo().action_post()
        draft.button_cancel()
        self.assertFalse(self.activities(draft))

    def test_the_good_ones_of_a_batch_go(self):
        bad, good, other = self.bad(), invoice(self), self.bad()
        (bad + good + other).sudo().action_post()
        self.commit()
        self.assertEqual((bad + good + other).mapped("state"), ["draft", "posted", "draft"])
        self.assertEqual(good.smart_state, "issued")
        self.assertEqual(len(self.activities(bad)), 1)
        self.assertEqual(len(self.activities(other)), 1)
        self.assertFalse(self.activities(good))

    def test_what_shows_only_once_it_is_confirmed_stays_a_draft_as_well(self):
        late, good = invoice(self), invoice(self)
        payload = type(self.env["smart.payload"])
        check = payload._check

        def finds_more(self, owners):
            found = check(self, owners)
            for conversion in found:
                if conversion.owner == late and conversion.owner.state == "posted":
                    conversion.problem(late, "name", "The number is odd.", "Change it.")
            return found

        with patch.object(payload, "_check", finds_more):
            (late + good).sudo().action_post()
        self.assertEqual((late.state, good.state), ("draft", "posted"))
        self.assertIn("The number is odd.", self.activities(late).note)

    def test_the_activity_speaks_the_language_of_who_gets_it(self):
        self.env["res.lang"]._activate_lang("es_VE")
        self.env["ir.module.module"].search(
            [("name", "=", "l10n_ve_edi_smart")]
        )._update_translations(["es_VE"])
        self.responsible.lang = "es_VE"
        draft = self.bad()
        draft.sudo().action_post()
        self.assertIn("Falta el número de teléfono", self.activities(draft).note)

    def test_a_scheduled_action_or_a_job_asks_nobody_whoever_runs_it(self):
        for key in ("cron_id", "job_uuid"):
            with self.subTest(key):
                draft = self.bad()
                draft.with_user(self.person).with_context(**{key: 1}).action_post()
                self.assertEqual(draft.state, "draft")
                self.assertEqual(len(self.activities(draft)), 1)

    def test_who_may_not_confirm_is_refused_and_nobody_is_told(self):
        draft = self.bad()
        reader = self.new_user("roads_reader", "account.group_account_readonly")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            draft.with_user(reader).with_context(cron_id=1).action_post()
        self.assertFalse(self.activities(draft))

    def test_recurring_entries_are_told_once_and_the_others_go(self):
        values = {"auto_post": "at_date", "invoice_date": self.env["account.move"]._smart_today()}
        good = [invoice(self, **values) for _n in range(3)]
        bad = [self.bad(**values) for _n in range(2)]
        moves = self.env["account.move"].union(*good, *bad)
        messages = len(self.env["account.move"].union(*bad).message_ids)
        cron = self.env["account.move"].with_user(self.env.ref("base.user_root"))
        progress = type(self.env["ir.cron"])
        with patch.object(progress, "_commit_progress", lambda *args, **kwargs: 100):
            for _day in range(3):
                cron._autopost_draft_entries()
        self.assertEqual(moves.mapped("state"), ["posted"] * 3 + ["draft"] * 2)
        bad = self.env["account.move"].union(*bad)
        self.assertEqual(len(self.activities(bad)), 2)
        self.assertEqual(len(bad.message_ids), messages, "a note for each run")

    def test_a_till_sends_no_draft(self):
        draft = self.bad().sudo()
        draft.action_post()
        draft._generate_and_send()
        self.assertFalse(draft.is_move_sent)

    # -- somebody is asked -----------------------------------------------------------------

    def test_code_that_catches_a_user_error_catches_ours(self):
        draft = self.bad().with_user(self.person)
        with self.assertRaises(UserError) as raised, self.env.cr.savepoint():
            draft.action_post()
        error = raised.exception
        self.assertIn("phone number is missing", str(error))
        self.assertEqual(error.args, (str(error),))
        self.assertEqual(error.context["additional_context"]["active_ids"], draft.ids)

    def test_of_five_that_a_person_confirms_from_the_list_none_is_posted(self):
        moves = self.env["account.move"].union(*(invoice(self) for _n in range(4)), self.bad())
        for confirm in ("action_validate_moves_with_confirmation", "action_post"):
            with (
                self.subTest(confirm),
                self.assertRaises(SmartPreflightError) as raised,
                self.env.cr.savepoint(),
            ):
                getattr(moves.with_user(self.person), confirm)()
            self.assertEqual(set(moves.mapped("state")), {"draft"})
            self.assertEqual(raised.exception.owners, moves[-1])
        self.assertFalse(self.activities(moves))

    def asked(self, path, user=None, **params):
        """Tell whether somebody is asked in such a request."""
        called = SimpleNamespace(
            httprequest=SimpleNamespace(path=path), params=params, env=self.env
        )
        with patch.object(account_move_deferred, "request", called):
            return self.env["account.move"].with_user(user or self.person)._smart_is_asked()

    def test_who_is_asked_is_who_called_a_model_of_the_documents(self):
        button, kw = "/web/dataset/call_button/x", "/web/dataset/call_kw/x"
        for path, params, asked in (
            (button, {"model": "account.move", "method": "action_post"}, True),
            (button, {"model": "validate.account.move", "method": "validate_move"}, True),
            (kw, {"model": "account.journal", "method": "action_post_all_entries"}, True),
            (button, {"model": "account.move.reversal", "method": "modify_moves"}, True),
            ("/json/2/account.move/action_post", {"__model__": "account.move"}, True),
            ("/xmlrpc/2/object", {}, True),
            ("/jsonrpc", {}, True),
            (button, {"model": "account.payment.register", "method": "x"}, False),
            (kw, {"model": "sale.order", "method": "action_confirm"}, False),
            (kw, {"model": "pos.order", "method": "sync_from_ui"}, False),
            ("/json/2/sale.order/action_confirm", {"__model__": "sale.order"}, False),
            ("/payment/status/poll", {}, False),
            ("/queue_job/runjob", {"job_uuid": "1"}, False),
        ):
            with self.subTest(path=path, **params):
                self.assertEqual(self.asked(path, **params), asked)
        for xmlid, asked in (
            ("account.action_validate_account_moves", True),
            ("mail.ir_cron_mail_scheduler_action", False),
        ):
            action = self.env.ref(xmlid)
            if action._name == "ir.cron":
                action = action.ir_actions_server_id
            self.assertEqual(self.asked("/web/action/run", action_id=action.id), asked, xmlid)
        portal = self.env.ref("base.public_user")
        self.assertFalse(self.asked(button, portal, model="account.move"))

    # -- the day of Caracas ----------------------------------------------------------------

    def test_whoever_confirms_dates_it_in_caracas(self):
        evening = "2027-02-01 01:30:00"  # half past nine, on 31 January
        root, public = self.env.ref("base.user_root"), self.env.ref("base.public_user")
        self.person.tz = False
        early = self.new_user("roads_madrid", "account.group_account_invoice", tz="Europe/Madrid")
        for user, superuser in ((root, True), (public, True), (self.person, False), (early, False)):
            with self.subTest(user.id), freeze_time(evening):
                draft = invoice(self, invoice_date=False)
                self.env.flush_all()
                draft.with_user(user).sudo(superuser).action_post()
                self.assertEqual((draft.invoice_date, draft.date), (date(2027, 1, 31),) * 2)

    def test_a_till_that_dates_by_utc_dates_in_caracas_as_well(self):
        with freeze_time("2027-02-01 01:30:00"):
            draft, later = (invoice(self, invoice_date=day) for day in ("2027-02-01", "2027-02-02"))
            (draft + later).sudo()._post()
        self.assertEqual((draft.state, draft.invoice_date), ("posted", date(2027, 1, 31)))
        self.assertEqual((later.state, later.invoice_date), ("draft", date(2027, 2, 2)))
        self.assertEqual(later.auto_post, "at_date")

    def test_what_is_issued_after_midnight_says_where_it_stands(self):
        with freeze_time("2027-02-01 01:30:00"):
            move = invoice(self)
            move.action_post()
            self.assertNotIn("smart_period", move.alerts or {})
        with freeze_time("2027-02-01 04:30:00"):
            self.env.invalidate_all()
            self.assertEqual(move.alerts["smart_period"]["level"], "warning")
            self.assertIn("02/01/2027", move.alerts["smart_period"]["message"])
        document = move.smart_document_id.sudo()
        self.env.cr.postcommit.clear()
        document._engine_write({"state": "issued", "issued_at": "2027-02-01 04:30:00"})
        self.env.invalidate_all()
        self.assertEqual(move.alerts["smart_period"]["level"], "info")
        self.assertEqual(move.invoice_date, date(2027, 1, 31))
        document._engine_write({"issued_at": "2027-02-01 03:30:00"})
        self.env.invalidate_all()
        self.assertNotIn("smart_period", move.alerts or {})

    # -- rates -----------------------------------------------------------------------------

    def forget_rates(self):
        rates = self.env["res.currency.rate"].search(
            [("currency_id", "=", self.usd.id), ("company_id", "=", self.company.id)]
        )
        rates.unlink()

    def warned(self, draft, field):
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertFalse(checked.errors)
        return [one.what for one in checked.problems if one.field == field]

    def test_an_old_rate_is_told_with_its_age(self):
        today = self.env["account.move"]._smart_today()
        for age, told in ((0, False), (2, True), (7, True), (58, True)):
            self.forget_rates()
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.usd.id,
                    "company_id": self.company.id,
                    "name": today - timedelta(days=age),
                    "inverse_company_rate": 300,
                }
            )
            for currency in (self.bolivar, self.usd):
                with self.subTest(age=age, currency=currency.name):
                    draft = invoice(self, currency_id=currency.id)
                    found = self.warned(draft, "rate_ids")
                    self.assertEqual(len(found), int(told))
                    self.assertTrue(not told or f"{age} days" in found[0])
        draft.invoice_currency_rate = 1 / 310
        self.assertFalse(self.warned(draft, "rate_ids"), "somebody entered that one")

    def test_a_company_that_sells_in_bolivares_alone_needs_no_rate_of_the_dollar(self):
        self.forget_rates()
        draft = invoice(self)
        self.assertIn("USD has no exchange rate", self.warned(draft, "rate_ids")[0])
        self.assertEqual(self.confirm(draft).smart_state, "issued")
        with self.assertRaisesRegex(SmartPreflightError, "USD has no exchange rate on or before"):
            self.confirm(invoice(self, currency_id=self.usd.id))

    # -- receipts, copies, discounts -------------------------------------------------------

    def test_a_draft_of_a_journal_that_does_not_issue_says_so(self):
        invoice = self.make_invoice()
        self.assertNotIn("smart_journal", invoice._get_alerts())
        invoice.journal_id.smart_enabled = False
        self.assertIn("no fiscal document", invoice._get_alerts()["smart_journal"]["message"])

    def test_a_sales_receipt_is_no_way_round(self):
        receipt = invoice(self, move_type="out_receipt")
        with (
            self.assertRaisesRegex(SmartPreflightError, "not a fiscal document"),
            self.env.cr.savepoint(),
        ):
            receipt.with_user(self.person).action_post()
        receipt.sudo().action_post()
        self.assertEqual(receipt.state, "draft")
        self.assertEqual(len(self.activities(receipt)), 1)
        receipt.journal_id = receipt.journal_id.copy({"smart_enabled": False, "code": "REC"})
        receipt.with_user(self.person).action_post()
        self.assertEqual(receipt.state, "posted")

    def test_a_copy_and_a_recurring_entry_have_no_igtf_but_a_reversal_has(self):
        self.company.smart_collects_igtf = True
        move = self.make_invoice(("general", 100.0), currency_id=self.usd.id, auto_post="monthly")
        self.env["smart.igtf"].create({"move_id": move.id}).action_apply()
        self.confirm(move)
        self.assertEqual(move.amount_total, 119.48)
        recurring = self.env["account.move"].search([("auto_post_origin_id", "=", move.id)]) - move
        for copy in (recurring, move.copy()):
            self.assertEqual((copy.amount_total, copy.smart_igtf_base), (116, 0))
            self.assertEqual(len(copy.invoice_line_ids), 1)
        self.assertEqual(move._reverse_moves().amount_total, 119.48)

    def test_a_discount_that_lowers_the_vat_in_the_books_is_told(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2/10",
                "early_discount": True,
                "early_pay_discount_computation": "included",
            }
        )
        draft = invoice(self, invoice_payment_term_id=term.id)
        self.assertIn("2/10", self.warned(draft, "invoice_payment_term_id")[0])
        term.early_pay_discount_computation = "excluded"
        self.assertFalse(self.warned(draft, "invoice_payment_term_id"))
