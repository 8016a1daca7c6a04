from odoo import Command, models

from odoo.addons.l10n_ve_edi_smart.models.stating.account_move_cents import ROUNDING

#: What is no difference, in any currency that a till has.
NOTHING = 0.001


class PosOrder(models.Model):
    """What was paid in rounded cash, where no document can be of it.

    A credit note takes back no more than was invoiced, and in an exchange it is the difference
    between two documents that is rounded. What the customer pays, or gets, beyond them is gained or
    lost by the shop: an entry of its own, so that nobody owes it.
    """

    _inherit = "pos.order"

    def _smart_rounded_by(self):
        """Return by how much roundings may put what was paid off what was sold.

        Each order adds its own: also those that sold what is taken back here, and all that have
        taken back of the same goods, because what these had too much is missing now.
        """
        # sudo: whoever confirms invoices may not read the orders of a till
        orders = self.sudo()
        sold = orders | orders._smart_originals()
        taken = sold.lines.refund_orderline_ids.order_id
        return sum(
            order.config_id.rounding_method.rounding
            for order in sold | taken.filtered(lambda one: one.state != "cancel")
            if order.config_id.cash_rounding
        )

    def _smart_settle_rounding(self, late=False):
        """Settle what rounding has left open of documents that are confirmed, and paid.

        :param late: they are confirmed after the payment was booked: a draft that is brought to
            what was paid loses its payment, for its items change
        """
        # sudo: as Odoo books what a till was paid
        orders = self.sudo()
        documents = orders.account_move | orders.smart_note_ids
        paid = orders.payment_ids.account_move_id
        if set((documents | paid).mapped("state")) != {"posted"}:
            return
        gained, rounded_by = orders._smart_gained(documents), orders._smart_rounded_by()
        if abs(gained) < NOTHING and not (rounded_by or late):
            return
        entries = orders._smart_rounding_entries()
        missing = orders.currency_id.round(gained - orders._smart_booked(entries))
        # Some cents are rounded by taxes, of which parts may come to more than the whole.
        if abs(missing) > NOTHING and abs(gained) <= max(rounded_by, ROUNDING) + NOTHING:
            entries |= orders._smart_make_rounding_entry(documents, missing)
        if entries or (late and abs(gained) <= NOTHING):
            orders._smart_reconcile()

    def _smart_rounding_entries(self):
        """Return what was booked as gained or lost; what is reset is settled when confirmed."""
        return (
            self.env["account.move"]
            .sudo()  # sudo: as above
            .search([("smart_pos_rounded_order_id", "in", self.ids), ("state", "!=", "cancel")])
        )

    def _smart_settling(self):
        """Return the documents of these orders, and the entries that settle them."""
        orders = self.sudo()  # sudo: as above
        documents = orders.account_move | orders.smart_note_ids
        return documents | orders.payment_ids.account_move_id | orders._smart_rounding_entries()

    def _smart_reconcile(self):
        """Reconcile what documents of these orders, and what settles them, have open."""
        orders = self.sudo()  # sudo: as above
        document = (orders.account_move | orders.smart_note_ids)[:1]
        open_items = orders._smart_settling().line_ids.filtered(
            lambda item: (
                item.account_id.account_type == "asset_receivable"
                and item.partner_id == document.commercial_partner_id
                and item.parent_state != "cancel"
                and not item.reconciled
            )
        )
        for items in open_items.grouped("account_id").values():
            items.with_company(document.company_id).reconcile()

    def _smart_booked(self, entries):
        """Return what entries have as gained of these orders already."""
        receivable = entries.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        return sum(receivable.mapped("amount_currency"))

    def _smart_gained(self, documents):
        """Return what was paid, and on account, beyond documents; less is below zero."""
        lines = self._smart_payment_lines()
        paid = sum(self.mapped("amount_paid")) - self[0]._smart_total(lines)
        billed = sum(
            document.amount_total * (-1 if document.move_type == "out_refund" else 1)
            for document in documents
        )
        return self.currency_id.round(paid - billed)

    def _smart_make_rounding_entry(self, documents, gained):
        """Book what rounding has gained, or lost below zero; return the entry.

        :param documents: those that it is of, for their customer, day and rate
        """
        # The last one, because the books of the others' days may be closed.
        document = max(documents, key=lambda one: one.date)
        receivable = document.line_ids.filtered(lambda item: item.display_type == "payment_term")
        account = self._smart_rounding_account(gained)
        company = document.company_id
        balance = company.currency_id.round(gained / (document.invoice_currency_rate or 1.0))
        name = self.env._("Cash rounding of %s", ", ".join(self.mapped("name")))
        entry = document.with_company(company).create(
            {
                "move_type": "entry",
                "journal_id": self.config_id.journal_id[:1].id,
                "company_id": company.id,
                "date": document.date,
                "ref": name,
                "smart_pos_rounded_order_id": self[0].id,
                "line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "account_id": one.id,
                            "partner_id": document.commercial_partner_id.id,
                            "currency_id": document.currency_id.id,
                            "amount_currency": sign * gained,
                            "balance": sign * balance,
                        }
                    )
                    for one, sign in ((receivable.account_id[:1], 1), (account, -1))
                ],
            }
        )
        entry._post(soft=False)
        return entry

    def _smart_rounding_account(self, gained):
        """Return where roundings go: as the rounding says, else as differences of the drawer.

        Where nobody has said it, to the account of this addon's roundings.
        """
        name = "profit_account_id" if gained > 0 else "loss_account_id"
        orders = self.with_company(self.company_id)
        methods = (orders | orders._smart_originals()).config_id.rounding_method
        drawers = orders.payment_ids.payment_method_id.journal_id
        drawers |= orders.config_id.payment_method_ids.filtered("is_cash_count").journal_id
        said = methods[name][:1] or drawers[name][:1]
        return said or orders.company_id._smart_rounding_account()

    def _smart_rounds_to_nothing(self):
        """Tell whether something was sold, or taken back, for which rounding leaves nothing."""
        nothing, cards = self.currency_id.is_zero, self._smart_payment_lines()
        paid = sum(self.mapped("amount_paid")) - self._smart_total(cards)
        return nothing(paid) and not nothing(self._smart_total(self.lines - cards))

    def _smart_rounding_lacks_account(self):
        """Tell whether Odoo could not make the line of what a rounding gains, or loses.

        A rounding that was copied has none, nor has one of another company.
        """
        # sudo: cashiers need no right to accounts
        shops = self.sudo().with_company(self.company_id).config_id.filtered("cash_rounding")
        return any(
            not (method.profit_account_id and method.loss_account_id)
            for method in shops.rounding_method
        )
