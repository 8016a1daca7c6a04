from odoo import api, models
from odoo.exceptions import UserError

from ..terms import CONFIRMED_STATES

#: Fields that say where and in which order a tax is offered, and who is told of changes.
FREE_TAX_FIELDS = frozenset(
    {
        "active",
        "fiscal_position_ids",
        "message_follower_ids",
        "message_partner_ids",
        "original_tax_ids",
        "replacing_tax_ids",
        "sequence",
    }
)

#: Fields that say where the taxes of future documents are booked and reported.
FREE_REPARTITION_FIELDS = frozenset({"account_id", "tag_ids", "use_in_tax_closing"})

#: Fields that say where the closing of a period is booked, and the label on cashiers' receipts.
FREE_GROUP_FIELDS = frozenset(
    {
        "advance_tax_payment_account_id",
        "pos_receipt_label",
        "tax_payable_account_id",
        "tax_receivable_account_id",
    }
)


class SmartTaxLock(models.AbstractModel):
    """Locked while one of its taxes is on a document."""

    _name = "smart.tax.lock"
    _inherit = ["smart.lock"]
    _description = "Locked With the Documents That Are Taxed"

    def _smart_taxes(self):
        """Return the taxes that say whether this record is locked."""
        raise NotImplementedError

    def _smart_settled(self):
        # IMPLEMENTS 'smart.lock'
        return self.filtered(lambda record: record._smart_taxes()._smart_used())

    def _smart_check_write(self, vals):
        # EXTENDS 'smart.lock': to know whether a tax is used takes a search, so ask only for those
        # that change
        names = self._smart_refused(vals)
        changing = self.filtered(
            lambda record: any(record._smart_changes(name, vals[name]) for name in names)
        )
        return super(SmartTaxLock, changing)._smart_check_write(vals)


class AccountTax(models.Model):
    """A tax that was charged, by its rate, kind and label."""

    _name = "account.tax"
    _inherit = ["smart.tax.lock", "account.tax"]

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | FREE_TAX_FIELDS

    def _smart_taxes(self):
        # IMPLEMENTS 'smart.tax.lock'
        return self

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return self.env._(
            "The tax %s is on documents that were issued through SMART, or on numbered paper, or "
            "wait to be, so it stays as it is. Make a new tax instead, and archive this one.",
            self.display_name,
        )

    def _smart_used(self):
        """Tell whether one of the taxes is on a document that is made."""
        # sudo, and archived taxes: all that a document was made with count
        taxes = self.sudo().with_context(active_test=False)
        taxes |= taxes.search([("children_tax_ids", "in", taxes.ids)])
        lines = self.env["account.move.line"].sudo()
        return bool(taxes) and bool(
            lines.search_count(
                [
                    # A tax belongs to its company and to the branches.
                    ("company_id", "child_of", taxes.company_id.ids),
                    "|",
                    ("move_id.smart_document_id.state", "in", CONFIRMED_STATES),
                    ("move_id.smart_sheet_id", "!=", False),
                    "|",
                    "|",
                    ("tax_ids", "in", taxes.ids),
                    ("tax_line_id", "in", taxes.ids),
                    ("group_tax_id", "in", taxes.ids),
                ],
                limit=1,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        for tax in self._smart_settled():
            raise UserError(
                self.env._(
                    "The tax %s is on documents that were issued through SMART, or on numbered "
                    "paper, so it cannot be deleted. Archive it instead.",
                    tax.display_name,
                )
            )


class AccountTaxRepartitionLine(models.Model):
    """How much of a tax is charged, and which part is booked where."""

    _name = "account.tax.repartition.line"
    _inherit = ["smart.tax.lock", "account.tax.repartition.line"]

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | FREE_REPARTITION_FIELDS

    def _smart_taxes(self):
        # IMPLEMENTS 'smart.tax.lock'
        return self.tax_id

    def _smart_settled(self):
        # EXTENDS 'smart.tax.lock': one search for all lines of a tax
        settled = self.tax_id._smart_settled()
        return self.filtered(lambda line: line.tax_id in settled)

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return self.tax_id._smart_why_locked()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        lines = super().create(vals_list)
        for line in lines._smart_settled():
            line._smart_refuse()
        return lines

    def write(self, vals):
        # EXTENDS 'account'
        res = super().write(vals)
        if "tax_id" in vals:  # a line must not be moved to a used tax, either
            for line in self._smart_settled():
                line._smart_refuse(["tax_id"])
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        for line in self._smart_settled():
            line._smart_refuse()


class AccountTaxGroup(models.Model):
    """The name under which the total of a tax is printed."""

    _name = "account.tax.group"
    _inherit = ["smart.tax.lock", "account.tax.group"]

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.lock'
        return super()._smart_free_fields() | FREE_GROUP_FIELDS

    def _smart_taxes(self):
        # IMPLEMENTS 'smart.tax.lock'
        # sudo: taxes of all companies and branches count
        taxes = self.env["account.tax"].sudo().with_context(active_test=False)
        return taxes.search([("tax_group_id", "in", self.ids)])

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return self.env._(
            "The tax group %s is printed on documents that were issued through SMART or wait for "
            "it, so it stays as it is. Make a new one instead.",
            self.display_name,
        )
