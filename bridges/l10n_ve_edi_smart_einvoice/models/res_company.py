from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .edoc_provider import SMART


class ResCompany(models.Model):
    _inherit = "res.company"

    l10n_ve_edoc_provider = fields.Selection(selection_add=[(SMART, "SMART")])

    @api.constrains("l10n_ve_edoc_provider", "smart_environment", "smart_token_sealed")
    def _check_smart_is_the_only_provider(self):
        """Two printing houses would each give a document a control number."""
        for company in self:
            provider = company.l10n_ve_edoc_provider
            if provider and provider != SMART and company.smart_issuer_id:
                labels = dict(
                    company._fields["l10n_ve_edoc_provider"]._description_selection(self.env)
                )
                raise ValidationError(
                    self.env._(
                        "%(company)s issues through SMART, and has the provider “%(provider)s” for "
                        "electronic documents: each would give a document a control number. "
                        "Choose SMART as the provider, or switch SMART off in its settings.",
                        company=company.name,
                        provider=labels.get(provider, provider),
                    )
                )
