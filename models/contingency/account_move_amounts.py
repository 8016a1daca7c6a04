from odoo import models

from ...smart_api import texts
from ...smart_api.rates import ADDENDS, EXEMPT, PARTS
from ..conversion.payload_currency import is_bolivar


class AccountMove(models.Model):
    """What a sheet keeps of the document that is on it."""

    _inherit = "account.move"

    def _smart_sheet_vals(self):
        """Return what the document says, in columns of its sheet."""
        self.ensure_one()
        customer = self.commercial_partner_id
        bolivar = self.env.ref("base.VES")
        rate = self._smart_bolivares_of_company(bolivar)
        parts = {part: bolivar.round(amount * rate) for part, amount in self._smart_parts().items()}
        typed = texts.one_line(self.smart_sheet_number)
        return {
            "move_id": self.id,
            "company_id": self.company_id.id,
            "document_type": self._smart_document_type(),
            "issue_date": self.invoice_date,
            "partner_id": customer.id,
            "customer_name": texts.one_line(customer.name),
            "customer_vat": customer.vat,
            "currency_id": self.currency_id.id,
            "amount_total": self.amount_total,
            "bolivar_id": bolivar.id,
            "amounts": parts,
            "amount_total_signed": sum(parts[part] for part in ADDENDS),
            **({"document_number": typed} if typed else {}),
        }

    def _smart_bolivares_of_company(self, bolivar):
        """Return what a unit of the company's currency is worth in bolívares on its day."""
        own = self.company_currency_id
        if is_bolivar(own):
            return 1.0
        return self.env["res.currency"]._get_conversion_rate(
            own, bolivar, self.company_id, self.invoice_date
        )

    def _smart_parts(self):
        """Return what is booked: part -> amount in the company's currency, signed."""
        parts = dict.fromkeys(PARTS, 0.0)
        for line in self.line_ids:
            part = self._smart_part_of(line)
            if part:
                parts[part] -= line.balance
        return parts

    def _smart_unknown_taxes(self):
        """Return the taxes of the lines that have no column in the book."""
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        return lines.tax_ids._smart_on_document().filtered(lambda tax: not tax.smart_tax_kind)

    def _smart_part_of(self, line):
        tax = line.group_tax_id or line.tax_line_id
        if line.display_type == "tax" or (line.display_type == "rounding" and tax):
            kind = tax.smart_tax_kind
            return kind and kind != EXEMPT and f"{kind}_tax"
        if line.display_type == "rounding":
            return EXEMPT
        if line.display_type != "product":
            return ""
        if line.product_id and line.product_id == self.company_id.smart_igtf_product_id:
            return "igtf_tax"
        kind = min(filter(None, line.tax_ids.mapped("smart_tax_kind")), default=EXEMPT)
        return EXEMPT if kind == EXEMPT else f"{kind}_base"
