from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.l10n_ve_edi_smart.models.conversion.payload_currency import is_bolivar
from odoo.addons.l10n_ve_edi_smart.smart_api.line_amounts import decimal, round_half_up


class PosConfig(models.Model):
    """What a till has to know of money: whether it collects the IGTF, and the rates of the day."""

    _inherit = "pos.config"

    smart_show_second_currency = fields.Boolean(
        string="Second Currency",
        help="Show the total in the additional currency as well, with the rate of the day, on the "
        "screen and on the ticket.",
    )

    def _smart_collects_igtf(self):
        """Tell whether this shop collects the IGTF of what is paid in foreign currency."""
        self.ensure_one()
        # sudo: cashiers need no right to companies
        return self.smart_is_fiscal and self.sudo().company_id.smart_collects_igtf

    def _smart_second_currency(self):
        """Return the currency that totals are shown in beside the till's own."""
        self.ensure_one()
        if not is_bolivar(self.currency_id):
            return self.env.ref("base.VES")
        # sudo: as above
        return self.sudo().company_id.smart_additional_currency_id or self.env.ref("base.USD")

    def _smart_currencies(self):
        """Return the currencies that this till has to do with."""
        self.ensure_one()
        second = self._smart_second_currency()
        return self.currency_id | second | self.payment_method_ids.smart_currency_id

    def _smart_bolivares(self, day=None):
        """Return currency -> what a unit of it is worth, in bolívares, four decimals.

        Without those of which the company has no rate. As documents state it.

        :param datetime.date day: by default today
        """
        self.ensure_one()
        company, day = self.company_id, day or self.env["account.move"]._smart_today()
        currencies = self._smart_currencies()
        bolivar = currencies.filtered(is_bolivar)[:1] or self.env.ref("base.VES")
        rated = self.env["res.currency.rate"]._read_group(
            [
                ("currency_id", "in", currencies.ids),
                ("company_id", "in", (False, company.root_id.id)),
                ("name", "<=", day),
            ],
            ["currency_id"],
        )
        known = company.currency_id.union(*(currency for [currency] in rated))
        if bolivar not in known:
            return {}
        worth = {bolivar: Decimal(1)}
        for currency in (currencies & known) - bolivar:
            rate = currency._get_conversion_rate(currency, bolivar, company, day)
            worth[currency] = round_half_up(decimal(rate), 4)
        return worth

    def smart_rates(self):
        """Return for the till what a unit of each of its currencies is worth in bolívares today.

        :returns: id of a currency -> number
        """
        self.ensure_one()
        self.check_access("read")
        return {currency.id: float(worth) for currency, worth in self._smart_bolivares().items()}

    def _smart_money_to_load(self):
        """Return what a till has to know of money, beside the fields of its shop."""
        self.ensure_one()
        # sudo: cashiers need no right to companies
        product = self.sudo().company_id.smart_igtf_product_id
        return {
            "_smart_collects_igtf": self._smart_collects_igtf(),
            "_smart_igtf_product_id": product.id,
            "_smart_second_currency_id": (
                self.smart_show_second_currency and self._smart_second_currency().id
            ),
            "_smart_bolivares": self.smart_rates(),
        }

    def _get_special_products(self):
        # EXTENDS 'point_of_sale': the till loads it, and does not offer it for sale
        # sudo: cashiers need no right to companies
        return super()._get_special_products() | self.env.company.sudo().smart_igtf_product_id


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _load_pos_data_domain(self, data, config):
        # EXTENDS 'point_of_sale'
        domain = super()._load_pos_data_domain(data, config)
        if not config.smart_is_fiscal:
            return domain
        return ["|", ("id", "in", config._smart_currencies().ids), *domain]
