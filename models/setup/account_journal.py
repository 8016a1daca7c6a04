from odoo import api, fields, models


class AccountJournal(models.Model):
    """The checklist stands on the card of one sales journal of each company."""

    _inherit = "account.journal"

    smart_setup = fields.Json(
        string="SMART: Set-up", compute="_compute_smart_setup", groups="base.group_user"
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("company_id", "type")
    def _compute_smart_setup(self):
        self.smart_setup = False
        if not self.env.company._smart_may_set_up():
            return
        # A branch's manager sees the parent's journals, and sets up the branch alone.
        for company in self.company_id._filtered_access("read"):
            if company._smart_shows_setup():
                journals = self.filtered(
                    lambda journal: journal.company_id == company and journal.type == "sale"  # noqa: B023
                )
                first = journals.filtered("smart_enabled") or journals
                first[:1].smart_setup = company._smart_setup()


class ResCompany(models.Model):
    _inherit = "res.company"

    def _smart_shows_setup(self):
        """Tell whether the dashboard leads through the set-up: until the first legal document."""
        self.ensure_one()
        if self.account_fiscal_country_id.code != "VE" or self.smart_setup_hidden:
            return False
        issuer = self._smart_issuer_or_self()
        # sudo: whatever branch issued it; told is only that there is one
        return (
            not self.env["smart.document"]
            .sudo()
            .search_count(
                [
                    ("issuer_id", "=", issuer.id),
                    ("environment", "=", "production"),
                    ("control_number", "!=", False),
                ],
                limit=1,
            )
        )
