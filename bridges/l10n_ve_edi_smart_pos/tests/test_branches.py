from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .money_common import MoneyCommon

#: Another company of the group, with a RIF and a token of its own.
OTHER_RIF = "J-40112233-7"
GROUPS = "base.group_user,point_of_sale.group_pos_user"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestBranches(MoneyCommon):
    """A shop of a branch sells in the name of its issuer, and nobody of another branch sees it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.company
        cls.valencia, cls.maracaibo = cls.env["res.company"].create(
            [
                {
                    "name": name,
                    "parent_id": cls.head.id,
                    "smart_collects_igtf": True,
                    "smart_branch_code": code,
                    "smart_branch_address": f"Av. Bolívar, {name}",
                }
                for name, code in (("Valencia", "VAL-01"), ("Maracaibo", "MAR-01"))
            ]
        )
        cls.env.user.company_ids += cls.valencia + cls.maracaibo
        cls.env.cr.precommit.run()  # loads their charts of accounts
        cls.cashier = cls.new_user("valencia", GROUPS, company=cls.valencia)
        cls.stranger = cls.new_user("maracaibo", GROUPS, company=cls.maracaibo)

    def shop_of(self, company, journal=None):
        """Have the till be one of a branch; its invoices are of a journal of the branch, or this.

        :param journal: of the parent
        """
        env = self.env(context={**self.env.context, "allowed_company_ids": [company.id, 1]})
        journals = env["account.journal"].with_company(company).sudo()
        own = {"company_id": company.id}
        accounts = {
            f"{name}_account_id": self.company_data[f"default_account_{kind}"].id
            for name, kind in (("profit", "revenue"), ("loss", "expense"))
        }
        entries, drawer, bank, dollars = journals.create(
            [
                {"name": f"{kind} {code}", "code": code, "type": kind, **accounts, **own}
                for code, kind in (
                    ("VMIS", "general"),
                    ("VCSH", "cash"),
                    ("VBNK", "bank"),
                    ("VUSD", "cash"),
                )
            ]
        )
        journal = journal or journals.create(
            {"name": "Ventas", "code": "VVEN", "type": "sale", "smart_enabled": True, **own}
        )
        account = self.company_data["default_account_receivable"]
        common = {"receivable_account_id": account.id, **own}
        methods = env["pos.payment.method"].with_company(company).sudo()
        self.cash, self.card, self.dollars = methods.create(
            [
                {"name": "Efectivo", "journal_id": drawer.id, **common},
                {"name": "Tarjeta", "journal_id": bank.id, **common},
                {
                    "name": "Dólares",
                    "journal_id": dollars.id,
                    "smart_currency_id": self.usd.id,
                    **common,
                },
            ]
        )
        self.till = (
            env["pos.config"]
            .with_company(company)
            .sudo()
            .create(
                {
                    "name": f"Caja {company.name}",
                    "journal_id": entries.id,
                    "invoice_journal_id": journal.id,
                    "payment_method_ids": [Command.set((self.cash + self.card + self.dollars).ids)],
                    **own,
                }
            )
        )
        context = {"allowed_company_ids": company.ids}
        self.till = self.till.with_env(self.env(user=self.cashier, context=context, su=False))

    def sell_at(self, company, *payments):
        with self.working_as(self.cashier, allowed_company_ids=company.ids):
            goods = [(self.taxes["general"], 100.0, 1, 0)]
            order = self.hand_in(goods, payments, company_id=company.id)
        return order.with_env(self.env).sudo()

    def assert_issued_by(self, order, issuer, company, number, branch):
        wire = self.wire(order.account_move)
        document = order.account_move.smart_document_id
        self.assertEqual((document.issuer_id, document.company_id), (issuer, company))
        self.assertEqual(document.internal_number, number)
        self.assertEqual((wire["sucursal"], wire["direccionsucursal"]), branch)
        self.assertEqual(order.account_move.amount_residual, 0)
        return wire

    def test_a_branch_sells_in_the_name_of_its_parent_and_counts_with_it(self):
        first = self.make_invoice()
        self.confirm(first)
        self.send_waiting()
        self.shop_of(self.valencia)
        order = self.sell_at(self.valencia, (self.dollars, 119.48))
        branch = ("VAL-01", "Av. Bolívar, Valencia")
        wire = self.assert_issued_by(order, self.head, self.valencia, "00000002", branch)
        self.assertEqual(self.igtf(wire), [116, 3.48, 119.48])
        self.assertEqual(wire["tasacambio"], 40.5647)
        paid = order.payment_ids
        self.assertEqual((paid.smart_foreign_amount, paid.smart_rate), (2.95, 40.5647))
        with self.working_as(self.cashier, allowed_company_ids=self.valencia.ids):
            self.assertTrue(self.till.smart_rates()[self.usd.id])
            session = self.close(order.with_env(self.env))
        self.assertEqual(session.sudo().move_id.company_id, self.valencia)

    def test_a_journal_of_the_parent_may_be_that_of_a_branch_s_shop(self):
        self.shop_of(self.valencia, self.company_data["default_journal_sale"])
        order = self.sell_at(self.valencia, (self.card, 116.0))
        branch = ("VAL-01", "Av. Bolívar, Valencia")
        self.assert_issued_by(order, self.head, self.valencia, "00000001", branch)
        self.assertEqual(order.account_move.company_id, self.valencia)

    def test_a_branch_with_a_rif_of_its_own_issues_itself(self):
        token = self.simulator.mint(OTHER_RIF)["token"]
        self.valencia.write(
            {
                "vat": OTHER_RIF,
                "smart_environment": "custom",
                "smart_base_url": self.simulator.url,
                "smart_token": token,
            }
        )
        self.confirm(self.make_invoice())
        self.send_waiting()
        self.shop_of(self.valencia)
        order = self.sell_at(self.valencia, (self.card, 116.0))
        self.company = self.valencia  # whose queue is run
        branch = ("VAL-01", "Av. Bolívar, Valencia")
        self.assert_issued_by(order, self.valencia, self.valencia, "00000001", branch)

    def test_it_is_told_before_the_money_and_followed_by_its_own_cashier(self):
        self.shop_of(self.valencia)
        self.customer.phone = "none"
        line = {
            "product_id": self.product.id,
            "qty": 1,
            "price_unit": 100.0,
            "price_subtotal": 100.0,
            "price_subtotal_incl": 116.0,
            "tax_ids": self.taxes["general"].ids,
        }
        values = {"config_id": self.till.id, "partner_id": self.customer.id, "to_invoice": True}
        with self.working_as(self.cashier, allowed_company_ids=self.valencia.ids):
            self.open_till()
            orders = self.env["pos.order"]
            told = orders.smart_check_before_payment({**values, "lines": [line]})
            self.assertIn("hone", str(told))
        order = self.sell_at(self.valencia, (self.card, 116.0))
        self.assertEqual(order.account_move.state, "draft")
        with self.working_as(self.cashier, allowed_company_ids=self.valencia.ids):
            followed = self.till.smart_follow([order.id])
            self.assertEqual(followed["count"], 1)
            self.assertEqual(followed["waiting"][0]["id"], order.id)
        self.assertEqual(order.account_move.activity_ids.user_id, self.head._smart_responsible())

    def test_who_is_of_another_branch_sees_nothing_of_it(self):
        self.shop_of(self.valencia)
        order = self.sell_at(self.valencia, (self.card, 116.0))
        self.wire(order.account_move)
        theirs = self.env(user=self.stranger, context={"allowed_company_ids": self.maracaibo.ids})
        shop = self.till.with_env(theirs)
        back = {"refunded_orderline_id": order.lines.id, "qty": -1, "price_unit": 1}
        values = {"config_id": shop.id, "partner_id": False, "to_invoice": False}
        for call in (
            lambda: shop.smart_follow([order.id]),
            lambda: shop.smart_rates(),
            lambda: theirs["pos.order"].smart_read_tickets([order.id]),
            lambda: theirs["res.partner"].smart_find_at_counter(shop.id, "J-30984512-8"),
            lambda: theirs["pos.order"].smart_check_before_payment({**values, "lines": [back]}),
            lambda: order.with_env(theirs).action_pos_order_invoice(),
            lambda: order.with_env(theirs).read(["smart_ticket"]),
        ):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                call()
            self.env.invalidate_all()
        self.assertFalse(theirs["pos.order"].search([]))
        self.assertFalse(theirs["pos.order"].search([("smart_numbers", "=", "00000001")]))
        self.assertFalse(theirs["account.move"].search([]))
