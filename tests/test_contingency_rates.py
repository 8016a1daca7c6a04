"""Numbered paper in foreign currency: the rate is that of its day, as on what SMART issues."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..models.contingency.account_move_sheets import SheetError
from .contingency_common import ContingencyCommon
from .rates_common import TOMORROW, WEDNESDAY, YESTERDAY, RatesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestContingencyRates(RatesCommon, ContingencyCommon):
    def dollars_on_paper(self, **values):
        return self.make_paper(**{"currency_id": self.usd.id, **values})

    def refuse(self, move, words):
        with self.assertRaisesRegex(SheetError, words), self.env.cr.savepoint():
            self.put(move)
        self.env.invalidate_all()
        self.assertEqual(set(move.mapped("state")), {"draft"})
        self.assertFalse(move.smart_sheet_id)

    def test_a_draft_says_which_rate_of_which_day_it_has(self):
        self.enter(_0310=42.25)
        draft = self.dollars_on_paper()
        self.assertEqual(draft.smart_rate_words, "1 USD = Bs. 42.2500, of 03/10/2027")
        self.assertNotIn("smart_rate", draft.alerts)
        self.assertAlmostEqual(self.put(draft).smart_sheet_id.amount_total_signed, 116 * 42.25)

    def test_a_rate_that_is_not_of_today_is_a_warning(self):
        self.enter(_0309=41.5)
        draft = self.dollars_on_paper()
        self.assertEqual(draft.alerts["smart_rate"]["level"], "warning")
        self.assertIn("of 03/09/2027, the day before", draft.alerts["smart_rate"]["message"])
        self.assertEqual(self.put(draft).state, "posted")

    def test_it_is_refused_where_the_company_wants_that_of_the_day(self):
        self.company.smart_requires_rate = True
        self.enter(_0309=41.5)
        draft = self.dollars_on_paper()
        self.assertEqual(draft.alerts["smart_rate"]["level"], "danger")
        self.refuse(draft, "the day before the document.*again")
        self.refuse(self.dollars_on_paper(invoice_date=False), "the day before the document")
        self.refuse(self.make_paper() + draft, "the day before the document")
        self.enter(_0310=42.25)
        self.refuse(draft, "there is one of 03/10/2027")
        draft.refresh_invoice_currency_rate()
        self.assertAlmostEqual(self.put(draft).smart_sheet_id.amount_total_signed, 116 * 42.25)

    def test_nobody_is_asked_and_it_waits(self):
        self.company.smart_requires_rate = True
        self.enter(_0309=41.5)
        draft = self.dollars_on_paper(smart_sheet_control="1")
        draft.with_user(self.env.ref("base.user_root")).sudo().action_post()
        self.assertEqual(draft.state, "draft")
        self.assertIn("the day before the document", draft.activity_ids.note)

    def test_the_day_is_that_on_the_paper(self):
        self.company.smart_requires_rate = True
        self.enter(_0309=41.5, _0310=42.25)
        late = self.put(self.dollars_on_paper(invoice_date=YESTERDAY))
        self.assertAlmostEqual(late.smart_sheet_id.amount_total_signed, 116 * 41.5)
        before = YESTERDAY - timedelta(days=1)
        self.refuse(self.dollars_on_paper(invoice_date=before), "no exchange rate on or before")
        self.refuse(self.dollars_on_paper(invoice_date=TOMORROW), "future")
        with freeze_time("2027-03-13 16:00:00"):
            self.usd.sudo().rate_ids.filtered(lambda rate: rate.name == WEDNESDAY).name = (
                "2027-03-12"
            )
            self.assertEqual(self.put(self.dollars_on_paper()).state, "posted")

    def test_what_a_person_typed_and_what_is_in_bolivares_stands(self):
        self.company.smart_requires_rate = True
        self.enter(_0309=41.5)
        typed = self.dollars_on_paper()
        typed.invoice_currency_rate = 1 / 50
        self.assertNotIn("smart_rate", typed.alerts)
        self.assertEqual(typed.smart_rate_words, "1 USD = Bs. 50.0000, entered by hand")
        self.assertAlmostEqual(self.put(typed).smart_sheet_id.amount_total_signed, 116 * 50)
        own = self.make_paper()
        self.assertNotIn("smart_rate", own.alerts)
        self.assertFalse(own.smart_rate_words)
        self.assertEqual(self.put(own).state, "posted")

    def test_a_currency_that_smart_does_not_know_has_its_rate_all_the_same(self):
        self.company.smart_requires_rate = True
        pesos = self.env.ref("base.COP")
        pesos.sudo().active = True
        rate = self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": pesos.id,
                "company_id": self.company.id,
                "name": YESTERDAY,
                "inverse_company_rate": 0.01,
            }
        )  # fmt: skip
        draft = self.dollars_on_paper(currency_id=pesos.id)
        self.refuse(draft, "The last exchange rate of COP is of 03/09/2027")
        rate.name = WEDNESDAY
        self.assertEqual(self.put(draft).state, "posted")

    def test_books_in_dollars_need_the_rate_of_the_bolivar(self):
        self.company.currency_id = self.usd
        self.company.smart_requires_rate = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": self.bolivar.id,
                "company_id": self.company.id,
                "name": YESTERDAY,
                "company_rate": 42.0,
            }
        )
        for currency in (self.usd, self.bolivar):
            draft = self.make_paper(currency_id=currency.id)
            self.refuse(draft, "The last exchange rate of VES is of 03/09/2027")

    def test_a_note_at_the_rate_of_its_document_is_neither_old_nor_typed(self):
        self.company.smart_requires_rate = True
        with freeze_time("2027-03-09 16:00:00"):
            self.enter(_0309=41.5)
            invoice = self.put(self.dollars_on_paper())
        self.enter(_0310=42.25)
        note = invoice._reverse_moves([{"invoice_date": WEDNESDAY, "smart_note_reason": "Error"}])
        note.action_smart_use_origin_rate()
        self.assertNotIn("smart_rate", note.alerts)
        self.assertEqual(self.put(note).invoice_currency_rate, invoice.invoice_currency_rate)

    def test_many_take_as_many_queries_as_few_to_check_their_rates(self):
        self.enter(_0310=42.25)
        self.assert_planned_in_as_many_queries(self.dollars_on_paper)
