from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.i18n import format_list

from ...smart_api import addresses, client, credentials, identification
from ..base.said import telling
from ..terms import ENVIRONMENTS


class ResCompany(models.Model):
    _inherit = "res.company"

    smart_environment = fields.Selection(
        selection=ENVIRONMENTS,
        string="SMART Environment",
        default="disabled",
        required=True,
        copy=False,
        groups="base.group_user",
        help="Disabled: this company issues nothing, or through its parent company.\n"
        "Test: documents have no legal value.\n"
        "Production: every document sent is a legal one.\n"
        "Custom address: a stand-in of the service, for demonstrations and tests.",
    )
    smart_base_url = fields.Char(
        string="SMART Address",
        groups="base.group_system",
        copy=False,
        help="Address of the service, for the environment “Custom address” only.",
    )
    smart_additional_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="SMART Additional Currency",
        default=lambda self: self.env.ref("base.USD", raise_if_not_found=False),
        help="Documents in bolívares also state the official rate of this currency.",
        groups="base.group_user",
    )
    smart_requires_rate = fields.Boolean(
        string="SMART Requires the Rate of the Day",
        copy=False,
        help="No document is confirmed with an exchange rate that is older than its day. On "
        "Saturdays and Sundays that of Friday is in force. Otherwise an old rate is a warning.",
        groups="base.group_user",
    )
    smart_issuer_id = fields.Many2one(
        comodel_name="res.company",
        string="SMART Issuer",
        compute="_compute_smart_issuer_id",
        help="The company whose token is used: this one, or the nearest parent that has one.",
        groups="base.group_user",
    )
    # Stored here, because every document needs it and the contact has a hundred columns to read.
    smart_rif = fields.Char(
        string="RIF as SMART Writes It",
        compute="_compute_smart_rif",
        store=True,
        groups="base.group_user",
    )
    # The token is secret, but what it says about its holder is not. So these fields are
    # computed with sudo, and everyone who can read the company can read them.
    smart_holder_rif = fields.Char(
        string="Token: RIF",
        compute="_compute_smart_holder",
        compute_sudo=True,
        groups="base.group_user",
    )
    smart_holder_name = fields.Char(
        string="Token: Name",
        compute="_compute_smart_holder",
        compute_sudo=True,
        groups="base.group_user",
    )
    smart_holder_address = fields.Char(
        string="Token: Address",
        compute="_compute_smart_holder",
        compute_sudo=True,
        groups="base.group_user",
    )
    smart_enforces_numbering = fields.Boolean(
        string="Token: Enforces Numbering",
        compute="_compute_smart_holder",
        compute_sudo=True,
        help="SMART insists on consecutive internal numbers, so repeating a doubtful request "
        "is safe. Without it a person decides about every doubtful document.",
        groups="base.group_user",
    )

    @api.depends("smart_environment", "smart_token_sealed", "parent_ids")
    def _compute_smart_issuer_id(self):
        for company in self:
            # sudo: a branch's user may not read the parent company, yet issues in its name
            chain = company.sudo().parent_ids[::-1] or company.sudo()
            # A company whose token cannot be opened stays the issuer: else documents would leave
            # in another company's name, or look as if they needed no control number.
            issuer = next(
                (c for c in chain if c.smart_environment != "disabled" and c.smart_token_sealed),
                None,
            )
            company.smart_issuer_id = issuer and issuer.id

    def _smart_issuer_or_self(self):
        """Return the company in whose name this one issues; itself where nobody's token is used.

        Whatever belongs to a taxpayer belongs to that one: paper, books, the person responsible.
        """
        return self.smart_issuer_id or self

    @api.depends("partner_id.vat")
    def _compute_smart_rif(self):
        for company in self:
            company.smart_rif = identification.format_rif(company.vat)

    @api.depends("smart_token", "smart_token_lost")
    def _compute_smart_holder(self):
        for company in self:
            holder = company._smart_token_holder()
            company.smart_holder_rif = holder and holder.rif
            company.smart_holder_name = holder and holder.name
            company.smart_holder_address = holder and holder.address
            # If the token cannot be opened, nobody knows. Then numbers count as enforced: else a
            # document in doubt could be set aside only because a key is missing.
            company.smart_enforces_numbering = (
                holder.enforces_numbering if holder else company.smart_token_lost
            )

    @api.constrains("smart_environment", "smart_token", "smart_base_url")
    def _check_smart_credentials(self):
        for company in self.sudo():  # only administrators read the token; its rules bind everybody
            if company.smart_token:
                try:
                    credentials.read_token(company.smart_token)
                except credentials.TokenError as error:
                    raise ValidationError(
                        self.env._(
                            "The SMART token of %(company)s cannot be used: %(reason)s. "
                            "Copy it again from SMART's message, whole.",
                            company=company.display_name,
                            reason=company._smart_token_fault(error),
                        )
                    ) from None
            if company.smart_environment == "custom":
                try:
                    addresses.read_address(company.smart_base_url)
                except addresses.ConfigurationError as error:
                    raise ValidationError(
                        self.env._(
                            "The SMART address of %(company)s cannot be used: %(reason)s.",
                            company=company.display_name,
                            reason=company._smart_configuration_fault(error),
                        )
                    ) from None

    @api.constrains("smart_environment", "smart_token", "smart_base_url")
    def _check_smart_one_issuer_per_rif(self):
        """Allow only one company to number for a RIF.

        SMART numbers per RIF. Two queues for one RIF would take each other's numbers, and "this
        number is in use" would no longer prove that a document in doubt was issued.
        """
        # sudo: only administrators read the token; its rules bind everybody, in all companies
        numbering = self.sudo().search(
            [("smart_environment", "!=", "disabled"), ("smart_token_sealed", "!=", False)]
        )
        for company in numbering & self:
            for other in numbering - company:
                if company._smart_numbers_with(other):
                    raise ValidationError(
                        self.env._(
                            "%(other)s issues for RIF %(rif)s already, and SMART has one numbering "
                            "for each RIF. Leave the token of %(company)s empty and make it a "
                            "branch of that company.",
                            other=other.display_name,
                            rif=company.smart_holder_rif,
                            company=company.display_name,
                        )
                    )

    def _smart_numbers_with(self, other):
        """Tell whether the service has one numbering for both companies."""
        return (
            self.smart_holder_rif  # unknown while the token cannot be opened
            and self.smart_holder_rif == other.smart_holder_rif
            and self.smart_environment == other.smart_environment
            and (self._smart_base_url() or "").rstrip("/")
            == (other._smart_base_url() or "").rstrip("/")
        )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        companies = super().create([self._smart_normalized(vals) for vals in vals_list])
        if not self.env.su:
            companies.filtered(
                lambda company: company.smart_environment == "production"
            )._smart_refuse_production()
        for company, vals in zip(companies, vals_list, strict=True):
            if vals.get("smart_token"):
                # sudo: no user writes this; who writes the token was checked
                company.sudo().smart_token_origin = company._smart_origin()
        companies._smart_make_actions_of_issuers()
        return companies

    def _smart_make_actions_of_issuers(self):
        """Give those companies that issue by themselves their scheduled actions."""
        # sudo: nobody reads the token
        self.sudo().filtered(
            lambda company: company.smart_token_sealed and company.smart_environment != "disabled"
        )._smart_make_actions()

    @api.model
    def _smart_normalized(self, vals):
        """Return values without the white space that copying a token out of a PDF adds."""
        if not vals.get("smart_token"):
            return vals
        return {**vals, "smart_token": credentials.normalize_token(vals["smart_token"])}

    def _smart_token_holder(self):
        """Return what the company's token says about its holder, or ``None``.

        :rtype: smart_api.credentials.TokenHolder | None
        """
        self.ensure_one()
        # sudo: reads the token to tell its public claims; the token itself is not returned
        token = self.sudo().smart_token
        try:
            return credentials.read_token(token) if token else None
        except credentials.TokenError:
            return None  # the constraint refuses such tokens; only a copied database may have one

    def _smart_base_url(self, environment=None, base_url=None):
        """Return the address of the service.

        :param environment, base_url: used instead of the company's
        """
        # sudo: only administrators see a custom address, but everybody's documents go there
        company = self.sudo()
        return {
            "test": client.TEST_URL,
            "production": client.PRODUCTION_URL,
            "custom": company.smart_base_url if base_url is None else base_url,
        }.get(environment or company.smart_environment)

    def _smart_client(self, **timeouts):
        """Return a client of the service for this issuer.

        :param timeouts: used instead of the client's own, in seconds
        :rtype: smart_api.client.SmartClient
        :raises UserError: when the settings do not allow one
        """
        self.ensure_one()
        if self.sudo().smart_token_lost:  # sudo: as below
            raise UserError(
                telling(self.env)._(
                    "SMART cannot be called for %s: its token cannot be opened, because it was "
                    "sealed with a key that this server does not have. Ask an administrator to "
                    "give the server that key again, or to enter the token anew in the Invoicing "
                    "settings.",
                    self.display_name,
                )
            )
        self._smart_check_bound()
        try:
            # sudo: the token goes into the client, which never shows it
            return client.SmartClient(self._smart_base_url(), self.sudo().smart_token, **timeouts)
        except addresses.ConfigurationError as error:
            raise UserError(
                telling(self.env)._(
                    "SMART cannot be called for %(company)s: %(reason)s. "
                    "Correct it in the Invoicing settings.",
                    company=self.display_name,
                    reason=self._smart_configuration_fault(error),
                )
            ) from None

    @api.model
    def _smart_token_fault(self, error):
        """Return in the user's language what a ``credentials.TokenError`` says."""
        if error.fault == credentials.TokenFault.NOT_THREE_PARTS:
            return self.env._(
                "it does not have the three parts, separated by dots, of a SMART token"
            )
        if error.fault == credentials.TokenFault.NOT_WHOLE:
            return self.env._("it cannot be read, because some of it is missing or too much")
        claims = {
            "rif": self.env._("the RIF"),
            "razonsocial": self.env._("the name"),
            "direccion": self.env._("the address"),
            "email": self.env._("the e-mail address"),
            "telefono": self.env._("the phone number"),
            "validarinterno": self.env._("the enforcement of numbers"),
        }
        names = format_list(self.env, [claims.get(claim, claim) for claim in error.claims])
        return self.env._("what it says is not valid: %s", names)

    @api.model
    def _smart_configuration_fault(self, error):
        """Return in the user's language what an ``addresses.ConfigurationError`` says."""
        Fault = addresses.ConfigurationFault
        return {
            Fault.NO_HOST: telling(self.env)._("it must begin with https:// and name a host"),
            Fault.MORE_THAN_AN_ADDRESS: telling(self.env)._(
                "it must not carry a user, a query or a fragment"
            ),
            Fault.NOT_ENCRYPTED: telling(self.env)._(
                "http is allowed to this machine itself only: use https://"
            ),
            Fault.UNUSABLE: telling(self.env)._(
                "the token is empty or holds characters that no token has"
            ),
        }[error.fault]
