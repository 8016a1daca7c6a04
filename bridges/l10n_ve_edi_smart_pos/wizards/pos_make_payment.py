from odoo import api, fields, models


class PosMakePayment(models.TransientModel):
    """The window that pays an order in the back office: what is paid in dollars pays the IGTF."""

    _inherit = "pos.make.payment"

    smart_igtf_words = fields.Char(string="IGTF", compute="_compute_smart_igtf_words")

    def _smart_order(self):
        """Return the order that is paid, if that costs IGTF; else none."""
        order = self.env["pos.order"].browse(self.env.context.get("active_id")).exists()
        return order.filtered(lambda one: one._smart_pays_igtf_by_hand())

    @api.onchange("payment_method_id")
    def _onchange_smart_payment_method(self):
        if order := self._smart_order():
            self.amount = order._smart_due_in(self.payment_method_id)

    @api.depends("payment_method_id", "amount")
    def _compute_smart_igtf_words(self):
        for window in self:
            window.smart_igtf_words = False
            if order := window._smart_order():
                base = order._smart_igtf_base_with(window.payment_method_id, window.amount)
                window.smart_igtf_words = order._smart_igtf_in_words(base) if base else False

    def check(self):
        # EXTENDS 'point_of_sale': the IGTF is a part of what is owed, before it is all paid. The
        # sale is of the day on which it is paid, as at the till, and so is its rate
        begun = self.env["pos.order"].browse(self.env.context.get("active_id")).exists()
        if begun.state == "draft" and begun._smart_is_fiscal():
            begun.date_order = fields.Datetime.now()
        order = self._smart_order()
        if not order:
            return super().check()
        order._smart_book_igtf(order._smart_igtf_base_with(self.payment_method_id, self.amount))
        result = super().check()
        if order.state == "draft":
            # The till asks for it by itself, if the order is completed there.
            order._smart_book_igtf(0)
        return result
