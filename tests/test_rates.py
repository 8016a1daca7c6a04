"""The rate of exchange: which one of which day is used, and what is said about it."""

from freezegun import freeze_time

from odoo.tests import tagged

from .notes_common import NotesCommon
from .rates_common import TOMORROW, WEDNESDAY, YESTERDAY, RatesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRates(RatesCommon):
    def test_the_document_says_which_rate_of_which_day_it_states(self):
        self.enter(_0309=41.5, _0310=42.25)
        for currency in (self.usd, self.bolivar):
            with self.subTest(currency=currency.name):
                move = self.make_invoice(currency_id=currency.id)
                self.assertEqual(move.smart_rate_words, "1 USD = Bs. 42.2500, of 03/10/2027")
                self.assertNotIn("smart_rate", move.alerts or {})
                document = self.confirm(move).smart_document_id
                self.assertEqual(document.exchange_rate_words, move.smart_rate_words)
                self.assertEqual(document.exchange_rate_currency_id, self.usd)
                self.assertEqual(document.exchange_rate_source, "table")
                self.assertEqual(document.exchange_rate_day, WEDNESDAY)
        self.usd.sudo().rate_ids.inverse_company_rate = 50
        self.assertEqual(move.smart_rate_words, "1 USD = Bs. 42.2500, of 03/10/2027")

    def test_it_stays_readable_to_who_may_not_read_fiscal_documents(self):
        self.enter(_0310=42.25)
        move = self.confirm()
        reader = self.new_user("reader", "account.group_account_readonly")
        self.assertIn("42.2500", move.with_user(reader).smart_rate_words)

    def test_the_paper_says_the_day(self):
        self.enter(_0310=42.25)
        for currency, words in (
            (self.usd, "Tasa de cambio: Bs. 42,2500 por USD (del 10/03/2027)"),
            (self.bolivar, "Tasa de cambio: 42,2500 (del 10/03/2027)"),
        ):
            move = self.confirm(self.make_invoice(currency_id=currency.id))
            document = move.smart_document_id
            self.assertIn(words, " ".join(document._paper_remarks(self.sent(document))))

    def sent(self, document):
        found = []
        method = type(document)._paper_remarks
        self.patch(
            type(document),
            "_paper_remarks",
            lambda this, sent: found.append(sent) or method(this, sent),
        )
        document._paper()
        return found[0]

    def test_the_preflight_says_it_for_all_drafts(self):
        self.enter(_0309=41.5, _0310=42.25)
        by_hand = self.dollars()
        by_hand.invoice_currency_rate = 1 / 50
        drafts = self.make_invoice() + self.dollars() + by_hand
        self.assertEqual(
            self.preflight(drafts).rates,
            "1 USD = Bs. 42.2500, of 03/10/2027 (documents: 2)\n"
            "1 USD = Bs. 50.0000, entered by hand (documents: 1)",
        )
        self.assertEqual(self.preflight(drafts[0]).rates, "1 USD = Bs. 42.2500, of 03/10/2027")

    def preflight(self, drafts):
        action = drafts.action_smart_check()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_without_a_rate_of_today_the_age_of_the_last_one_is_a_warning_before_confirming(self):
        self.enter(_0309=41.5)
        for currency in (self.usd, self.bolivar):
            move = self.make_invoice(currency_id=currency.id)
            [(warning, said)] = self.problems(move)
            self.assertTrue(warning)
            self.assertIn("of 03/09/2027, the day before the document", said)
            self.assertEqual(move.alerts["smart_rate"]["level"], "warning")
            self.assertIn("of 03/09/2027", move.alerts["smart_rate"]["message"])
            self.assertEqual(self.confirm(move).smart_state, "issued")
        self.usd.sudo().rate_ids.name = "2027-01-11"
        [(warning, said)] = self.problems(self.dollars())
        self.assertTrue(warning)
        self.assertIn("of 01/11/2027, 58 days before the document", said)

    def test_an_old_rate_is_an_error_where_the_company_wants_it(self):
        self.company.smart_requires_rate = True
        self.enter(_0309=41.5)
        for currency in (self.usd, self.bolivar):
            move = self.make_invoice(currency_id=currency.id)
            self.assertEqual(move.alerts["smart_rate"]["level"], "danger")
            self.assert_refused(move, "the day before the document.*again")
            self.assertEqual(move.state, "draft")
        self.enter(_0310=42.25)
        move = self.confirm(self.dollars())
        self.assertEqual(move.smart_document_id.exchange_rate, 42.25)

    def test_on_a_weekend_the_rate_of_friday_is_no_error(self):
        self.company.smart_requires_rate = True
        self.enter(_0312=43.0)
        for day, refused in ((13, False), (14, False), (15, True)):
            with self.subTest(day=day), freeze_time(f"2027-03-{day} 16:00:00"):
                [(warning, _said)] = self.problems(self.dollars())
                self.assertEqual(warning, not refused)
        self.usd.sudo().rate_ids.name = "2027-03-11"
        with freeze_time("2027-03-13 16:00:00"):
            [(warning, _said)] = self.problems(self.dollars())
            self.assertFalse(warning, "Thursday's is too old on a Saturday")

    def test_a_company_that_invoices_only_in_bolivares_needs_none(self):
        self.company.smart_requires_rate = True
        move = self.confirm(self.make_invoice())
        self.assertEqual(move.smart_state, "issued")
        self.assertFalse(move.smart_rate_words)
        self.assertFalse(move.smart_document_id.exchange_rate_day)
        # There is an old one, but the company states no other currency.
        self.enter(_0101=30.0)
        self.company.smart_additional_currency_id = False
        self.assertEqual(self.confirm(self.make_invoice()).smart_state, "issued")

    def test_a_rate_dated_tomorrow_is_never_used_today(self):
        self.enter(_0310=42.25, _0311=99.0)
        move = self.confirm(self.make_invoice(invoice_date=TOMORROW))
        self.assertEqual(move.smart_document_id.exchange_rate, 42.25)
        self.assertEqual(move.smart_document_id.exchange_rate_day, WEDNESDAY)
        move = self.dollars(invoice_date=TOMORROW)
        self.assert_refused(move, "03/11/2027, which is not in force yet")
        move.invoice_date = WEDNESDAY
        self.assertEqual(self.confirm(move).smart_document_id.exchange_rate, 42.25)

    def test_in_the_evening_the_day_is_that_of_caracas(self):
        self.enter(_0310=42.25, _0311=99.0)
        self.env.user.tz = False
        with freeze_time("2027-03-11 01:30:00"):  # 21:30 on the tenth
            for currency in (self.usd, self.bolivar):
                move = self.make_invoice(currency_id=currency.id, invoice_date=False)
                self.made(move, "2027-03-11 01:30:00")
                self.assertEqual(move.smart_rate_words, "1 USD = Bs. 42.2500, of 03/10/2027")
                document = self.confirm(move).smart_document_id
                self.assertEqual(document.exchange_rate, 42.25)
                self.assertEqual(document.exchange_rate_day, WEDNESDAY)
            detail = next(
                step["detail"] for step in self.company._smart_setup()["steps"]
                if step["key"] == "rate"
            )  # fmt: skip
            self.assertIn("03/10/2027", detail)

    def test_a_rate_that_a_person_typed_survives_and_is_told(self):
        self.company.smart_requires_rate = True
        self.enter(_0309=41.5, _0310=42.25)
        move = self.dollars()
        move.invoice_currency_rate = 1 / 50
        self.assertEqual(move.smart_rate_words, "1 USD = Bs. 50.0000, entered by hand")
        self.assertEqual(self.problems(move), [])
        document = self.confirm(move).smart_document_id
        self.assertEqual((document.exchange_rate, document.exchange_rate_source), (50, "hand"))
        self.assertFalse(document.exchange_rate_day)

    def test_a_draft_that_kept_the_rate_of_another_day_is_told(self):
        self.enter(_0309=41.5)
        move = self.dollars()
        self.enter(_0310=42.25)
        [(warning, said)] = self.problems(move)
        self.assertTrue(warning)
        self.assertIn("has the exchange rate of 03/09/2027, but there is one of 03/10/2027", said)
        self.assertEqual(move.smart_rate_words, "1 USD = Bs. 41.5000, of 03/09/2027")
        self.company.smart_requires_rate = True
        self.assert_refused(move, "there is one of 03/10/2027")
        move.refresh_invoice_currency_rate()
        self.assertEqual(self.confirm(move).smart_document_id.exchange_rate, 42.25)

    def test_what_was_made_before_the_rate_of_the_day_was_entered_takes_it(self):
        with freeze_time("2027-03-10 12:00:00"):
            self.made(self.enter(_0309=41.5), "2027-03-09 12:00:00")
            move = self.dollars(invoice_date=False)
            by_hand = self.dollars(invoice_date=False)
            by_hand.invoice_currency_rate = 1 / 50
            self.made(move + by_hand, "2027-03-10 12:00:00")
        self.made(self.enter(_0310=42.25), "2027-03-10 13:00:00")
        self.assertEqual(move.smart_rate_words, "1 USD = Bs. 42.2500, of 03/10/2027")
        self.confirm(move, by_hand)
        self.assertEqual(move.smart_document_id.exchange_rate, 42.25)
        self.assertAlmostEqual(move.invoice_currency_rate, 1 / 42.25)
        self.assertEqual(by_hand.smart_document_id.exchange_rate, 50)

    def test_books_in_dollars_have_the_rate_of_the_bolivar(self):
        self.company.currency_id = self.usd
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": self.bolivar.id,
                "company_id": self.company.id,
                "name": YESTERDAY,
                "company_rate": 42.0,
            }
        )
        for currency in (self.usd, self.bolivar):
            move = self.make_invoice(currency_id=currency.id)
            self.assertEqual(move.smart_rate_words, "1 USD = Bs. 42.0000, of 03/09/2027")
            [(_warning, said)] = self.problems(move)
            self.assertIn("The last exchange rate of VES is of 03/09/2027", said)

    def test_who_may_set_up_finds_it_in_the_settings(self):
        manager = self.new_user("manager", "account.group_account_manager")
        window = self.env["smart.settings.window"].with_user(manager).create({})
        window.smart_requires_rate = True
        window.action_save()
        self.assertTrue(self.company.smart_requires_rate)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRatesOfNotes(RatesCommon, NotesCommon):
    def test_a_note_at_the_rate_of_its_document_is_neither_old_nor_typed(self):
        self.company.smart_requires_rate = True
        with freeze_time("2027-03-09 16:00:00"):
            self.enter(_0309=41.5)
            invoice = self.confirm(self.dollars())
        self.enter(_0310=42.25)
        note = invoice._reverse_moves([{"invoice_date": WEDNESDAY, "smart_note_reason": "Error"}])
        note.action_smart_use_origin_rate()
        self.assertEqual(
            note.smart_rate_words, "1 USD = Bs. 41.5000, as on the document that it corrects"
        )
        self.assertEqual(self.problems(note), [])
        self.assertEqual(self.confirm(note).smart_document_id.exchange_rate_source, "origin")
