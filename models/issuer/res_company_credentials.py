from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...smart_api import addresses

#: A person who can change one of these can have the token sent to an address of their choice.
CREDENTIALS = frozenset({"smart_environment", "smart_base_url", "smart_token"})


class ResCompany(models.Model):
    """Who may set where the token goes. It goes only to the address that it was entered for."""

    _name = "res.company"
    _inherit = ["res.company", "smart.own.defaults"]

    smart_token_origin = fields.Char(
        string="SMART Token: Entered for",
        groups="base.group_system",
        readonly=True,
        copy=False,
        help="Scheme, host and port that the token is sent to. Another one asks for it again.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        # EXTENDS 'base': many may read the environment, but only one group may write these three
        if operation == "write" and not self.env.su:
            if field.name == "smart_token_origin" or self._smart_is_computed(field):
                return False
            if field.name in CREDENTIALS:
                return self.env.user.has_group("base.group_system")
        return super()._has_field_access(field, operation)

    def _smart_entering_production(self, environment):
        """Return the companies whose documents would become legal ones.

        :param environment: what is to be set; anything else is no change
        """
        if environment != "production":
            return self.browse()
        # sudo: for the environment alone, of companies that the user is about to change
        legal = self.sudo().filtered(lambda company: company.smart_environment == environment)
        return self - legal.with_env(self.env)

    def _smart_refuse_production(self):
        """Refuse what would make documents legal without the step that says what changes.

        :raises UserError: if there are companies
        """
        for company in self:
            raise UserError(
                self.env._(
                    "%s: production is a step of its own, which says what changes. Save the other "
                    "settings, then press “Go to production”.",
                    company.display_name,
                )
            )

    @api.model
    def _smart_is_computed(self, field):
        """Tell whether a field of the addon is only computed from others, stored or not."""
        return field.name.startswith("smart_") and field.compute and not field.inverse

    def _smart_bind_token(self, before, stated):
        """Bind the token to the address that it was entered for.

        :param str before: the origin that it was entered for, if known
        :param bool stated: whether it was just entered
        :raises ValidationError: if it was entered for another address
        """
        self.ensure_one()
        origin = self._smart_origin()
        # The sealed field, because a token whose key is lost is bound, too.
        if not self.smart_token_sealed:
            self.smart_token_origin = False
        elif stated or not before:
            self.smart_token_origin = origin
        elif origin and origin != before:
            raise ValidationError(
                self.env._(
                    "%(company)s: the SMART token was entered for %(before)s and does not go to "
                    "%(now)s. Enter the token again, together with the new address or environment.",
                    company=self.display_name,
                    before=before,
                    now=origin,
                )
            )
        else:
            self.smart_token_origin = before

    def _smart_bindings(self):
        """Return company -> the only origin that its token may be sent to, or ``False``."""
        # sudo: for the origins alone
        return {company: company._smart_bound_origin() for company in self.sudo()}

    def _smart_bound_origin(self):
        """Return the only origin that the token may be sent to, or ``False``."""
        self.ensure_one()
        # sudo: for the origin alone
        company = self.sudo()
        bound = company.smart_token_origin or self._smart_origin()
        return bool(company.smart_token_sealed) and bound

    def _smart_origin(self, environment=None, base_url=None):
        """Return scheme, host and port of the service, or ``False`` if none is called.

        :param environment, base_url: used instead of the company's
        """
        try:
            return addresses.read_address(self._smart_base_url(environment, base_url)).origin
        except addresses.ConfigurationError:
            return False

    def _smart_token_needed(self, environment, base_url):
        """Tell whether the token must be entered again for another environment or address."""
        self.ensure_one()
        bound = self._smart_bound_origin()
        origin = self._smart_origin(environment, base_url)
        return bool(bound and origin and origin != bound)

    def _smart_check_bound(self):
        """Check that the token goes where it was entered for, however the address was changed.

        :raises UserError: if it would go elsewhere
        """
        if self._smart_bound_origin() not in (False, self._smart_origin()):
            raise UserError(
                self.env._(
                    "%s: the SMART token was entered for another address, and does not go to this "
                    "one. Enter the token again in the settings.",
                    self.display_name,
                )
            )
