import re

from odoo import Command, api, fields, models
from odoo.tools.mail import html_to_inner_content

from ..conversion.problem import Stated

#: HTML tags between which words do not run together.
BLOCKS = re.compile(r"<(?:p|div|br|li|h\d|tr|td|th|blockquote)\b")


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

    @api.depends("move_type", "journal_id", "company_id", "state")
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
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        if self.move_type == "out_refund":
            return "credit_note"
        corrected = self.debit_origin_id or self.reversed_entry_id or self.smart_note_origin_id
        return "debit_note" if corrected or self.smart_former_number else "invoice"

    def _smart_stated(self):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        remark = html_to_inner_content(BLOCKS.sub(r" \g<0>", str(self.narration or "")))
        if self._smart_document_type() != "invoice":
            remark = f"{self._smart_former_words()} {self.smart_note_reason or ''} {remark}"
        return Stated(
            name=self.name,
            company=self.company_id,
            contact=self.partner_id,
            customer=self.commercial_partner_id,
            day=self.invoice_date or None,
            currency=self.currency_id,
            rate=self._smart_stated_rate(),
            origin_rate=self._smart_origin_rate(),
            total=self.amount_total,
            remark=remark,
            branch=self.journal_id,
            # A credit note is no demand for payment.
            due=self.move_type == "out_invoice" and self.invoice_date_due or None,
            series=self.journal_id.smart_series or "",
        )

    def _smart_refer(self, conversion):
        # EXTENDS 'smart.document.owner'
        if self.move_type == "out_receipt":
            conversion.problem(
                self,
                "move_type",
                self.env._("A sales receipt is not a fiscal document."),
                self.env._(
                    "Make an invoice instead. What is sold without one is not booked in a journal "
                    "that issues through SMART."
                ),
            )
        self._smart_warn_of_discount(conversion)
        if conversion.document_type != "invoice":
            payload = self.env["smart.payload"]
            if self.smart_former_number:
                payload._add_former(conversion)
            else:
                payload._add_related(conversion)

    def _smart_warn_of_discount(self, conversion):
        """Warn of a discount that lowers the VAT in the books, after the document is issued."""
        term = self.invoice_payment_term_id
        if term.early_discount and term.early_pay_discount_computation == "included":
            conversion.problem(
                self,
                "invoice_payment_term_id",
                self.env._(
                    "“%s” lowers the VAT in the books when the customer pays early, but not on "
                    "the document that is issued.",
                    term.name,
                ),
                self.env._(
                    "Make a credit note of the discount when it is taken, or choose payment terms "
                    "whose discount leaves the tax as it is."
                ),
                warning=True,
            )

    def copy_data(self, default=None):
        # EXTENDS 'account': the IGTF is of what was paid on that document, and reversing takes it
        # back. Roundings are made anew when the copy is confirmed.
        vals_list = super().copy_data(default)
        reversing = self.env.context.get("include_business_fields")
        for move, vals in zip(self, vals_list, strict=True):
            if not move.is_sale_document():
                continue
            left_out = move.company_id.smart_rounding_product_id
            if not reversing:
                left_out += move.company_id.smart_igtf_product_id
                vals.pop("smart_igtf_base", None)
            vals["line_ids"] = [
                command
                for command in vals.get("line_ids", ())
                if command[0] != Command.CREATE or command[2].get("product_id") not in left_out.ids
            ]
        return vals_list

    def _smart_igtf_lines(self):
        """Return the lines that are the IGTF, not something sold."""
        self.ensure_one()
        return self._smart_lines_of(self.company_id.smart_igtf_product_id)
