from odoo import models

from .pos_order_documents import PART


class PosOrder(models.Model):
    """What a document of a till says, see ``pos_order_documents``."""

    _inherit = "pos.order"

    def _prepare_invoice_vals(self):
        # EXTENDS 'point_of_sale'
        values = super()._prepare_invoice_vals()
        part, alone = self.env.context.get(PART, (None, True))
        if not part:
            return values
        values |= {
            "move_type": part.move_type,
            "reversed_entry_id": part.origin.id,
            "pos_refunded_invoice_ids": part.origin.ids,
            "ref": self._smart_reference(part.origin),
            "invoice_line_ids": self._prepare_invoice_lines(part.move_type),
        }
        if part.origin:
            values |= part.origin._smart_former_values()
        if not alone:
            # It is what is paid that is rounded, and that is none of the documents.
            values["invoice_cash_rounding_id"] = False
        return values

    def _smart_reference(self, origin):
        if origin:
            return self.env._("Reversal of: %s", origin.name)
        return self.name if len(self) == 1 else False

    def _prepare_tax_base_line_values(self):
        # EXTENDS 'point_of_sale'
        values = super()._prepare_tax_base_line_values()
        part, _alone = self.env.context.get(PART, (None, True))
        if part:
            values = [one for one in values if one["record"] in part.lines]
        return values

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        # EXTENDS 'point_of_sale', whose sign depends on what the till calls a refund
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        if not self.env.context.get(PART):
            return values
        quantity = pos_line.qty if move_type == "out_invoice" else -pos_line.qty
        if values["quantity"] * quantity < 0:
            values["quantity"] *= -1
            if "extra_tax_data" in values:
                values["extra_tax_data"] = self.env[
                    "account.tax"
                ]._reverse_quantity_base_line_extra_tax_data(values["extra_tax_data"])
        return values
