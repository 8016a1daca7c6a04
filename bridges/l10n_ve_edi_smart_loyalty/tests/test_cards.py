from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCards(SmartCommon):
    """What a card pays of an invoice is an entry, which nobody makes by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owed = cls.env["account.account"].create(
            {"name": "Tarjetas por pagar", "code": "2110901", "account_type": "liability_current"}
        )
        cls.card = cls.env["product.product"].create(
            {"name": "Tarjeta", "property_account_income_id": cls.owed.id}
        )
        # sudo: managed by those who sell, in the apps that use them
        cls.gift, cls.wallet = (
            cls.env["loyalty.program"]
            .sudo()
            .create(
                [
                    {"name": "Regalos", "program_type": "gift_card", "applies_on": "future"},
                    {"name": "Monedero", "program_type": "ewallet", "applies_on": "future"},
                ]
            )
        )

    def paid(self, invoice, program, amount):
        positions = self.env["account.fiscal.position"]
        # sudo: as the bridges that know what a card pays
        invoice.sudo()._smart_make_card_entry(
            self.card, positions, "Tarjeta 1", amount, smart_card_program_id=program.id
        )
        return self.env["account.move"].search([("smart_card_program_id", "=", program.id)])

    def test_it_takes_what_is_owed_off_the_card_and_off_the_invoice(self):
        invoice = self.confirm(self.make_invoice(("general", 100.0)))
        first = self.paid(invoice, self.gift, 50.0)
        self.assertEqual(invoice.amount_residual, 66.0)
        of_card = first.line_ids.filtered(lambda item: item.account_id == self.owed)
        self.assertEqual(of_card.balance, 50.0)
        self.paid(invoice, self.wallet, 66.0)
        self.assertEqual((invoice.amount_residual, invoice.payment_state), (0.0, "paid"))

    def test_its_name_is_that_of_the_program(self):
        invoice = self.confirm(self.make_invoice(("general", 100.0)))
        names = {
            program: self.env["account.move"]._smart_payment_name(
                self.paid(invoice, program, 10.0).line_ids[:1]
            )
            for program in (self.gift, self.wallet)
        }
        self.assertEqual(names, {self.gift: "Gift card", self.wallet: "eWallet"})

    def test_nobody_says_by_hand_what_a_card_pays(self):
        invoice = self.confirm(self.make_invoice(("general", 100.0)))
        entry = self.paid(invoice, self.gift, 50.0)
        self.env.user.group_ids += self.env.ref("account.group_account_manager")
        with self.assertRaises(AccessError):
            entry.with_env(self.env(su=False)).smart_card_program_id = self.wallet
        with self.assertRaises(AccessError):
            self.env["account.move"].create(
                {"move_type": "entry", "smart_card_program_id": self.gift.id}
            )
