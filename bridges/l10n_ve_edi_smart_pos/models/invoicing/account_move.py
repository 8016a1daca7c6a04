from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.l10n_ve_edi_smart.models.stating.account_move_cents import ROUNDING
from odoo.addons.l10n_ve_edi_smart.smart_api import amounts


class AccountMove(models.Model):
    """Invoices and credit notes that a till makes."""

    _inherit = "account.move"

    @api.model
    def default_get(self, fields):
        # EXTENDS 'account': of what tills sell, without the defaults that a cashier has for himself
        own = self
        if self.env.context.get("linked_to_pos"):
            own = self.with_user(SUPERUSER_ID)
        return super(AccountMove, own).default_get(fields)

    # -- what a credit note takes back ---------------------------------------------------------

    smart_pos_order_ids = fields.Many2many(
        comodel_name="pos.order",
        relation="smart_pos_order_note_rel",
        column1="account_move_id",
        column2="pos_order_id",
        readonly=True,
        copy=False,
    )
    smart_pos_rounded_order_id = fields.Many2one(
        comodel_name="pos.order",
        string="Order of the Till That Was Rounded",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="This entry is what its cash rounding gained or lost beside its documents.",
    )

    def _smart_originals(self):
        """Return the orders whose goods these credit notes take back."""
        # sudo: accountants need no right to orders of tills
        note = self.sudo()
        return (note.pos_order_ids | note.smart_pos_order_ids)._smart_originals()

    def _smart_sources(self):
        # EXTENDS 'l10n_ve_edi_smart'
        whole, parts = super()._smart_sources()
        invoices = self._smart_originals().account_move.with_env(self.env)
        if len(invoices) == 1:
            return whole | invoices, parts
        return whole, parts | invoices

    def _smart_how_to_choose_origin(self):
        # EXTENDS 'l10n_ve_edi_smart'
        never = self._smart_originals().filtered(lambda order: not order.account_move)
        if not never:
            return super()._smart_how_to_choose_origin()
        return self.env._(
            "What it takes back was sold by %s, which was never invoiced. Invoice that first, "
            "under Point of Sale › Orders, then choose the invoice; or delete this draft, if the "
            "goods were taken back without an invoice.",
            ", ".join(order.pos_reference or order.name for order in never),
        )

    # -- how it was paid, and what is free -----------------------------------------------------

    def _smart_payment_name(self, line):
        # EXTENDS 'l10n_ve_edi_smart': the till books all its payments in a journal of its own, so
        # the method says how it was paid; change is taken off the cash already
        if line.move_id.sudo().smart_pos_rounded_order_id:  # sudo: for that only
            return False
        payments = line.move_id.pos_payment_ids.filtered(lambda payment: not payment.is_change)
        method = payments.payment_method_id[:1]
        return method.name or super()._smart_payment_name(line)

    def _smart_is_made_free(self):
        # EXTENDS 'l10n_ve_edi_smart': of orders of the till, which a coupon may pay for
        ordered = self.pos_order_ids and self.invoice_line_ids
        return bool(ordered) or super()._smart_is_made_free()

    @api.model
    def _smart_check_document(self, vals_list):
        # EXTENDS 'l10n_ve_edi_smart' with what the till alone writes
        noted = {"smart_pos_order_ids", "smart_pos_rounded_order_id"}
        if not self.env.su and any(noted & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("What the till has noted cannot be set by hand."))
        return super()._smart_check_document(vals_list)

    # -- what was paid stands ------------------------------------------------------------------

    def _smart_total_to_keep(self):
        # EXTENDS 'l10n_ve_edi_smart'
        paid = self._smart_total_paid()
        return self._smart_at_most_left(super()._smart_total_to_keep() if paid is None else paid)

    def _smart_total_paid(self):
        """Return what a till was paid for this draft alone, but for roundings; else ``None``."""
        # sudo: for amounts only; whoever confirms invoices may not read the orders of a till
        orders = self.sudo().pos_order_ids
        if not orders or orders.smart_note_ids:  # of an exchange it is the difference
            return None
        if orders._smart_rounds_to_nothing():  # there is no document of nothing
            return None
        lines = orders._smart_payment_lines()
        paid = abs(amounts.money(sum(orders.mapped("amount_paid")) - orders[0]._smart_total(lines)))
        # What the till has not collected was added to the draft.
        collected = abs(orders[0]._smart_total(orders.lines.filtered("smart_igtf_base")))
        paid += self._smart_sum(self._smart_igtf_lines()) - amounts.money(collected)
        shown = amounts.money(self.amount_total)
        # More is no rounding: the draft was edited, or the order is not paid.
        rounded_by = max(self._smart_rounded_by(), amounts.money(ROUNDING))
        return paid if abs(paid - shown) <= rounded_by else None

    def _smart_at_most_left(self, total):
        """Return a total, or what is left of what this takes back, if only rounding exceeds it.

        :param total: what the draft has to come to; ``None`` if its taxes decide
        """
        origin = self.smart_note_origin_id or self.reversed_entry_id
        # sudo: as above
        orders = self.sudo().pos_order_ids | self.sudo().smart_pos_order_ids
        if self.move_type != "out_refund" or not origin or not orders:
            return total
        # Of many parts the taxes may come to some cents more than that of the whole.
        rounded_by = max(self._smart_rounded_by(), amounts.money(ROUNDING))
        wanted = amounts.money(self.amount_total) if total is None else total
        left = self._smart_left(origin)
        return left if left and 0 < wanted - left <= rounded_by else total

    def _smart_rounded_by(self):
        # EXTENDS 'l10n_ve_edi_smart'
        # sudo: as above
        move = self.sudo()
        orders = move.pos_order_ids | move.smart_pos_order_ids
        return max(super()._smart_rounded_by(), amounts.money(orders._smart_rounded_by()))


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def default_get(self, fields):
        # EXTENDS 'account': as those of their document
        own = self
        if self.env.context.get("linked_to_pos"):
            own = self.with_user(SUPERUSER_ID)
        return super(AccountMoveLine, own).default_get(fields)
