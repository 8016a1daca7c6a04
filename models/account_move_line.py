from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import UserError

#: What is on the issued document, or what it was computed from.
FISCAL_FIELDS = frozenset(
    {
        "name",
        "product_id",
        "product_uom_id",
        "quantity",
        "price_unit",
        "discount",
        "deductible_amount",
        "tax_ids",
        "tax_line_id",
        "tax_repartition_line_id",
        "group_tax_id",
        "price_subtotal",
        "price_total",
        "amount_currency",
        "balance",
        "debit",
        "credit",
    }
)

#: To which document, of whom and in which currency a line is: for every line.
IDENTITY_FIELDS = frozenset(
    {"move_id", "partner_id", "currency_id", "company_id", "display_type", "currency_rate"}
)

#: Lines that are not on the issued document: when it is due, what was delivered. Their sum
#: cannot change, as the others do not and Odoo insists on balanced entries.
FREE_TYPES = ("payment_term", "cogs")

#: Whether Odoo's own ``write`` of journal items is at work.
_writing = ContextVar("l10n_ve_edi_smart.writing", default=False)


class AccountMoveLine(models.Model):
    """The lines of an issued document, locked on the roads that go round it."""

    _inherit = "account.move.line"

    def _smart_changes(self, vals):
        """Tell whether values would change what is fiscal about this line."""
        self.ensure_one()
        locked = IDENTITY_FIELDS
        if self.display_type not in FREE_TYPES:
            locked |= FISCAL_FIELDS
        Move = self.env["account.move"]
        return any(Move._field_will_change(self, vals, name) for name in locked & vals.keys())

    def _smart_refuse(self):
        """Raise in words why the document of this line cannot change."""
        # sudo: for words only
        raise UserError(self.move_id.smart_document_id.sudo()._why_locked())

    def _smart_of_fiscal(self):
        """Return the lines of documents whose content is settled."""
        fiscal = self.move_id._smart_fiscal()
        return self.filtered(lambda line: line.move_id in fiscal) if fiscal else self.browse()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        lines = super().create(vals_list)
        for line in lines._smart_of_fiscal():
            if line.display_type not in FREE_TYPES:
                line._smart_refuse()
        return lines

    def write(self, vals):
        # EXTENDS 'account'
        if (FISCAL_FIELDS | IDENTITY_FIELDS) & vals.keys():
            for line in self._smart_of_fiscal():
                if line._smart_changes(vals):
                    line._smart_refuse()
            # Nor may a line of another entry become one of an issued document.
            target = self.env["account.move"].browse(vals.get("move_id"))._smart_fiscal()
            if target and self.move_id != target:
                raise UserError(target.smart_document_id.sudo()._why_locked())  # sudo: for words
        token = _writing.set(True)
        try:
            return super().write(vals)
        finally:
            _writing.reset(token)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # EXTENDS 'account', whose `write` asks for the descriptions of those tracked fields that
        # it writes, and gets all hundred where these are none: four times for an invoice that is
        # confirmed, more than all of this addon's own work takes.
        if _writing.get() and allfields == []:
            return {}
        return super().fields_get(allfields, attributes)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        for line in self._smart_of_fiscal():
            if line.display_type not in FREE_TYPES:
                line._smart_refuse()
