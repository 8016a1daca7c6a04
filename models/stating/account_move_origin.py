from odoo import api, models
from odoo.tools import SQL

from ...smart_api import amounts
from ..conversion.problem import amount_words
from ..terms import ANNULLED, ANNULMENT_UNDER_WAY, ISSUED, SHEET_USED


class AccountMove(models.Model):
    """Which issued document a credit note corrects, where whoever made it did not say."""

    _inherit = "account.move"

    def _smart_sources(self):
        """Return on what the goods, or the money, of this credit note were invoiced.

        For addons that know: they extend it. In whatever state these documents are.

        :returns: the documents that have all of it, and those that have a part
        :rtype: tuple[account.move, account.move]
        """
        self.ensure_one()
        return self.browse(), self.browse()

    def _smart_propose_origin(self):
        """Have credit notes correct the only issued document that they can be about.

        If there are several, a person has to choose: nothing is left to chance.
        """
        self._smart_state_paper()
        for note in self:
            if note.move_type != "out_refund" or not (
                note._smart_is_fiscal() or note._smart_is_on_paper()
            ):
                continue
            if note.smart_note_origin_id or note.smart_former_number:
                continue
            whole, _parts = note._smart_sources()
            fitting = whole.filtered(lambda source, note=note: note._smart_fits(source))
            if len(fitting) == 1:
                note.smart_note_origin_id = fitting
            elif len(whole) == 1 and whole.sudo().smart_sheet_state == SHEET_USED:
                # sudo: for that only
                note.smart_note_origin_id = whole
                note._smart_state_paper()

    @api.onchange("smart_note_origin_id")
    def _smart_state_paper(self):
        """State number, date and amount of what notes correct, if that is on numbered paper.

        To SMART it is a document that was not issued there.
        """
        for note in self:
            # sudo: it may be of a branch that the user cannot read
            sheet = note.sudo().smart_note_origin_id.smart_sheet_id
            if sheet.state == SHEET_USED and not note.smart_former_number:
                note.smart_former_number = sheet.control_number
                note.smart_former_date = sheet.issue_date
                note.smart_former_amount = sheet.amount_total

    def _smart_fits(self, source):
        """Tell whether this note can be about a document, and takes back no more than is left."""
        self.ensure_one()
        return self._smart_can_correct(source) and self._smart_left(source) >= amounts.money(
            self.amount_total
        )

    def _smart_can_correct(self, source):
        """Tell whether a note of this customer can be about a document."""
        # sudo: users who make notes need no right to fiscal documents
        document = source.sudo().smart_document_id
        issuer = self.company_id.smart_issuer_id.sudo()
        return (
            document.state == ISSUED
            and document.annulment_state not in ANNULMENT_UNDER_WAY
            and document.partner_id == self.commercial_partner_id
            and document.issuer_id == issuer
            and document.environment == issuer.smart_environment
        )

    def _smart_left(self, source):
        """Return how much of a document can be taken back yet, in the currency of this note."""
        notes = source._smart_notes() - self
        _currency, invoiced, credited, same = self._smart_credit(source, notes)
        rate = 1 if same else self.invoice_currency_rate
        return amounts.money(max(0.0, invoiced - credited) * rate)

    def _smart_notes(self):
        """Return what is posted, and stands, about these documents."""
        # sudo: all notes count, also those of a branch that the user cannot read
        return (
            self.sudo()
            .search([("smart_note_origin_id", "in", self.ids), ("state", "=", "posted")])
            .filtered(lambda note: note.smart_state != ANNULLED)
        )

    def _smart_credit(self, origin, notes):
        """Return what was invoiced on a document, and what of it has been credited.

        :param notes: the others about it
        :returns: the currency, what was invoiced and what was credited in it, and whether it is
            that of all of them; else it is the company's
        """
        currencies = self.currency_id | origin.currency_id | notes.currency_id
        # In the books every document has the rate of its own day.
        same = len(currencies) == 1
        field = "amount_total" if same else "amount_total_signed"
        refunds = notes.filtered(lambda note: note.move_type == "out_refund")
        invoiced = abs(origin[field]) + sum(abs(note[field]) for note in notes - refunds)
        credited = sum(abs(note[field]) for note in refunds)
        currency = self.currency_id if same else self.company_currency_id
        return currency, invoiced, credited, same

    def _smart_hold_origins(self):
        """Have notes about one document, confirmed in the same moment, see each other.

        Nothing of its row changes, but for PostgreSQL it does: whoever is second is refused as on
        any row that two change. Odoo repeats that request, which then finds less left to credit.
        """
        if origins := self.smart_note_origin_id:
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET write_date = write_date WHERE id IN %s",
                    tuple(origins.ids),
                )
            )

    def _smart_how_to_choose_origin(self):
        """Return a cure, in words, for a note that does not say what it corrects."""
        self.ensure_one()
        whole, parts = self._smart_sources()
        sources = (whole | parts).sorted("id")
        if not sources:
            return self.env._(
                "Choose the invoice, or enter number, date and amount of the document if it was "
                "issued before SMART."
            )
        listed = ", ".join(self._smart_source_words(source) for source in sources)
        return self.env._(
            "What it takes back was invoiced on: %s. Choose one of them. If it takes back more "
            "than that one has, make a note for each: lower this one, confirm it, then make "
            "another one of the rest.",
            listed,
        )

    def _smart_source_words(self, source):
        """Return a document's name, with how much of it can be taken back or why nothing can."""
        name = source.display_name
        # sudo: as above
        if not source.sudo().smart_document_id:
            return self.env._("%s (before SMART: enter number, date and amount)", name)
        if not self._smart_can_correct(source):
            return self.env._("%s (no note can be about it now)", name)
        left = f"{self.currency_id.name} {amount_words(self.env, self._smart_left(source))}"
        return self.env._("%(name)s (%(left)s left)", name=name, left=left)
