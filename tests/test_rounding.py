"""Totals that stand: prices that include the tax, cash roundings, totals that were told."""

import json

from odoo import Command
from odoo.tests import Form, tagged

from .common import SmartCommon


class RoundingCase(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.included = {}
        for kind in ("general", "reduced", "luxury"):
            cls.included[kind] = cls.taxes[kind].copy({"name": f"{kind} included"})
            cls.included[kind].price_include_override = "tax_included"

    def make_included(self, *lines, **values):
        """Return a draft of lines whose price includes the tax: (kind, price, quantity)."""
        return self.make_invoice(
            invoice_line_ids=[
                Command.create(
                    {
                        "name": f"Línea {number}",
                        "price_unit": price,
                        "quantity": quantity[0] if quantity else 1,
                        "tax_ids": [Command.set(self.included.get(kind, self.taxes[kind]).ids)],
                    }
                )
                for number, (kind, price, *quantity) in enumerate(lines, start=1)
            ],
            **values,
        )

    def wire(self, move):
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return json.loads(move.smart_document_id.request_body)

    def rest(self, move):
        return round(sum(move._smart_rounding_lines().mapped("price_subtotal")), 2)

    def assert_issued_at(self, move, total):
        """Confirm, and see that ledger, request and what is due all say the total."""
        wire = self.wire(self.confirm(move))
        self.assertEqual((wire["total"], move.amount_total), (total, total))
        self.assertEqual(move.amount_residual, total)
        owed = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertAlmostEqual(sum(owed.mapped("amount_currency")) * -move.direction_sign, total)
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)
        self.assertAlmostEqual(move.tax_totals["total_amount_currency"], total)
        self.assertEqual(wire["exento"], self.exempt(move))
        return wire

    def exempt(self, move):
        lines = move.invoice_line_ids.filtered(lambda one: one.tax_ids == self.taxes["exempt"])
        return round(sum(lines.mapped("price_subtotal")), 2)

    def pay(self, move, amount=None):
        register = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"amount": amount or move.amount_residual})
        )
        return register._create_payments()


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestIncludedPrices(RoundingCase):
    def test_a_cent_that_no_base_leads_to_is_an_exempt_line(self):
        draft = self.make_included(("general", 99.94))
        self.assertEqual(draft.amount_total, 99.94, "as Odoo, the order and the payment have it")
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertFalse(checked.errors)
        [words] = [p.what for p in checked.problems if p.field == "amount_total"]
        for amount in ("99.94", "99.93", "0.01"):
            self.assertIn(amount, words)
        self.assertEqual(len(draft.invoice_line_ids), 1, "nothing is booked by looking")
        wire = self.assert_issued_at(draft, 99.94)
        self.assertEqual((wire["baseg"], wire["impuestog"], wire["exento"]), (86.15, 13.78, 0.01))
        line, rest = draft.invoice_line_ids.sorted("sequence")
        self.assertEqual((line.price_subtotal, line.price_total), (86.15, 99.93))
        self.assertEqual((rest.name, rest.price_total), ("Redondeo", 0.01))
        self.assertEqual(rest.account_id, self.company.smart_rounding_account_id)
        self.assertEqual(rest.account_id.account_type, "income_other")
        self.assertEqual(
            [(one["descripcion"], one["monto"], one["exento"]) for one in wire["cuerpofactura"]],
            [("Línea 1", 86.15, False), ("Redondeo", 0.01, True)],
        )
        self.assertIn("99.94", "".join(draft.message_ids.mapped("body")))

    def test_every_total_stands_and_is_paid_by_it(self):
        rests = set()
        for cents in range(9990, 10000):
            draft = self.make_included(("general", cents / 100))
            self.assert_issued_at(draft, cents / 100)
            rests.add(self.rest(draft))
            self.pay(draft, cents / 100)
            self.assertEqual(draft.amount_residual, 0)
        self.assertEqual(rests, {0, 0.01})

    def test_several_rates_and_quantities(self):
        for lines in (
            [("general", 33.33, 3), ("reduced", 7.77, 7), ("luxury", 0.5)],
            [("general", 0.01), ("general", 0.02), ("exempt", 3.0)],
            [("luxury", 0.02), ("exempt", 1.0)],
            [("general", 1234.56, 0.333), ("reduced", 99.99)],
        ):
            draft = self.make_included(*lines)
            self.assert_issued_at(draft, draft.amount_total)

    def test_prices_with_and_without_tax_on_one_document(self):
        draft = self.make_included(("general", 99.94), ("exempt", 10.0))
        draft.invoice_line_ids = [
            Command.create(
                {
                    "name": "Sin IVA en el precio",
                    "price_unit": 50.485,
                    "quantity": 3,
                    "tax_ids": [Command.set(self.taxes["general"].ids)],
                }
            )
        ]
        self.assert_issued_at(draft, draft.amount_total)

    def test_in_dollars_the_books_balance(self):
        draft = self.make_included(("general", 99.94), currency_id=self.usd.id)
        draft.invoice_payment_term_id = self.env.ref("account.account_payment_term_30days")
        self.assert_issued_at(draft, 99.94)
        self.assertEqual(self.rest(draft), 0.01)
        self.assertAlmostEqual(
            draft.amount_total_signed, draft.company_currency_id.round(99.94 * 40.5647), delta=0.02
        )

    def test_prices_without_tax_stay_as_they_were(self):
        draft = self.make_invoice(("general", 50.485))
        self.assertEqual(draft.amount_total, 58.57)
        self.assert_issued_at(draft, 58.57)
        self.assertEqual(len(draft.invoice_line_ids), 1)

    def test_back_in_draft_it_is_as_before_and_confirmed_again_has_one_line(self):
        self.simulator.fault("refuse", seconds=600)
        move = self.confirm(self.make_included(("general", 99.94)))
        self.assertEqual(self.rest(move), 0.01)
        move.button_draft()
        self.assertEqual((self.rest(move), move.amount_total), (0, 99.94))
        self.assertEqual(move.invoice_line_ids.price_subtotal, 86.16)
        self.assertFalse(move.invoice_line_ids.extra_tax_data)
        self.confirm(move)
        self.assertEqual(len(move._smart_rounding_lines()), 1)
        move.button_draft()
        move.invoice_line_ids.price_unit = 50.0
        self.assertEqual(move.amount_total, 50.0)
        self.confirm(move)
        self.simulator.control("DELETE", "/faults")
        move.action_smart_send()
        self.commit()
        self.assertEqual((self.wire(move)["total"], move.amount_residual), (50, 50))
        self.assertFalse(self.rest(move))

    def test_a_copy_and_a_recurring_entry_are_rounded_anew(self):
        move = self.confirm(self.make_included(("general", 99.94)))
        copy = move.copy()
        self.assertEqual(len(copy.invoice_line_ids), 1)
        self.assertFalse(copy.invoice_line_ids.extra_tax_data)
        copy.invoice_date = self.env["account.move"]._smart_today()
        self.assert_issued_at(copy, 99.94)
        self.assertEqual(len(copy.invoice_line_ids), 2)

    def reverse(self, move):
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(move.ids)],
                "journal_id": move.journal_id.id,
                "reason": "Devolución",
            }
        )
        return self.env["account.move"].browse(wizard.reverse_moves()["res_id"])

    def test_a_credit_note_of_the_whole_takes_back_the_whole(self):
        move = self.confirm(self.make_included(("general", 99.94), ("reduced", 12.35)))
        note = self.reverse(move)
        self.assertEqual(note.move_type, "out_refund")
        wire = self.wire(self.confirm(note))
        self.assertEqual(wire["total"], move.amount_total)
        self.assertEqual((move.amount_residual, note.amount_residual), (0, 0))

    def test_credit_notes_of_parts_reach_their_own_totals(self):
        move = self.confirm(self.make_included(("general", 49.97, 2)))
        for _half in range(2):
            note = self.reverse(move)
            note.invoice_line_ids.quantity = 1
            self.assertEqual(note.amount_total, 49.97)
            self.confirm(note)
            self.assertEqual(self.wire(note)["total"], 49.97)

    def test_discounts_of_every_kind(self):
        draft = self.make_included(("general", 99.94, 3), ("reduced", 12.35))
        draft.invoice_line_ids[0].discount = 12.5
        self.assert_issued_at(draft, draft.amount_total)
        draft = self.make_included(("general", 99.94, 3), ("general", -10.01))
        self.assert_issued_at(draft, draft.amount_total)

    def test_huge_quantities(self):
        draft = self.make_included(("general", 0.37, 123456), ("reduced", 9999999.99, 7))
        self.assert_issued_at(draft, draft.amount_total)

    def test_the_igtf_is_beside_it(self):
        self.company.smart_collects_igtf = True
        draft = self.make_included(("general", 99.94), currency_id=self.usd.id)
        self.env["smart.igtf"].create({"move_id": draft.id}).action_apply()
        self.assertEqual(draft.amount_total, 102.94)
        wire = self.assert_issued_at(draft, 102.94)
        self.assertEqual((wire["impuestoigtf"], wire["exento"]), (3.0, 0.01))

    def test_a_tax_that_somebody_wrote_is_still_named(self):
        draft = self.make_included(("general", 99.94))
        line = draft.line_ids.filtered("tax_line_id")
        draft.line_ids = [Command.update(line.id, {"amount_currency": -17.0})]
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertTrue(checked.errors)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCashRounding(RoundingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.methods = {
            strategy: cls.env["account.cash.rounding"].create(
                {
                    "name": "A cinco céntimos",
                    "rounding": 0.05,
                    "strategy": strategy,
                    "profit_account_id": cls.company_data["default_account_revenue"].id,
                    "loss_account_id": cls.company_data["default_account_expense"].id,
                }
            )
            for strategy in ("add_invoice_line", "biggest_tax")
        }

    def test_a_total_that_is_rounded_is_issued_whatever_the_strategy(self):
        for method in self.methods.values():
            for cents in (1112, 1113):
                for draft in (
                    self.make_included(("general", cents / 100)),
                    self.make_invoice(("general", cents / 116), ("exempt", 1.01)),
                    self.make_included(("reduced", cents / 100), currency_id=self.usd.id),
                ):
                    draft.invoice_cash_rounding_id = method
                    total = draft.amount_total
                    self.assertEqual(round(total * 100) % 5, 0)
                    [checked] = self.env["smart.payload"]._check(draft)
                    self.assertFalse(checked.errors)
                    self.assert_issued_at(draft, total)
                    kinds = set(draft.line_ids.mapped("display_type"))
                    self.assertNotIn("rounding", kinds)

    def test_a_total_that_is_rounded_in_its_tax_stands_after_the_igtf(self):
        self.company.smart_collects_igtf = True
        draft = self.make_invoice(("general", 14.34))
        draft.invoice_cash_rounding_id = self.methods["biggest_tax"]
        self.assertEqual(draft.amount_total, 16.65)
        # Odoo writes the rounding into the tax once another line is added.
        self.env["smart.igtf"].create({"move_id": draft.id}).action_apply()
        self.assertEqual(draft.amount_total, 17.15)
        wire = self.assert_issued_at(draft, 17.15)
        self.assertEqual(wire["impuestoigtf"], 0.5)

    def test_rounded_down_the_lines_state_a_discount(self):
        draft = self.make_included(("general", 11.12))
        draft.invoice_cash_rounding_id = self.methods["add_invoice_line"]
        self.assertEqual(draft.amount_total, 11.1)
        [line, *rest] = self.assert_issued_at(draft, 11.1)["cuerpofactura"]
        self.assertGreater(line["descuento"], 0)
        self.assertEqual(line["comentario"], "Redondeo")
        self.assertLessEqual(sum(one["monto"] for one in rest), 0.01)

    def test_rounded_up_the_difference_is_an_exempt_line(self):
        draft = self.make_invoice(("general", 9.6))  # 11.14
        draft.invoice_cash_rounding_id = self.methods["add_invoice_line"]
        wire = self.assert_issued_at(draft, 11.15)
        self.assertEqual((wire["baseg"], wire["impuestog"], wire["exento"]), (9.6, 1.54, 0.01))

    def test_a_copy_and_a_credit_note_are_rounded_too(self):
        move = self.make_included(("general", 11.12))
        move.invoice_cash_rounding_id = self.methods["biggest_tax"]
        self.confirm(move)
        self.assertEqual(move.copy().amount_total, 11.1)
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(move.ids)],
                "journal_id": move.journal_id.id,
                "reason": "Devolución",
            }
        )
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        self.assertEqual(self.wire(self.confirm(note))["total"], 11.1)
        self.assertEqual(move.amount_residual, 0)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestToldTotals(RoundingCase):
    def test_a_total_that_is_typed_is_reached(self):
        self.company.quick_edit_mode = "out_invoices"
        self.company.account_sale_tax_id = self.taxes["general"]
        for told in (99.94, 99.93, 99.95, 100.0):
            with Form(
                self.env["account.move"].with_context(default_move_type="out_invoice")
            ) as form:
                form.partner_id = self.customer
                form.invoice_date = self.env["account.move"]._smart_today()
                form.quick_edit_total_amount = told
            draft = form.save()
            [checked] = self.env["smart.payload"]._check(draft)
            self.assertFalse(checked.errors)
            self.assert_issued_at(draft, told)
