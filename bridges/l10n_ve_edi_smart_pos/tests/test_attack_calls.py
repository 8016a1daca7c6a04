import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .counter_common import CounterCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAttackCalls(CounterCommon):
    """What a cashier can have done by calls that no till makes."""

    def orders(self, **context):
        return self.env["pos.order"].with_user(self.cashier).with_context(**context)

    def as_cashier(self, records, **context):
        return records.with_user(self.cashier).with_context(**context)

    def sale(self, **values):
        values = {"partner_id": self.customer.id, **values}
        [order] = self.hand_in(self.order_values(**values))
        return order

    def begun(self, **values):
        """Return an order that nobody has paid."""
        return self.sale(state="draft", payment_ids=[], amount_paid=0.0, **values)

    # -- defaults in the context ---------------------------------------------------------------

    def test_a_customer_at_the_counter_takes_no_defaults_of_the_caller(self):
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        group = self.env.ref("base.group_system").id
        admin = {"name": "X", "login": "intruso", "group_ids": [[6, 0, [group]]]}
        partners = self.as_cashier(
            self.env["res.partner"],
            default_user_ids=[[0, 0, admin]],
            default_company_id=other.id,
            default_comment="Puesto por otro",
        )
        [read] = partners.smart_make_at_counter(self.till.id, {"typed": "17654321", "name": "Ana"})
        made = self.env["res.partner"].browse(read["id"])
        self.assertFalse(self.env["res.users"].sudo().search([("login", "=", "intruso")]))
        self.assertFalse(made.company_id)
        self.assertFalse(made.comment)

    def test_nor_those_that_somebody_has_set_for_himself(self):
        group = self.env.ref("base.group_system").id
        admin = [[0, 0, {"name": "X", "login": "intruso", "group_ids": [[6, 0, [group]]]}]]
        self.env["ir.default"].with_user(self.cashier).create(
            {
                "field_id": self.env["ir.model.fields"].sudo()._get("res.partner", "user_ids").id,
                "user_id": self.cashier.id,
                "json_value": json.dumps(admin),
            }
        )
        partners = self.as_cashier(self.env["res.partner"])
        partners.smart_make_at_counter(self.till.id, {"typed": "17654321", "name": "Ana"})
        self.assertFalse(self.env["res.users"].sudo().search([("login", "=", "intruso")]))

    # -- what was not paid -----------------------------------------------------------------------

    def test_what_nobody_has_paid_is_not_invoiced(self):
        order = self.begun()
        with self.assertRaisesRegex(UserError, "not paid"):
            self.as_cashier(order).action_pos_order_invoice()
        with self.assertRaisesRegex(UserError, "not paid"):
            self.as_cashier(order, smart_pos_paid=True).action_pos_order_invoice()
        self.assertEqual((order.state, len(order.account_move)), ("draft", 0))

    def test_what_was_cancelled_is_not_invoiced(self):
        order = self.begun()
        order.action_pos_order_cancel()
        with self.assertRaisesRegex(UserError, "cancelled"):
            self.as_cashier(order).action_pos_order_invoice()
        self.assertEqual((order.state, len(order.account_move)), ("cancel", 0))

    # -- fields that only the server writes ------------------------------------------------------

    def test_a_cashier_writes_no_field_of_the_server(self):
        order = self.sale()
        foreign = self.make_invoice()
        self.confirm(foreign)
        for values in (
            {"smart_note_ids": [Command.link(foreign.id)]},
            {"account_move": foreign.id},
            {"account_move": False},
            {"smart_channel": "other"},
            {"smart_igtf_base": 5.0},
            {"smart_mail_to": "otro@example.com"},
            {"smart_new_customer": {"typed": "12345678"}},
            {"lines": [Command.update(order.lines.id, {"smart_igtf_base": 5.0})]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.as_cashier(order).write(values)
            self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.as_cashier(order.lines).smart_igtf_base = 5.0
        self.env.invalidate_all()

    def test_what_a_till_hands_in_writes_no_field_of_the_server(self):
        foreign = self.make_invoice()
        self.confirm(foreign)
        values = self.order_values(
            partner_id=self.customer.id,
            account_move=foreign.id,
            smart_note_ids=[Command.link(foreign.id)],
            smart_channel="other",
            smart_mail_to="otro@example.com",
        )
        values["lines"][0][2]["smart_igtf_base"] = 7.0
        self.orders().sync_from_ui([values])
        order = self.env["pos.order"].search([("uuid", "=", values["uuid"])])
        self.assertEqual(order.smart_channel, "smart")
        self.assertNotEqual(order.account_move, foreign)
        self.assertFalse(order.smart_note_ids)
        self.assertFalse(order.smart_mail_to)
        self.assertEqual(order.lines.mapped("smart_igtf_base"), [0.0])
        self.commit()
        self.send_waiting()
        self.assertEqual(order.account_move.smart_state, "issued")

    def test_a_sale_gets_no_second_document(self):
        order = self.sale()
        self.send_waiting()
        issued = order.account_move
        self.assertEqual(issued.smart_state, "issued")
        with self.assertRaises(UserError):
            self.as_cashier(order).account_move = False
        self.env.invalidate_all()
        self.as_cashier(order).action_pos_order_invoice()
        self.assertEqual(order.account_move, issued)

    def test_a_cashier_does_not_change_how_a_shop_issues(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Otro",
                "code": "OTR",
                "type": "sale",
                "company_id": self.company.id,
                "smart_enabled": False,
            }
        )
        for values in (
            {"smart_channel": "other", "invoice_journal_id": journal.id},
            {"invoice_journal_id": journal.id},
            {"smart_walk_in_partner_id": self.customer.id},
            {"smart_wait_seconds": 0},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.as_cashier(self.till).write(values)
            self.env.invalidate_all()
        self.as_cashier(self.till).open_ui()  # what tills do write

    # -- keys of the context ---------------------------------------------------------------------

    def test_keys_of_the_context_open_nothing(self):
        forged = {
            "smart_pos_paid": True,
            "smart_pos_stays_draft": "<b>No</b>",
            "smart_pos_part": [None, False],
            "smart_pos_notes": [1, 2, 3],
            "smart_igtf": True,
        }
        values = self.order_values(partner_id=self.customer.id)
        self.orders(**forged).sync_from_ui([values])
        order = self.env["pos.order"].search([("uuid", "=", values["uuid"])])
        self.commit()
        self.send_waiting()
        self.assertEqual(order.account_move.smart_state, "issued")

    def test_an_invoice_does_not_stay_a_draft_because_a_call_says_so(self):
        invoice = self.make_invoice()
        invoice.with_context(smart_pos_stays_draft="<b>No</b>").action_post()
        self.assertEqual(invoice.state, "posted")

    # -- what others have --------------------------------------------------------------------------

    def test_a_customer_of_another_company_is_told_nothing_of(self):
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        theirs = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Secreta, C.A.", "phone": "no tiene", "company_id": other.id})
        )
        values = {
            "config_id": self.till.id,
            "partner_id": theirs.id,
            "to_invoice": True,
            "lines": [
                {
                    "product_id": self.goods.id,
                    "qty": 1,
                    "price_unit": 20.0,
                    "price_subtotal": 20.0,
                    "price_subtotal_incl": 23.2,
                    "tax_ids": self.goods.taxes_id.ids,
                }
            ],
        }
        with self.assertRaises(AccessError):
            self.orders().smart_check_before_payment(values)

    def test_who_is_no_cashier_calls_nothing(self):
        order = self.sale()
        stranger = self.new_user("cualquiera", "base.group_user")
        portal = self.new_user("cliente", "base.group_portal")
        for user in (stranger, portal, self.env.ref("base.public_user")):
            shop = self.till.with_user(user)
            for call in (
                lambda shop=shop: shop.smart_follow([order.id]),
                lambda shop=shop: shop.smart_rates(),
                lambda shop=shop: shop.env["pos.order"].smart_read_tickets([order.id]),
                lambda shop=shop: shop.env["res.partner"].smart_find_at_counter(shop.id, "1"),
                lambda shop=shop: shop.env["res.partner"].smart_make_at_counter(
                    shop.id, {"typed": "1"}
                ),
                lambda shop=shop: shop.env["pos.order"].smart_check_before_payment(
                    {"config_id": shop.id, "lines": []}
                ),
            ):
                with mute_logger("odoo.models"), self.assertRaises(AccessError):
                    call()

    def test_a_cashier_of_another_company_calls_nothing(self):
        order = self.sale()
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        groups = "base.group_user,point_of_sale.group_pos_user"
        stranger = self.new_user("ajena", groups, company=other)
        shop = self.till.with_user(stranger).with_company(other)
        values = {"config_id": False, "partner_id": False, "to_invoice": False, "lines": []}
        back = {"refunded_orderline_id": order.lines.id, "qty": -1, "price_unit": 1}
        for call in (
            lambda: shop.smart_follow([order.id]),
            lambda: shop.smart_rates(),
            lambda: shop.env["pos.order"].smart_read_tickets([order.id]),
            lambda: shop.env["res.partner"].smart_find_at_counter(shop.id, "J-30984512-8"),
            lambda: shop.env["pos.order"].smart_check_before_payment(
                {**values, "config_id": shop.id, "lines": [back]}
            ),
            lambda: shop.env["pos.order"].sync_from_ui(
                [self.order_values(partner_id=self.customer.id)]
            ),
        ):
            with mute_logger("odoo.models"), self.assertRaises(UserError):
                call()
            self.env.invalidate_all()
        # A shop that there is not is none where everybody is found.
        with self.assertRaises(ValueError):
            shop.env["res.partner"].smart_find_at_counter(False, "J-30984512-8")
