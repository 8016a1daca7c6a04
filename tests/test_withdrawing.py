from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWithdrawing(SmartCommon):
    """A document that was never issued leaves no gap in the fiscal numbering."""

    def setUp(self):
        super().setUp()
        self.simulator.fault("refuse", seconds=60)
        self.waiting, self.later = self.confirm(), self.confirm()
        self.numbers = (self.waiting + self.later).mapped("name")

    def issue(self):
        self.simulator.control("DELETE", "/faults")
        self.env["smart.lane"].sudo().search([])._resume()
        self.send_in_background()

    def said(self):
        return " ".join(self.waiting.message_ids.mapped("body"))

    def test_back_in_draft_it_keeps_its_number_and_says_so(self):
        self.waiting.button_draft()
        self.issue()
        self.assertEqual(self.later.smart_internal_number, "00000001")
        self.assertIn("no gap", self.said())
        self.assertIn(self.waiting.name, self.said())
        self.confirm(self.waiting)
        self.assertEqual(self.waiting.smart_internal_number, "00000002")
        self.assertEqual((self.waiting + self.later).mapped("name"), self.numbers)
        self.assertEqual(self.simulator.issued(), ["00000001", "00000002"])

    def test_cancelled_it_keeps_its_number_in_odoo_and_uses_up_none_at_smart(self):
        self.waiting.button_cancel()
        self.issue()
        self.confirm()
        self.assertEqual((self.waiting.state, self.waiting.smart_state), ("cancel", "withdrawn"))
        self.assertEqual(self.waiting.name, self.numbers[0])
        self.assertIn("no gap", self.said())
        self.assertEqual(self.simulator.issued(), ["00000001", "00000002"])
        self.assertEqual(
            [one["control_number"] for one in self.simulator.documents()],
            ["00-00000001", "00-00000002"],
        )

    def test_it_is_said_once(self):
        self.waiting.button_draft()
        self.waiting.button_cancel()
        self.waiting.button_draft()
        self.assertEqual(self.said().count("no gap"), 1)

    def test_from_the_middle_of_the_sequence_it_is_not_deleted(self):
        self.waiting.button_draft()
        for road in (
            self.waiting.unlink,
            self.waiting.with_context(force_delete=True).unlink,
        ):
            with self.assertRaisesRegex(UserError, "leave a gap"), self.env.cr.savepoint():
                road()

    def test_deleted_from_the_end_the_next_document_takes_its_number(self):
        self.later.button_draft()
        self.later.unlink()
        self.env.cr.precommit.run()  # as the commit does: Odoo forgets the last number it gave
        self.issue()
        following = self.confirm()
        self.assertEqual((self.waiting + following).mapped("name"), self.numbers)
        self.assertEqual(self.simulator.issued(), ["00000001", "00000002"])

    def test_a_refused_document_gives_its_internal_number_back(self):
        self.simulator.control("DELETE", "/faults")
        self.simulator.fault("unauthorized")
        self.env["smart.lane"].sudo().search([])._resume()
        self.send_in_background()
        self.waiting.button_cancel()
        self.issue()
        self.assertEqual(self.later.smart_internal_number, "00000001")
