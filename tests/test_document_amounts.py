from odoo.tests import tagged

from ..smart_api.rates import PARTS
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDocumentAmounts(SmartCommon):
    def amounts(self, move, suffix=""):
        """Return the parts of a move's document that are not zero, and its total."""
        document = move.smart_document_id
        return {
            name: document[name]
            for name in [*(part + suffix for part in PARTS), f"amount_total{suffix}"]
            if document[name]
        }

    def test_a_document_in_bolivares_says_the_same_in_both_columns(self):
        invoice = self.confirm(
            self.make_invoice(
                ("general", 100.0),
                ("reduced", 50.0),
                ("luxury", 10.0),
                ("exempt", 7.0),
                ("exempt", 1),
            )
        )
        expected = {
            "exempt": 8,
            "general_base": 100,
            "general_tax": 16,
            "reduced_base": 50,
            "reduced_tax": 4,
            "luxury_base": 10,
            "luxury_tax": 3.1,
            "amount_total": 191.1,
        }
        self.assertEqual(self.amounts(invoice), expected)
        self.assertEqual(
            self.amounts(invoice, "_signed"), {f"{key}_signed": v for key, v in expected.items()}
        )
        document = invoice.smart_document_id
        self.assertEqual(document.bolivar_id, self.bolivar)
        self.assertEqual(document.customer_vat, "J-30984512-8")
        self.assertEqual(document.exchange_rate, 40.5647)

    def test_bolivares_of_a_document_in_dollars_are_those_of_the_ledger(self):
        invoice = self.confirm(
            self.make_invoice(
                ("general", 33.33), ("general", 0.77), ("exempt", 9.99), currency_id=self.usd.id
            )
        )
        document = invoice.smart_document_id
        self.assertEqual((document.general_base, document.general_tax), (34.1, 5.46))
        lines = invoice.line_ids
        revenue = lines.filtered(lambda line: line.tax_ids == self.taxes["general"])
        self.assertEqual(document.general_base_signed, -sum(revenue.mapped("balance")))
        tax = lines.filtered(lambda line: line.tax_line_id == self.taxes["general"])
        self.assertEqual(document.general_tax_signed, -tax.balance)
        self.assertEqual(document.amount_total_signed, invoice.amount_total_signed)

    def test_bolivares_of_books_in_dollars_go_by_the_rate_on_the_document(self):
        self.env["res.currency.rate"].search([("company_id", "=", self.company.id)]).unlink()
        self.company.currency_id = self.usd
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.bolivar.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 40.5647,
            }
        )
        invoice = self.confirm(self.make_invoice(("general", 33.33), currency_id=self.usd.id))
        document = invoice.smart_document_id
        self.assertEqual(document.exchange_rate, 40.5647)
        self.assertEqual(document.bolivar_id, self.bolivar)
        self.assertEqual(document.general_base, 33.33)
        self.assertEqual(document.general_base_signed, 1352.02)  # 33.33 x 40.5647
        self.assertEqual(document.general_tax_signed, 216.21)  # 5.33 x 40.5647
        self.assertEqual(document.amount_total_signed, 1568.23)

    def test_a_credit_note_is_negative_in_bolivares(self):
        invoice = self.confirm()
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": invoice.ids, "journal_id": invoice.journal_id.id}
        )
        wizard.reverse_moves()
        note = self.confirm(wizard.new_move_ids)
        self.assertEqual(
            self.amounts(note), {"general_base": 100, "general_tax": 16, "amount_total": 116}
        )
        self.assertEqual(
            self.amounts(note, "_signed"),
            {
                "general_base_signed": -100,
                "general_tax_signed": -16,
                "amount_total_signed": -116,
            },
        )

    def test_the_igtf_is_a_part_of_the_total_and_its_base_is_not(self):
        account = self.env["account.account"].create(
            {"name": "IGTF por pagar", "code": "2172099", "account_type": "liability_current"}
        )
        self.company.write({"smart_igtf_account_id": account.id, "smart_collects_igtf": True})
        invoice = self.make_invoice(("general", 100.0), currency_id=self.usd.id)
        self.env["smart.igtf"].create({"move_id": invoice.id, "amount_paid": 50.0}).action_apply()
        self.confirm(invoice)
        document = invoice.smart_document_id
        self.assertEqual((document.igtf_base, document.igtf_tax), (50, 1.5))
        self.assertEqual(document.amount_total, 117.5)
        self.assertEqual(document.igtf_base_signed, 2028.24)  # 50 x 40.5647
        booked = -sum(invoice._smart_igtf_lines().mapped("balance"))
        self.assertEqual(document.igtf_tax_signed, booked)
        self.assertEqual(document.amount_total_signed, invoice.amount_total_signed)

    def test_what_was_sent_stays_when_the_customer_is_renamed(self):
        invoice = self.confirm()
        self.customer.name = "Otro nombre"
        self.assertEqual(invoice.smart_document_id.customer_name, "Inversiones La Trinidad, C.A.")

    def test_the_fiscal_date_is_that_of_caracas(self):
        document = self.confirm().smart_document_id.sudo()
        document._engine_write({"issued_at": "2026-03-01 03:59:59"})
        self.assertEqual(str(document.issue_date), "2026-02-28")
        document._engine_write({"issued_at": "2026-03-01 04:00:00"})
        self.assertEqual(str(document.issue_date), "2026-03-01")
