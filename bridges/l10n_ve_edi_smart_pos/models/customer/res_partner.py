from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tools import SQL

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import Conversion, Stated
from odoo.addons.l10n_ve_edi_smart.models.issuer.res_partner_identification import TYPES
from odoo.addons.l10n_ve_edi_smart.smart_api import identification

from .pos_config import STAND_INS
from .problem import as_told

#: Letters of a RIF that no person has.
OF_COMPANIES = ("J", "G", "C")


class ResPartner(models.Model):
    """A customer at the counter: found by cédula or RIF, or made on the spot."""

    _inherit = "res.partner"

    smart_problems = fields.Json(
        string="Why No Document Can Be Made Out",
        compute="_compute_smart_problems",
        help="What SMART would not take of this customer; the till says so as soon as the "
        "customer is chosen.",
        groups="point_of_sale.group_pos_user",
    )

    @api.depends_context("company", "lang", "uid")
    @api.depends("name", "vat", "l10n_latam_identification_type_id", "street", "phone", "email")
    def _compute_smart_problems(self):
        company = self.env.company
        fiscal = bool(company.smart_issuer_id)
        for partner in self:
            partner.smart_problems = partner._smart_find_problems(company) if fiscal else []

    def _smart_find_problems(self, company):
        """Return what the pre-flight says of this customer, see :func:`problem.as_told`."""
        self.ensure_one()
        contact = self.browse(self.address_get(["invoice"])["invoice"])
        stated = Stated(
            name="",
            company=company,
            contact=contact,
            customer=contact.commercial_partner_id,
            day=None,
            currency=company.currency_id,
            total=0.0,
        )
        conversion = Conversion(self.env["account.move"], stated=stated)
        self.env["smart.payload"]._add_customer(conversion)
        return [as_told(one, conversion.owner, self.env) for one in conversion.errors]

    @api.model
    def _load_pos_data_fields(self, config):
        # EXTENDS 'point_of_sale'
        return [*super()._load_pos_data_fields(config), "smart_problems"]

    # -- by cédula or RIF --------------------------------------------------------------------

    @api.model
    def smart_find_at_counter(self, config_id, typed):
        """Return the customer with a cédula or RIF as the till loads it, ``[]`` for none.

        :param str typed: with or without letter, dots and dashes
        """
        shop = self._smart_shop(config_id)
        read = identification.at_counter(typed)
        found = self._smart_with_number(shop, *read) if read else self.browse()
        return self._load_pos_data_read(found, shop)

    @api.model
    def smart_make_at_counter(self, config_id, values):
        """Return the customer with a cédula or RIF as the till loads it; make it if there is none.

        :param dict values: ``typed``; of a new one ``name``, and what the shop asks for besides
        :returns: ``[]`` where the number is not valid
        """
        shop = self._smart_shop(config_id)
        return self._load_pos_data_read(self._smart_at_counter(shop, values), shop)

    @api.model
    def _smart_shop(self, config_id):
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only cashiers look customers up at the counter."))
        shop = self.env["pos.config"].browse(config_id).exists()
        shop.ensure_one()
        shop.check_access("read")
        return shop

    @api.model
    def _smart_at_counter(self, shop, values):
        """Find or make a customer; see ``smart_make_at_counter``."""
        read = identification.at_counter(values.get("typed"))
        if not read:
            return self.browse()
        if found := self._smart_with_number(shop, *read):
            return found
        kind, number = read
        self._smart_alone_with(number)
        country = shop.company_id.account_fiscal_country_id
        more = {field: values.get(field) or False for field in STAND_INS}
        # sudo: a cashier who may not make contacts makes a customer of these values alone. In
        # nobody's name, for anybody may have set defaults for contacts that he makes: users, say
        made = (
            self.sudo()
            .with_user(SUPERUSER_ID)
            .create(
                {
                    "name": values.get("name") or number,
                    "vat": number,
                    "l10n_latam_identification_type_id": self.env.ref(TYPES[kind]).id,
                    "is_company": number.startswith(OF_COMPANIES),
                    "country_id": country.id,
                    **more,
                }
            )
        )
        return made.with_env(self.env)

    @api.model
    def _smart_with_number(self, shop, kind, number):
        """Return the customer of a shop's company who has this cédula or RIF, if any.

        A person's RIF is the cédula and a check digit: whoever has the one is found by the other.
        """
        wanted = [number]
        if kind == "cedula":
            padded = number[0] + number[2:].zfill(8)
            rifs = [identification.format_rif(f"{padded}{digit}") for digit in range(10)]
            wanted += filter(None, rifs)
        elif cedula := identification.format_cedula(number[:-2]):
            wanted.append(cedula)
        spellings = [way for one in wanted for way in self._smart_spellings(one)]
        found = self.search(
            [*self._check_company_domain(shop.company_id), ("vat", "in", spellings)], order="id"
        )
        best = min(found, key=lambda one: spellings.index(one.vat), default=self.browse())
        return best.commercial_partner_id

    @api.model
    def _smart_spellings(self, number):
        """Return how a number may have been kept before the addon was there."""
        compact = number.replace("-", "")
        digits = compact[1:]
        dotted = f"{int(digits):,}".replace(",", ".") if len(digits) < 9 else digits
        upper = [number, compact, f"{compact[0]}-{digits}", f"{compact[0]}-{dotted}"]
        return list(dict.fromkeys([*upper, *map(str.lower, upper)]))

    @api.model
    def _smart_alone_with(self, number):
        """Have a number become one customer, however many tills make it in this moment.

        :raises ConcurrencyError: another transaction makes it, or has just made it; Odoo repeats
            this one, which finds it then
        """
        key = f"l10n_ve_edi_smart_pos.customer.{number}"
        [[alone]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", key)
        )
        # What was committed since this transaction began is seen by a new one alone.
        with self.env.registry.cursor() as cr:
            cr.execute(SQL("SELECT id FROM res_partner WHERE vat = %s AND active", number))
            seen = {row[0] for row in cr.fetchall()}
        if not alone or (seen - set(self.sudo().search([("vat", "=", number)]).ids)):
            raise ConcurrencyError(f"The customer {number} is being made elsewhere")
