from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What OCA calls documents that a printing house gives a control number.
DIGITAL = "digital"
#: What it calls documents on numbered paper.
CONTINGENCY = "contingency"


class AccountJournal(models.Model):
    """A journal that issues through SMART is digital by itself."""

    _inherit = "account.journal"

    # EXTENDS 'l10n_ve_fiscal_document', where it is asked for
    l10n_ve_emission_medium = fields.Selection(
        compute="_compute_l10n_ve_emission_medium",
        store=True,
        readonly=False,
        precompute=True,
    )

    def _smart_issues(self):
        """Tell whether SMART issues what is confirmed in this journal."""
        self.ensure_one()
        # sudo: for the company's set-up
        return self.smart_enabled and bool(self.company_id.sudo().smart_issuer_id)

    @api.depends("smart_enabled", "smart_channel", "company_id.smart_issuer_id")
    def _compute_l10n_ve_emission_medium(self):
        for journal in self:
            if journal._smart_issues():
                journal.l10n_ve_emission_medium = DIGITAL
            elif journal.smart_channel == CONTINGENCY:
                journal.l10n_ve_emission_medium = CONTINGENCY
            else:  # what was chosen stays
                journal.l10n_ve_emission_medium = journal.l10n_ve_emission_medium

    @api.constrains("l10n_ve_emission_medium", "smart_enabled", "smart_channel")
    def _check_smart_emission_medium(self):
        for journal in self:
            if journal._smart_issues() and journal.l10n_ve_emission_medium != DIGITAL:
                raise ValidationError(
                    self.env._(
                        "The journal %s issues through SMART, so its emission medium is digital. "
                        "For another medium, switch off “Issue through SMART” first.",
                        journal.display_name,
                    )
                )
            if (
                journal.smart_channel == CONTINGENCY
                and journal.l10n_ve_emission_medium != CONTINGENCY
            ):
                raise ValidationError(
                    self.env._(
                        "The emission channel of the journal %s is contingency, so its emission "
                        "medium is, too. For another medium, choose another channel first.",
                        journal.display_name,
                    )
                )
