import logging

from odoo import api, fields, models

from ...smart_api.sealing import SealError

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    """The token: in clear only in memory, sealed in every SQL statement and in the database."""

    _inherit = "res.company"

    # Not stored and not searchable: a search would put the guessed token into a statement.
    smart_token = fields.Char(
        string="SMART Token",
        compute="_compute_smart_token",
        inverse="_inverse_smart_token",
        compute_sudo=True,
        groups="base.group_system",
        copy=False,
        help="Handed out by SMART once per issuer. Only administrators can read it.",
    )
    smart_token_sealed = fields.Char(
        string="SMART Token, Sealed", groups=fields.NO_ACCESS, readonly=True, copy=False
    )
    smart_token_lost = fields.Boolean(
        string="SMART Token Cannot Be Opened",
        compute="_compute_smart_token_lost",
        compute_sudo=True,
        groups="base.group_user",
        help="The token was sealed with a key that this server does not have.",
    )

    @api.depends("smart_token_sealed")
    def _compute_smart_token(self):
        for company in self:
            company.smart_token = company._smart_open_token()

    @api.depends("smart_token_sealed")
    def _compute_smart_token_lost(self):
        for company in self:
            company.smart_token_lost = bool(
                company.smart_token_sealed and not company._smart_open_token()
            )

    def _smart_open_token(self):
        """Return the token; ``None`` if there is none, or if its key is missing."""
        try:
            sealed = self.smart_token_sealed
            return self.env["smart.token.key"]._seal().open(sealed) if sealed else None
        except SealError:
            return None  # `smart_token_lost` says so

    def _inverse_smart_token(self):
        Key = self.env["smart.token.key"]
        Key._draw()  # somebody may have deleted its row since the addon was installed
        seal = Key._seal()
        for company in self:
            token = company.smart_token
            # sudo: no user may write the sealed field; the right to the token was checked
            company.sudo().smart_token_sealed = token and seal.seal(token)

    @api.autovacuum
    def _smart_seal_anew(self):
        """Seal tokens with the server's present key if they were sealed with an older one."""
        seal = self.env["smart.token.key"]._seal()
        # sudo: no user may write the sealed field
        companies = self.sudo().with_context(active_test=False)
        for company in companies.search([("smart_token_sealed", "!=", False)]):
            if not company.smart_token_lost and not seal.is_current(company.smart_token_sealed):
                company.smart_token_sealed = seal.seal(company.smart_token)
                _logger.info("SMART token of company %s sealed with the new key", company.id)
