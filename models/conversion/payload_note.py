from odoo import api, models

from ..terms import ANNULLED
from .account_move_cents import ROUNDING


class SmartPayload(models.AbstractModel):
    """What credit notes may take back: no more than was invoiced."""

    _inherit = "smart.payload"

    @api.model
    def _notes(self, conversion):
        """Return what is posted about the documents that the batch's notes refer to."""
        if "notes" not in conversion.shared:
            origins = conversion.shared["moves"].smart_note_origin_id
            # sudo: all notes count, also those of a branch that the user cannot read
            notes = (
                self.env["account.move"]
                .sudo()
                .search([("smart_note_origin_id", "in", origins.ids), ("state", "=", "posted")])
                .filtered(lambda note: note.smart_state != ANNULLED)
            )
            conversion.shared["notes"] = notes.grouped("smart_note_origin_id")
        return conversion.shared["notes"]

    @api.model
    def _check_credited(self, conversion, origin):
        move = conversion.owner
        if move.move_type != "out_refund" or origin.move_type != "out_invoice":
            return
        notes = self._notes(conversion).get(origin, move.browse()) - move
        currencies = move.currency_id | origin.currency_id | notes.currency_id
        same = len(currencies) == 1
        # In the books every document has the rate of its own day.
        currency = currencies if same else move.company_currency_id
        field = "amount_total" if same else "amount_total_signed"
        refunds = notes.filtered(lambda note: note.move_type == "out_refund")
        invoiced = abs(origin[field]) + sum(abs(note[field]) for note in notes - refunds)
        credited = sum(abs(note[field]) for note in refunds)
        excess = credited + abs(move[field]) - invoiced
        if excess <= ROUNDING:
            return
        conversion.problem(
            move,
            "amount_total",
            self.env._(
                "%(origin)s and its debit notes come to %(invoiced)s, of which %(credited)s are "
                "credited already: this note takes back %(excess)s too much.",
                origin=origin.display_name,
                invoiced=currency.format(invoiced),
                credited=currency.format(credited),
                excess=currency.format(excess),
            ),
            self.env._("Lower its amount, or choose the invoice that it really corrects."),
            # Rates of exchange alone may make the difference.
            warning=not same,
        )
