"""Master data of issued documents can be archived, but not deleted or turned into another."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..terms import LOCKED_STATES, WITHDRAWN

#: Where fiscal records say who did something. Of documents, the integrity chain covers it, too.
USER_FIELDS = {
    "smart.exchange": ("user_id",),
    "smart.document": ("annulment_user_id", "resolved_by", "create_uid"),
    "smart.email": ("user_id",),
    "smart.sheet": ("user_id", "annulled_by_id"),
}

JOURNAL_FIELDS = frozenset({"type", "company_id"})


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _smart_used(self):
        """Return the journals of documents that SMART has, and of sheets of paper."""
        # sudo: documents of all companies and branches count
        documents, sheets = self.env["smart.document"].sudo(), self.env["smart.sheet"].sudo()
        return self.filtered(
            lambda journal: (
                documents.search_count(
                    [("state", "in", LOCKED_STATES), ("move_id.journal_id", "=", journal.id)],
                    limit=1,
                )
                or sheets.search_count([("journal_id", "=", journal.id)], limit=1)
            )
        )

    def write(self, vals):
        # EXTENDS 'account'
        Move = self.env["account.move"]
        changing = self.filtered(
            lambda journal: any(
                Move._field_will_change(journal, vals, name)
                for name in JOURNAL_FIELDS & vals.keys()
            )
        )
        if changing and (used := changing._smart_used()):
            raise UserError(
                self.env._(
                    "Documents of the journal %s were issued through SMART, or on numbered paper, "
                    "so its type and company stay. Make a new journal instead, and archive this "
                    "one.",
                    used[0].display_name,
                )
            )
        on_paper = self._smart_on_paper()
        result = super().write(vals)
        on_paper._smart_tell_numbers_in_vain()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        if used := self._smart_used():
            raise UserError(
                self.env._(
                    "Documents of the journal %s were issued through SMART, or on numbered paper, "
                    "so it cannot be deleted. Archive it instead.",
                    used[0].display_name,
                )
            )


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        # sudo: documents of all companies and branches count
        issued = self.env["smart.document"].sudo()
        for company in self:
            if issued.search_count(
                ["|", ("company_id", "=", company.id), ("issuer_id", "=", company.id)], limit=1
            ):
                raise UserError(
                    self.env._(
                        "%s has fiscal documents, so it cannot be deleted. Archive it instead.",
                        company.display_name,
                    )
                )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _smart_any_document(self):
        """Return a document that SMART has and that was made out to one of these partners."""
        # sudo: documents of all companies and branches count
        documents = self.env["smart.document"].sudo()
        contacts = [f"{name}.partner_id" for name in documents._owner_fields()]
        return documents.search(
            Domain("state", "in", LOCKED_STATES)
            & Domain.OR(Domain(path, "in", self.ids) for path in ("partner_id", *contacts)),
            limit=1,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        for partner in self:
            if partner._smart_any_document():
                raise UserError(
                    self.env._(
                        "Fiscal documents were issued to %s, so the contact cannot be deleted. "
                        "Archive it instead.",
                        partner.display_name,
                    )
                )
            if partner._smart_delivered_to():
                raise UserError(
                    self.env._(
                        "%s is the delivery address of confirmed fiscal documents, so the contact "
                        "cannot be deleted. Archive it instead.",
                        partner.display_name,
                    )
                )

    def _smart_delivered_to(self):
        """Tell whether it is the delivery address of a confirmed document: the chain covers it.

        Deleting it would empty the field on these invoices, where nobody may change it.
        """
        # sudo: documents of all companies and branches count
        documents = self.env["smart.document"].sudo()
        return bool(
            documents.search_count(
                Domain("state", "!=", WITHDRAWN)
                & Domain.OR(
                    Domain(path, "in", self.ids)
                    for path in documents._paths_to("res.partner")
                    if not path.endswith(".partner_id")
                ),
                limit=1,
            )
        )


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        if named := self.filtered(lambda user: user._smart_named()):
            raise UserError(
                self.env._(
                    "Fiscal documents and the log of exchanges with SMART say who issued, "
                    "annulled, resolved or e-mailed: they name %s. Users who are named there "
                    "cannot be deleted. Archive them instead.",
                    ", ".join(f"{user.name} ({user.login})" for user in named),
                )
            )

    def _smart_named(self):
        """Tell whether a fiscal record names the user as the one who did something."""
        return any(
            # sudo: what the user did in any company counts
            self.env[model].sudo().search_count([(name, "=", self.id)], limit=1)
            for model, names in USER_FIELDS.items()
            for name in names
        )
