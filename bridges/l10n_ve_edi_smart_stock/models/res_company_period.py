from odoo import fields, models
from odoo.tools import format_date, format_list

from .stock_picking_invoicing import OPEN

#: What closes the period in which the guides of a company have to be invoiced.
LOCKS = ("fiscalyear_lock_date", "tax_lock_date", "sale_lock_date", "hard_lock_date")
#: Of many guides, so many are named.
FEW = 5


class ResCompany(models.Model):
    """Whoever closes a period hears of guides in it that are not invoiced; nothing is refused."""

    _inherit = "res.company"

    def _smart_moved_locks(self, vals):
        """Return the companies whose period is about to be closed further: company -> new date."""
        days = [fields.Date.to_date(vals.get(name)) for name in LOCKS if vals.get(name)]
        moved = {}
        for company in self if days else self.browse():
            before = [company[name] for name in LOCKS if company[name]]
            if not before or max(days) > max(before):
                moved[company] = max(days)
        return moved

    def _smart_tell_guides_in(self, closed):
        """Tell whoever closes periods, and who is responsible, of guides not invoiced in them.

        :param closed: company -> last day of the period
        """
        for company, day in closed.items():
            # sudo: whoever closes the books need not read transfers; of branches, too
            guides = self.env["stock.picking"].sudo()
            guides = guides.search(
                [
                    ("company_id", "child_of", company.id),
                    ("smart_document_id.issue_date", "<=", day),
                    ("smart_invoicing", "in", OPEN),
                ]
            )
            if not guides:
                continue
            guides._smart_tell_to_invoice()
            numbers = guides[:FEW].mapped("smart_control_number")
            if len(guides) > FEW:
                numbers.append(self.env._("%s more", len(guides) - FEW))
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "title": self.env._("Guides that are not invoiced"),
                    "message": self.env._(
                        "%(count)s guides of %(company)s up to %(date)s are not wholly invoiced, "
                        "and guide and invoice fall in one tax period: %(guides)s. See “Guides to "
                        "Invoice”.",
                        count=len(guides),
                        company=company.name,
                        date=format_date(self.env, day),
                        guides=format_list(self.env, numbers),
                    ),
                },
            )
