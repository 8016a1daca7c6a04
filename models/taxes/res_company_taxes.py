from odoo import models

from ...smart_api.rates import EXEMPT
from .chart_taxes import VAT_RATES


class ResCompany(models.Model):
    """Which taxes of a company are the VAT of SMART's rates."""

    _inherit = "res.company"

    def _smart_exempt_tax(self):
        """Return the tax that says that a line is exempt; none if the company has none."""
        return self._smart_vat("sale", EXEMPT)

    def _smart_vat(self, use, kind, archived=False):
        """Return the company's tax of a use and kind: the first one, as they are sorted, or none.

        :param use: ``sale`` or ``purchase``
        :param kind: a key of ``RATES``
        :param bool archived: whether one that is archived will do, where there is no other
        """
        self.ensure_one()
        Tax = self.env["account.tax"].with_context(active_test=not archived)
        taxes = Tax.search(
            [
                *Tax._check_company_domain(self),
                ("type_tax_use", "=", use),
                ("smart_tax_kind", "=", kind),
            ],
            order="active desc, sequence, id",
        )
        return taxes._smart_on_document()[:1]

    def _smart_vat_account(self, use):
        """Return the account on which the company books VAT of a use; none if it has no VAT."""
        self.ensure_one()
        Line = self.env["account.tax.repartition.line"]
        line = Line.search(
            [
                *Line._check_company_domain(self),
                ("repartition_type", "=", "tax"),
                ("account_id", "!=", False),
                ("tax_id.type_tax_use", "=", use),
                ("tax_id.amount_type", "=", "percent"),
                ("tax_id.amount", "in", list(VAT_RATES)),
                ("tax_id.country_id.code", "=", "VE"),
            ],
            limit=1,
        )
        return line.account_id
