from odoo import api, fields, models

from ..terms import OTHER_CHANNEL


class AccountJournal(models.Model):
    """Which sales journal new invoices begin in: the first one, whether it issues or not."""

    _inherit = "account.journal"

    smart_first_words = fields.Char(
        string="What the First Journal Means",
        compute="_compute_smart_first_words",
        groups="base.group_user",
    )

    @api.depends("active", "code", "company_id", "sequence", "smart_channel", "type")
    @api.depends_context("lang")
    def _compute_smart_first_words(self):
        for journal in self:
            issuing = journal._smart_issuing_after()
            journal.smart_first_words = bool(issuing) and self.env._(
                "This journal comes before %(issuing)s, so new invoices begin in it, and what is "
                "confirmed here is no fiscal document. Drag it below in the list of journals, or "
                "issue through SMART in it.",
                issuing=issuing.display_name,
            )

    def _smart_issuing_after(self):
        """Return the journal that issues and would come first, were it not for this one."""
        self.ensure_one()
        none = self.browse()
        if self.smart_channel != OTHER_CHANNEL or not self.active or not self.company_id:
            return none
        others = self.search(
            [
                *self._check_company_domain(self.company_id),
                ("type", "=", "sale"),
                ("id", "not in", self._origin.ids),
            ]
        )
        first = others[:1]
        if not first.smart_enabled or self._smart_place() > first._smart_place():
            return none
        return first

    def _smart_place(self):
        """Return by what journals of a type are sorted; on the form it is not saved yet."""
        return self.sequence, (self.code or "").casefold()
