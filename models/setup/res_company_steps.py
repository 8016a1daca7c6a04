from odoo import models
from odoo.tools import format_date, formatLang

from ...smart_api.rates import EXEMPT, RATES
from ..base.labels import labels
from ..terms import NUMBERED_STATES

DONE, TODO, WRONG = "done", "todo", "wrong"

#: Without these an invoice cannot be confirmed, or its default tax is none of SMART's.
WANTED_TAXES = ("general", EXEMPT)


class ResCompany(models.Model):
    """What it takes until the first legal document, and how much of it is done."""

    _inherit = "res.company"

    def _smart_setup(self):
        """Return the checklist of the company, for the widget that shows it.

        :rtype: dict
        :returns: ``company``: its id; ``title``: how many steps are done; ``steps``: a list of
            dicts with ``key`` (see :meth:`action_smart_setup`), ``title``, ``state`` (``done``,
            ``todo`` or ``wrong``), ``detail``: where it stands, in words
        """
        self.ensure_one()
        # sudo: whoever may set it up reads companies and users only in part; no secret is told
        company = self.sudo()
        steps = [
            {"key": key, "title": title, "state": state, "detail": detail or ""}
            for key, title, (state, detail) in (
                ("rif", self.env._("RIF of the company"), company._smart_step_rif()),
                ("token", self.env._("Token"), company._smart_step_token()),
                ("environment", self.env._("Environment"), company._smart_step_environment()),
                ("rate", self.env._("Today's exchange rate"), company._smart_step_rate()),
                ("walk_in", self.env._("Walk-in customers"), company._smart_step_walk_in()),
                ("taxes", self.env._("Taxes"), company._smart_step_taxes()),
                ("journals", self.env._("Journals"), company._smart_step_journals()),
                ("responsible", self.env._("Responsible person"), company._smart_step_person()),
                ("document", self.env._("First test document"), company._smart_step_document()),
                ("production", self.env._("Production"), company._smart_step_production()),
            )
        ]
        return {
            "company": self.id,
            "title": self.env._(
                "Set-up of SMART: %(done)s of %(count)s",
                done=sum(step["state"] == DONE for step in steps),
                count=len(steps),
            ),
            "steps": steps,
        }

    def _smart_step_rif(self):
        if self.smart_rif:
            return DONE, self.smart_rif
        if self.vat:
            return WRONG, self.env._("“%s” is no RIF, such as J-12345678-9", self.vat)
        return TODO, False

    def _smart_step_token(self):
        issuer = self.smart_issuer_id
        if issuer and issuer != self:
            return DONE, self.env._("Issues in the name of %s", issuer.name)
        if self.smart_token_lost:
            return WRONG, self.env._("It cannot be opened: its key is missing")
        holder = self._smart_token_holder()
        if not holder:
            return TODO, False
        if holder.rif != self.smart_rif:
            return WRONG, self.env._("It belongs to %s", f"{holder.rif} · {holder.name}")
        return DONE, f"{holder.rif} · {holder.name}"

    def _smart_step_environment(self):
        company = self._smart_issuer_or_self()
        name = labels(company, "smart_environment")[company.smart_environment]
        return TODO if company.smart_environment == "disabled" else DONE, name

    def _smart_step_rate(self):
        currency = self._smart_rated_currency()
        if not currency:
            return DONE, self.env._("No additional currency")
        today = self.env["account.move"]._smart_today()
        rate = self.env["res.currency.rate"].search(
            [*self.env["smart.payload"]._rates_of(currency, self), ("name", "<=", today)],
            order="name desc",
            limit=1,
        )
        if not rate:
            return TODO, self.env._("%s has no rate yet", currency.name)
        value = rate.with_company(self).inverse_company_rate
        words = self.env._(
            "1 %(currency)s = %(rate)s %(own)s of %(date)s",
            currency=currency.name,
            rate=formatLang(self.env, value, digits=4),
            own=self.currency_id.name,
            date=format_date(self.env, rate.name),
        )
        return DONE if rate.name == today else TODO, words

    def _smart_rated_currency(self):
        """Return the currency of which a company needs a rate each day; none if it needs none."""
        self.ensure_one()
        if self.smart_additional_currency_id != self.currency_id:
            return self.smart_additional_currency_id
        return self.env.ref("base.VES", raise_if_not_found=False)

    def _smart_step_walk_in(self):
        values = [self.smart_walk_in_address, self.smart_walk_in_phone, self.smart_walk_in_email]
        given = " · ".join(filter(None, values))
        return DONE if all(values) else TODO, given

    def _smart_step_taxes(self):
        Tax = self.env["account.tax"]
        domain = [*Tax._check_company_domain(self), ("type_tax_use", "=", "sale")]
        taxes = Tax.search([*domain, ("smart_tax_kind", "!=", False)])
        kinds = labels(Tax, "smart_tax_kind")
        there = taxes.mapped("smart_tax_kind")
        missing = [kinds[kind] for kind in WANTED_TAXES if kind not in there]
        if missing:
            return WRONG, self.env._("Missing: %s", ", ".join(missing))
        default = self.account_sale_tax_id
        if default and not default.smart_tax_kind:
            return WRONG, self.env._("SMART does not know the default tax %s", default.name)
        rates = [
            kinds[kind] if kind == EXEMPT else f"{RATES[kind]} %" for kind in kinds if kind in there
        ]
        return DONE, " · ".join(rates)

    def _smart_step_journals(self):
        journals = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "sale"),
                ("smart_enabled", "=", True),
            ]
        )
        return DONE if journals else TODO, ", ".join(journals.mapped("name"))

    def _smart_step_person(self):
        chosen = self.smart_responsible_id
        if chosen and chosen == self.smart_effective_responsible_id:
            return DONE, chosen.name
        return TODO, self.env._("So far: %s", self.smart_effective_responsible_id.name)

    def _smart_step_document(self):
        document = self.env["smart.document"].search(
            [("issuer_id", "=", self._smart_issuer_or_self().id),
             ("state", "in", NUMBERED_STATES)],
            order="id",
            limit=1,
        )  # fmt: skip
        return DONE if document else TODO, document.control_number

    def _smart_step_production(self):
        company = self._smart_issuer_or_self()
        if company.smart_environment == "production":
            return DONE, self.env._("Every confirmed document is a legal one")
        return TODO, False
