from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.contingency_common import make_pad

from .till_common import TillCommon


@tagged("post_install", "-at_install")
class TestContingency(TillCommon):
    """A till whose invoices are on numbered paper: the money stands, the sheet is typed later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sale = cls.company_data["default_journal_sale"]
        cls.on_paper = sale.copy({"code": "TAL", "smart_channel": "contingency"})
        make_pad(cls.on_paper)
        cls.till.write({"invoice_journal_id": cls.on_paper.id, "smart_channel": "other"})

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
