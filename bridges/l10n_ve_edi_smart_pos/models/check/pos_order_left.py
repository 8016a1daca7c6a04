from odoo import api, models
from odoo.tools import float_compare

from odoo.addons.l10n_ve_edi_smart.models.stating.account_move_cents import ROUNDING

from ...igtf import igtf_of
from ..invoicing.pos_order_rounding import NOTHING


class PosOrder(models.Model):
    """Returns take back no more than is left: neither of the goods, nor of what was invoiced."""

    _inherit = "pos.order"

    @api.model
    def _smart_why_not_so_much(self, taken):
        """Return in words why so much cannot be taken back, or ``""``.

        :param taken: of each line of a sold order: the line, the quantity that comes back, and the
            amount for it, tax included
        """
        amounts = {}
        for line, quantity, amount in taken:
            if not line.order_id._smart_is_fiscal():
                continue
            if why := line._smart_why_none_left(quantity):
                return why
            if not line.smart_igtf_base:
                amounts[line.order_id] = amounts.get(line.order_id, 0.0) + amount
        for order, amount in amounts.items():
            igtf = order.sudo()._smart_igtf_with(amount)  # sudo: as below
            if why := order._smart_why_not_this_amount(amount + igtf):
                return why
        return ""

    def _smart_igtf_with(self, amount):
        """Return the IGTF of this order that goes back with so much of its goods."""
        igtf = self.lines.filtered(lambda line: line.smart_igtf_base > 0)
        if not igtf:
            return 0.0
        done = self.lines.refund_orderline_ids.filtered(
            lambda line: line.order_id.state in ("paid", "done")
        )
        given = done.filtered("smart_igtf_base")
        before = -sum(line._smart_amount() for line in done - given)
        return float(igtf_of(igtf._smart_igtf_base_back(before + amount, amount, given)))

    def _smart_why_not_this_amount(self, amount):
        # sudo: cashiers need no right to invoices
        invoice = self.sudo().account_move
        if not invoice.smart_document_id:
            return ""
        notes = invoice._smart_notes()
        if notes.currency_id - invoice.currency_id:
            return ""  # whoever confirms the note is told
        _currency, invoiced, credited, _same = invoice._smart_credit(invoice, notes)
        left = max(invoiced - credited, 0.0)
        # What was sold came to more than was paid, where that was rounded.
        allowed = max(ROUNDING, self._smart_rounded_by()) if left else NOTHING
        if amount - left <= allowed:
            return ""
        return self.env._(
            "Of %(invoice)s, %(left)s can still be credited, but the return comes to %(amount)s. "
            "Take back less, or at a lower price.",
            invoice=invoice.display_name,
            left=invoice.currency_id.format(left),
            amount=invoice.currency_id.format(amount),
        )


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _smart_why_none_left(self, quantity):
        """Return in words why a quantity of this line cannot be taken back, or ``""``.

        Whatever other tills have done meanwhile: what is only begun does not count.
        """
        # sudo: it may have been taken back in a shop that the cashier cannot read
        done = self.sudo().refund_orderline_ids.filtered(
            lambda line: line.order_id.state in ("paid", "done")
        )
        left = max(self.qty + sum(done.mapped("qty")), 0.0)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if float_compare(quantity, left, precision_digits=digits) <= 0:
            return ""
        return self.env._(
            "%(product)s of %(order)s: %(left)s can still be taken back, not %(quantity)s. The "
            "rest was taken back already.",
            product=self.full_product_name or self.product_id.display_name,
            order=self.order_id.pos_reference or self.order_id.name,
            left=f"{left:g}",
            quantity=f"{quantity:g}",
        )
