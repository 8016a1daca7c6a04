from odoo import api, fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    smart_enabled = fields.Boolean(
        string="Issue through SMART",
        compute="_compute_smart_enabled",
        store=True,
        readonly=False,
        precompute=True,
        help="Confirming an invoice, credit note or debit note of this journal issues it through "
        "SMART, as far as the company is set up for it. Switch it off for documents "
        "that are issued another way, such as on pre-printed forms.",
        groups="base.group_user",
    )

    smart_branch_code = fields.Char(
        string="SMART Branch",
        help="Code of the branch on the documents of this journal.",
        groups="base.group_user",
    )
    smart_branch_address = fields.Char(
        string="SMART Branch Address",
        help="Address of the branch on the documents of this journal.",
        groups="base.group_user",
    )

    @api.depends("type", "company_id")
    def _compute_smart_enabled(self):
        for journal in self:
            country = journal.company_id.account_fiscal_country_id
            journal.smart_enabled = journal.type == "sale" and country.code == "VE"
