from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ...smart_api import amounts
from ..terms import CARACAS


class AccountMove(models.Model):
    """Fields of a fiscal document that Odoo's invoices do not have."""

    _inherit = "account.move"

    smart_note_origin_id = fields.Many2one(
        comodel_name="account.move",
        string="Corrects",
        compute="_compute_smart_note_origin_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        domain="[('company_id', '=', company_id), ('state', '=', 'posted'), "
        "('move_type', 'in', ('out_invoice', 'out_refund')), "
        "('commercial_partner_id', '=', commercial_partner_id)]",
        help="The issued document that this note corrects. An invoice that corrects another "
        "one is a debit note.",
        groups="base.group_user",
    )
    smart_former_number = fields.Char(
        string="Corrects (before SMART)",
        copy=False,
        help="Control number of the document that this note corrects, if that was issued before "
        "the company joined SMART. An invoice that corrects another one is a debit note.",
        groups="base.group_user",
    )
    smart_note_reason = fields.Char(
        string="Reason of the Correction",
        copy=False,
        help="Why the note is made; it is printed as the note's remark. SMART insists on it when "
        "the corrected document was issued before SMART.",
        groups="base.group_user",
    )
    smart_igtf_base = fields.Monetary(
        string="Paid in Foreign Currency",
        readonly=True,
        help="What the IGTF is computed of, in the currency of the document.",
        groups="base.group_user",
    )

    # For the buttons only.
    smart_is_fiscal = fields.Boolean(compute="_compute_smart_is_fiscal", groups="base.group_user")
    smart_collects_igtf = fields.Boolean(
        related="company_id.smart_collects_igtf",
        groups="base.group_user",
    )
    smart_origin_is_issued = fields.Boolean(
        string="Corrects an Issued Document",
        compute="_compute_smart_origin_is_issued",
        groups="base.group_user",
    )

    @api.depends("move_type", "journal_id", "company_id")
    def _compute_smart_is_fiscal(self):
        for move in self:
            move.smart_is_fiscal = move._smart_is_fiscal()

    @api.depends("smart_note_origin_id")
    def _compute_smart_origin_is_issued(self):
        for move in self:
            # An invoice from before SMART can be the origin in Odoo: its number is entered then.
            origin = move.smart_note_origin_id
            # sudo: the invoice of a branch that the user cannot read
            move.smart_origin_is_issued = bool(origin.smart_document_id.sudo().control_number)

    @api.depends("reversed_entry_id", "debit_origin_id", "move_type")
    def _compute_smart_note_origin_id(self):
        for move in self:
            origin = move.debit_origin_id or move.reversed_entry_id
            if move.move_type != "out_refund" and origin.move_type == "out_refund":
                # A note that takes a credit note back corrects what that one corrected.
                origin = origin.smart_note_origin_id
            move.smart_note_origin_id = origin or move.smart_note_origin_id

    def _smart_document_type(self):
        """Return the key of the document's type, see ``terms.DOCUMENT_TYPES``."""
        self.ensure_one()
        if self.move_type == "out_refund":
            return "credit_note"
        if self.debit_origin_id or self.smart_note_origin_id or self.smart_former_number:
            return "debit_note"
        return "invoice"

    @api.model
    def _smart_today(self):
        """Return the date in Caracas: SMART stamps it on documents that are issued now."""
        # From Odoo's clock, so that tests can set it.
        now = fields.Datetime.now().replace(tzinfo=ZoneInfo("UTC"))
        return datetime.astimezone(now, CARACAS).date()

    def _smart_igtf_lines(self):
        """Return the lines that are the IGTF, not something sold."""
        self.ensure_one()
        product = self.company_id.smart_igtf_product_id
        if not product:
            return self.env["account.move.line"]
        return self.invoice_line_ids.filtered(
            lambda line: line.product_id == product and line.display_type == "product"
        )

    def _smart_payments(self):
        """Tell how the document was paid, else how it is to be paid.

        :returns: pairs of (name, amount in the document's currency)
        """
        self.ensure_one()
        paid = defaultdict(lambda: amounts.ZERO)
        for line in self.line_ids:
            if line.display_type != "payment_term":
                continue
            for partial in line.matched_credit_ids:
                self._smart_add_payment(paid, partial.credit_move_id, partial.debit_amount_currency)
            for partial in line.matched_debit_ids:
                self._smart_add_payment(paid, partial.debit_move_id, partial.credit_amount_currency)
        if paid:
            return list(paid.items())
        term = self.invoice_payment_term_id
        return [(term.name, amounts.money(self.amount_total))] if term else []

    def _smart_add_payment(self, paid, counterpart, amount):
        entry = counterpart.move_id
        # Exchange differences and notes settle a document, but nobody paid with them.
        exchange = entry.journal_id == entry.company_id.currency_exchange_journal_id
        if exchange or entry.is_invoice(include_receipts=True) or amount <= 0:
            return
        # sudo: the document says how it was paid, even if the user may not read payments
        line = entry.sudo().origin_payment_id.payment_method_line_id
        # “Manual Payment” says less than the journal: Efectivo, Banco Mercantil…
        renamed = line.name and line.name != line.payment_method_id.name
        paid[line.name if renamed else entry.journal_id.name] += amounts.money(amount)
