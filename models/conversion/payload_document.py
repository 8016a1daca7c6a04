from odoo import api, models
from odoo.tools import format_date

from ...smart_api import texts


class SmartPayload(models.AbstractModel):
    """What kind of document it is, when and where it was made, how it is paid."""

    _inherit = "smart.payload"

    @api.model
    def _add_document(self, conversion):
        owner = conversion.owner
        conversion.document_type = owner._smart_document_type()
        # sudo: the issuer may be a parent company that the user cannot read
        issuer = conversion.stated.company.smart_issuer_id.sudo()
        conversion.values["document_type"] = issuer._smart_wire_type(conversion.document_type)
        conversion.values["remark"] = self._printed(
            conversion, conversion.stated.remark, 200, owner, owner._smart_fields.get("remark", "")
        )
        conversion.values["series"] = texts.printed(conversion.stated.series, 10) or None
        owner._smart_refer(conversion)
        self._add_date(conversion)
        self._add_due_date(conversion)

    @api.model
    def _add_date(self, conversion):
        """Warn about a date that will not be the fiscal one: SMART stamps its own clock."""
        date, today = conversion.stated.day, self._today()
        if date and date != today:
            conversion.problem_of_owner(
                "date",
                self.env._(
                    "The date is %(date)s, but the document will be issued with the date of today "
                    "in Caracas, %(today)s.",
                    date=format_date(self.env, date),
                    today=format_date(self.env, today),
                ),
                self.env._("Set the date to today, unless it has to differ in the books."),
                warning=True,
            )

    @api.model
    def _add_due_date(self, conversion):
        """State until when it is to be paid, if that is later than today.

        What is due at once has no such date: the service stamps the day of issue, which may be
        after midnight, and a document must not be overdue when it is made.
        """
        due = conversion.stated.due
        later = due and due > self._today()
        conversion.values["due_date"] = due.isoformat() if later else None

    @api.model
    def _today(self):
        """Return the date in Caracas, which is the one that SMART stamps."""
        return self.env["smart.document.owner"]._smart_today()

    @api.model
    def _add_branch(self, conversion):
        """The owner's journal, say, tells which branch issues, else the company that is one."""
        branch, company = conversion.stated.branch, conversion.stated.company
        code = (branch and branch.smart_branch_code) or company.smart_branch_code
        address = (branch and branch.smart_branch_address) or company.smart_branch_address
        if code and not address and company != company.smart_issuer_id:
            # sudo: the address of one's own company is no secret
            address = company.partner_id.sudo()._display_address(without_company=True)
        code = texts.readable(code)
        if len(code) > 10:
            conversion.problem(
                branch if branch and branch.smart_branch_code else company,
                "smart_branch_code",
                self.env._("The branch code “%s” is longer than 10 characters.", code),
                self.env._("Shorten it."),
            )
        conversion.values.update(branch=code[:10], branch_address=texts.printed(address, 500))

    @api.model
    def _add_payments(self, conversion):
        """Tell how it was paid, and how the rest is to be paid."""
        conversion.values["payments"] = self._payments(conversion.owner) or None

    @api.model
    def _payments(self, owner):
        """Return the values of :class:`smart_api.schemas.Payment`; ways without a name are none."""
        ways = ((texts.printed(name, 20), amount) for name, amount in owner._smart_payments())
        return [{"method": name, "amount": amount} for name, amount in ways if name]
