from datetime import timezone

from odoo import api, fields, models

from ...smart_api import amounts
from ...smart_api.rates import ADDENDS, PARTS
from ..conversion.payload_currency import is_bolivar
from ..terms import CARACAS


class SmartDocument(models.Model):
    """What the document says, in columns: for look-ups, sums and the control-number book.

    Taken from the request when the document is queued: so they stay what SMART was told, even if
    the customer's name or the invoice changes. Amounts in the document's currency are as on the
    document. Amounts in bolívares are signed (credit notes are negative) and can be added up.

    If the company keeps its books in bolívares, these are the amounts of its journal items.
    Otherwise they are computed with the rate that the document states.
    """

    _inherit = "smart.document"

    customer_name = fields.Char(
        string="Customer's Name", readonly=True, copy=False, help="As it was sent to SMART."
    )
    customer_vat = fields.Char(
        string="RIF or Cédula",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The customer's identification, as it was sent to SMART.",
    )
    issue_date = fields.Date(
        string="Fiscal Date",
        compute="_compute_issue_date",
        store=True,
        index="btree_not_null",
        help="The day of issue in Caracas.",
    )
    branch_code = fields.Char(string="Branch", readonly=True, copy=False)
    exchange_rate = fields.Float(
        digits=(16, 4),
        readonly=True,
        copy=False,
        aggregator=None,
        help="Bolívares per unit of the foreign currency, as the document states it.",
    )
    bolivar_id = fields.Many2one(
        comodel_name="res.currency", string="Bolívar", readonly=True, copy=False
    )

    exempt = fields.Monetary(readonly=True, copy=False)
    general_base = fields.Monetary(string="Base 16 %", readonly=True, copy=False)
    general_tax = fields.Monetary(string="VAT 16 %", readonly=True, copy=False)
    reduced_base = fields.Monetary(string="Base 8 %", readonly=True, copy=False)
    reduced_tax = fields.Monetary(string="VAT 8 %", readonly=True, copy=False)
    luxury_base = fields.Monetary(string="Base 31 %", readonly=True, copy=False)
    luxury_tax = fields.Monetary(string="VAT 31 %", readonly=True, copy=False)
    igtf_base = fields.Monetary(string="IGTF Base", readonly=True, copy=False)
    igtf_tax = fields.Monetary(string="IGTF", readonly=True, copy=False)

    exempt_signed = fields.Monetary(
        string="Exempt (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    general_base_signed = fields.Monetary(
        string="Base 16 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    general_tax_signed = fields.Monetary(
        string="VAT 16 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    reduced_base_signed = fields.Monetary(
        string="Base 8 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    reduced_tax_signed = fields.Monetary(
        string="VAT 8 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    luxury_base_signed = fields.Monetary(
        string="Base 31 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    luxury_tax_signed = fields.Monetary(
        string="VAT 31 % (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    igtf_base_signed = fields.Monetary(
        string="IGTF Base (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    igtf_tax_signed = fields.Monetary(
        string="IGTF (Bs.)", currency_field="bolivar_id", readonly=True, copy=False
    )
    amount_total_signed = fields.Monetary(
        string="Total (Bs.)",
        currency_field="bolivar_id",
        readonly=True,
        copy=False,
        help="Credit notes are negative.",
    )

    @api.depends("issued_at")
    def _compute_issue_date(self):
        for document in self:
            moment = document.issued_at
            document.issue_date = (
                moment and moment.replace(tzinfo=timezone.utc).astimezone(CARACAS).date()
            )

    @api.model
    def _stated_vals(self, conversion):
        """Return the columns of this file for a converted document.

        :param conversion: a :class:`problem.Conversion` without errors
        """
        values = conversion.values
        sign = -1 if conversion.document_type == "credit_note" else 1
        stated = {part: values.get(part) or amounts.ZERO for part in PARTS}
        bolivares = conversion.owner._smart_bolivares(conversion)
        return {
            "customer_name": values["customer_name"],
            "customer_vat": values["customer_identification"],
            "branch_code": values.get("branch"),
            "exchange_rate": values["exchange_rate"],
            "bolivar_id": self.env["smart.payload"]._bolivar(conversion).id,
            **stated,
            **{f"{part}_signed": sign * amount for part, amount in bolivares.items()},
            "amount_total_signed": sign * sum(bolivares[part] for part in ADDENDS),
        }


class SmartDocumentOwner(models.AbstractModel):
    _inherit = "smart.document.owner"

    def _smart_bolivares(self, conversion):
        """Return what the document states, in bolívares: part by part, never negative.

        :param conversion: of this owner, without errors
        :rtype: dict[str, decimal.Decimal]
        """
        self.ensure_one()
        values = conversion.values
        rate = 1 if is_bolivar(self.currency_id) else values["exchange_rate"]
        return {part: amounts.money((values.get(part) or amounts.ZERO) * rate) for part in PARTS}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_bolivares(self, conversion):
        # EXTENDS 'smart.document.owner': what is booked in bolívares is not computed again
        bolivares = super()._smart_bolivares(conversion)
        if not is_bolivar(self.company_currency_id):
            return bolivares
        # The IGTF's base is not in the books: it is converted from the document's currency.
        bolivares = {
            part: bolivares[part] if part == "igtf_base" else amounts.ZERO for part in PARTS
        }
        igtf = self._smart_igtf_lines()
        for line in self.line_ids:
            part = self._smart_part(line, igtf)
            if part:
                bolivares[part] += amounts.money(self.direction_sign * line.balance)
        return bolivares

    def _smart_part(self, line, igtf):
        """Return which of :data:`PARTS` a journal item adds to; ``None`` for the others."""
        if line in igtf:
            return "igtf_tax"
        if line.display_type == "product":
            kind = line.tax_ids.smart_tax_kind or "exempt"
            return "exempt" if kind == "exempt" else f"{kind}_base"
        tax = line.group_tax_id or line.tax_line_id
        if line.display_type == "tax" and tax.smart_tax_kind not in (False, "exempt"):
            return f"{tax.smart_tax_kind}_tax"
        return None
