from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.test_sending_to_customers import SendingCase

from .till_common import TillCommon


@tagged("post_install", "-at_install")
class TestMails(TillCommon, SendingCase):
    """The till sends an invoice as it makes it; while SMART is not there, it goes afterwards."""

    def test_what_the_till_sends_goes_once_and_when_it_is_issued(self):
        self.customer.invoice_sending_method = "email"
        self.simulator.fault("refuse", seconds=600)
        order = self.sell([(self.taxes["general"], 100.0, 1, 0)])
        invoice = order.account_move
        self.commit()
        self.assertEqual(invoice.smart_state, "queued")
        self.run_mails()
        self.assertFalse(invoice.is_move_sent)
        self.assertEqual(self.mails(invoice), [])
        self.issue(invoice)
        self.assertEqual(invoice.smart_state, "issued")
        self.do_errands()
        self.run_mails()
        self.assertTrue(invoice.is_move_sent)
        self.assertEqual(self.mails(invoice), [["FAC-00000001.pdf"]])
        self.run_mails()
        self.assertEqual(len(self.mails(invoice)), 1)
