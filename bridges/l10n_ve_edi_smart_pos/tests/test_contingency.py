from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.contingency_common import make_pad

from .rounding_common import RoundingCommon
from .till_common import TillCommon


class PaperTill(TillCommon):
    """A till whose invoices are on numbered paper: the money stands, the sheet is typed later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sale = cls.company_data["default_journal_sale"]
        cls.on_paper = sale.copy({"code": "TAL", "smart_channel": "contingency"})
        make_pad(cls.on_paper)
        cls.go_on_paper()

    @classmethod
    def go_on_paper(cls):
        cls.till.write({"invoice_journal_id": cls.on_paper.id, "smart_channel": "other"})


@tagged("post_install", "-at_install")
class TestContingency(PaperTill):

    def test_a_sale_is_paid_and_its_invoice_waits_for_its_sheet(self):
        order = self.sell([(self.included["general"], 116.0, 1, 0)])
        self.assertIn(order.state, ("paid", "done", "invoiced"))
        invoice = order.account_move
        self.assertEqual(invoice.state, "draft")
        self.assertFalse(invoice.smart_sheet_id)
        self.assertTrue(invoice.activity_ids)
        invoice.smart_sheet_control = "00-00000001"
        invoice.action_post()
        self.commit()
        self.assertEqual((invoice.state, invoice.smart_control_number), ("posted", "00-00000001"))
        self.send_in_background()
        self.assertFalse(self.simulator.calls())
        self.assertFalse(invoice.smart_document_id)


@tagged("post_install", "-at_install")
class TestRoundingOnPaper(RoundingCommon, PaperTill):
    """What is taken back in rounded cash comes to what was sold, as through SMART."""

    def issue(self, documents):
        """They are on paper: see :meth:`put`."""

    def put(self, order):
        """Write on paper what an order has become."""
        document = order.account_move
        self.assertEqual(document.state, "draft")
        pad = self.env["smart.pad"].search([("journal_id", "=", self.on_paper.id)])
        document.smart_sheet_control = pad.next_number
        document.action_post()
        self.commit()
        self.assertEqual(document.smart_sheet_state, "used")
        return order

    def sold(self, price, *payments):
        lines = [(self.included["general"], price, 1, 0)]
        return self.put(self.hand_in(lines, payments or [(self.card, price)]))

    def assert_on_paper(self, order, total, rounded):
        self.assert_settled(order, total)
        self.assertEqual(self.rounded(), rounded)
        sheet = order.account_move.smart_sheet_id
        self.assertAlmostEqual(abs(sheet.amount_total_signed), total)

    def test_paid_by_card_and_given_back_in_cash(self):
        back = self.put(self.take_back(self.sold(10.6), (self.cash, -11.0)))
        self.assert_on_paper(back, 10.6, [0, 0.4])
        said = "".join(back.account_move.message_ids.mapped("body"))
        self.assertIn("The total of 10.60 stands", said)
        self.close(back)

    def test_less_is_given_back_than_was_paid(self):
        back = self.put(self.take_back(self.sold(10.4), (self.cash, -10.0)))
        self.assert_on_paper(back, 10, [0, 0])

    def test_rounded_when_it_was_sold(self):
        for method, given in ((self.cash, 10.0), (self.card, 10.4)):
            with self.subTest(method=method.name):
                back = self.put(
                    self.take_back(self.sold(10.4, (self.cash, 10.0)), (method, -given))
                )
                self.assert_on_paper(back, 10, [0, round(given - 10, 2)])

    def test_sold_through_smart_and_taken_back_on_paper(self):
        sale = self.company_data["default_journal_sale"]
        self.till.write({"invoice_journal_id": sale.id, "smart_channel": "smart"})
        order = self.hand_in([(self.included["general"], 10.6, 1, 0)], [(self.card, 10.6)])
        self.wire(order.account_move)
        self.go_on_paper()
        back = self.put(self.take_back(order, (self.cash, -11.0)))
        self.assert_on_paper(back, 10.6, [0, 0.4])

    def test_exchanges(self):
        for sold, bought, method, paid in (
            (10.6, 20.0, self.cash, 9.0),
            (10.6, 20.0, self.card, 9.4),
            (20.0, 10.6, self.cash, -9.0),
        ):
            with self.subTest(sold=sold, bought=bought, method=method.name):
                back = self.put(self.take_back(self.sold(sold), (method, paid), lines=[bought]))
                self.assert_on_paper(back, abs(paid), [0, 0])

    def test_a_sale_comes_to_what_was_paid(self):
        for payment in ((self.card, 10.6), (self.cash, 11.0)):
            order = self.sold(10.6, payment)
            self.assert_on_paper(order, payment[1], [0, 0])

    def test_a_cent_in_a_shop_that_does_not_round(self):
        self.till.write({"cash_rounding": False, "rounding_method": False})
        lines = [(self.included["general"], 10.6, 1, 0)]
        order = self.hand_in(lines, [(self.card, 10.61)], amount_total=10.61)
        self.assert_on_paper(self.put(order), 10.61, [0, 0])

    def test_more_than_rounding_is_refused(self):
        order = self.sold(10.6)
        self.put(self.take_back(order, (self.cash, -11.0)))
        with self.assertRaisesRegex(UserError, "too much"):
            self.put(self.take_back(order, (self.cash, -11.0)))
