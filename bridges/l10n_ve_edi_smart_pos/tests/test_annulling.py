"""Documents of a till are annulled afterwards; of an open session Odoo cancels none."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .rounding_common import RoundingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAnnulling(RoundingCommon):
    def annul(self, document):
        opened = document.action_smart_annul()
        wizard = self.env["smart.annul.wizard"].browse(opened["res_id"])
        wizard.write({"reason": "Vuelto equivocado", "unreconcile": True})
        wizard.action_annul()
        self.commit()

    def assert_annulled(self, document):
        why = document.message_ids[:1].body
        self.assertEqual((document.smart_state, document.state), ("annulled", "cancel"), why)

    def test_what_was_rounded_to_its_total(self):
        for paid in ((self.cash, 11.0), (self.card, 10.6)):
            order = self.sold(10.6, paid)
            self.close(order)
            self.annul(order.account_move)
            self.assert_annulled(order.account_move)
        self.assertEqual(self.rounded(), [0, 0])

    def test_a_note_is_annulled_and_made_again(self):
        back = self.take_back(self.sold(10.6), (self.cash, -11.0))
        note = back.account_move
        self.wire(note)
        self.close(back)
        self.annul(note)
        self.assert_annulled(note)
        again = note.copy({"reversed_entry_id": note.reversed_entry_id.id})
        again.smart_note_origin_id = note.smart_note_origin_id
        self.confirm(again)
        self.assertEqual(self.wire(again)["total"], 10.6)
        self.assertEqual(self.rounded(), [0, 0.4])

    def test_of_a_session_that_is_open_it_is_told_what_to_do(self):
        order = self.sold(10.0)
        with self.assertRaisesRegex(UserError, "Close that session first"):
            self.annul(order.account_move)
        self.close(order)
        self.annul(order.account_move)
        self.assert_annulled(order.account_move)
