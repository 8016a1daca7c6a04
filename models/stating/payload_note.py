from odoo import api, models

from ...smart_api import texts
from ..base.labels import labels
from ..terms import ANNULLED, ANNULMENT_UNDER_WAY, SHEET_ANNULLED, WITHDRAWN
from .account_move_cents import ROUNDING


class SmartPayload(models.AbstractModel):
    """Notes, of invoices alone: what they correct, and that they take back no more than that."""

    _inherit = "smart.payload"

    @api.model
    def _add_former(self, conversion):
        """A note about a document from before SMART: its number is taken on trust."""
        move = conversion.owner
        number = texts.one_line(move.smart_former_number)
        # sudo: as for the documents that notes refer to
        if move.smart_note_origin_id.smart_document_id.sudo().control_number:
            conversion.problem(
                move,
                "smart_former_number",
                self.env._(
                    "The note corrects %s, which was issued through SMART.",
                    move.smart_note_origin_id.display_name,
                ),
                self.env._("Remove the number from before SMART, or the invoice."),
            )
        if len(number) > 12:
            conversion.problem(
                move,
                "smart_former_number",
                self.env._("“%s” is longer than 12 characters.", number),
                self.env._("Enter the control number of the old document, without further words."),
            )
        if not texts.one_line(move.smart_note_reason):
            conversion.problem(
                move,
                "smart_note_reason",
                self.env._(
                    "SMART asks for the reason of a note about a document from before SMART."
                ),
                self.env._("Enter why the document %s is corrected.", number),
            )
        self._check_former(conversion, number)
        conversion.values.update(related=number[:12], former_regime=1)

    @api.model
    def _check_former(self, conversion, number):
        """Date and amount of the old document: the law asks for them, SMART does not know them."""
        move = conversion.owner
        day, amount, currency = move.smart_former_date, move.smart_former_amount, move.currency_id
        # sudo: as for the documents that notes refer to
        origin = move.smart_note_origin_id.sudo()
        if origin.smart_sheet_state == SHEET_ANNULLED:
            conversion.problem(
                move,
                "smart_note_origin_id",
                self.env._("%s was annulled: there is nothing to correct.", origin.display_name),
                self.env._("Delete this note."),
            )
        if not day or day > self._today():
            conversion.problem(
                move,
                "smart_former_date",
                self.env._("A note must say when the document that it corrects was issued."),
                self.env._("Enter the date of %s.", number),
            )
        if currency.compare_amounts(amount, 0) <= 0:
            conversion.problem(
                move,
                "smart_former_amount",
                self.env._("A note must say the amount of the document that it corrects."),
                self.env._("Enter the total of %s.", number),
            )
            return
        if move.move_type != "out_refund":
            return
        # sudo: all notes count, also those of a branch that the user cannot read
        others = move.sudo().search(
            [
                ("smart_former_number", "=", move.smart_former_number),
                ("company_id", "=", move.company_id.id),
                ("currency_id", "=", currency.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("id", "not in", move.ids),
                # Another printing house may have printed the same number.
                *([("smart_note_origin_id", "in", (False, origin.id))] if origin else []),
            ]
        )
        others = others.filtered(lambda note: note.smart_state != ANNULLED)
        refunds = others.filtered(lambda note: note.move_type == "out_refund")
        self._add_excess(
            conversion,
            number,
            currency,
            amount + sum((others - refunds).mapped("amount_total")),
            sum(refunds.mapped("amount_total")),
            move.amount_total,
        )

    @api.model
    def _add_related(self, conversion):
        move = conversion.owner
        origin = move.smart_note_origin_id
        # sudo: a note may refer to a document of a branch that the user cannot read
        related = origin.smart_document_id.sudo()
        field = "smart_note_origin_id"
        if not origin:
            conversion.problem(
                move,
                field,
                self.env._("A note must refer to the invoice that it corrects."),
                move._smart_how_to_choose_origin(),
            )
        elif not related or related.state in (WITHDRAWN, ANNULLED):
            conversion.problem(
                move,
                field,
                self.env._(
                    "%s was not issued through SMART, so no note can refer to it.",
                    origin.display_name,
                )
                if not related or related.state == WITHDRAWN
                else self.env._(
                    "%s was annulled: there is nothing to correct.", origin.display_name
                ),
                self.env._(
                    "Choose another invoice, or enter number, date and amount of the old document "
                    "and the reason if it was issued before SMART."
                ),
            )
        elif related.annulment_state in ANNULMENT_UNDER_WAY:
            conversion.problem(
                move,
                field,
                self.env._("%s is being annulled: no note can refer to it.", origin.display_name),
                self.env._("Wait until SMART has answered, then decide what is to be corrected."),
            )
        else:
            self._check_related(conversion, origin, related)
            self._check_credited(conversion, origin)
        conversion.related = related
        conversion.values["related"] = related.control_number or ""

    @api.model
    def _check_related(self, conversion, origin, related):
        move = conversion.owner
        issuer = move.company_id.smart_issuer_id
        # sudo, below: the issuer may be a parent company that the user cannot read
        environments = labels(related, "environment")
        if related.issuer_id != issuer or related.environment != issuer.sudo().smart_environment:
            conversion.problem(
                move,
                "smart_note_origin_id",
                self.env._(
                    "%(origin)s was issued by %(issuer)s in the environment “%(environment)s”.",
                    origin=origin.display_name,
                    issuer=related.issuer_id.display_name,
                    environment=environments[related.environment],
                ),
                self.env._(
                    "Choose an invoice that the same company issued in its present environment."
                ),
            )
        elif related.partner_id != move.commercial_partner_id:
            conversion.problem(
                move,
                "smart_note_origin_id",
                self.env._(
                    "%(origin)s was issued to %(customer)s.",
                    origin=origin.display_name,
                    customer=related.partner_id.display_name,
                ),
                self.env._(
                    "Choose an invoice of the customer of this note, or correct the customer."
                ),
            )

    @api.model
    def _notes(self, conversion):
        """Return what is posted about the documents that the batch's notes refer to."""
        if "notes" not in conversion.shared:
            origins = conversion.shared["owners"].smart_note_origin_id
            notes = origins._smart_notes()
            conversion.shared["notes"] = notes.grouped("smart_note_origin_id")
        return conversion.shared["notes"]

    @api.model
    def _check_credited(self, conversion, origin):
        move = conversion.owner
        if move.move_type != "out_refund" or origin.move_type != "out_invoice":
            return
        notes = self._notes(conversion).get(origin, move.browse()) - move
        currency, invoiced, credited, same = move._smart_credit(origin, notes)
        taken = float(move._smart_final_total()) if same else abs(move.amount_total_signed)
        # Rates of exchange alone may make the difference.
        self._add_excess(
            conversion, origin.display_name, currency, invoiced, credited, taken, warning=not same
        )

    @api.model
    def _add_excess(self, conversion, origin, currency, invoiced, credited, taken, warning=False):
        """Note that credit notes take back more than a document came to, if they do."""
        excess = credited + taken - invoiced
        if excess <= ROUNDING:
            return
        conversion.problem(
            conversion.owner,
            "amount_total",
            self.env._(
                "%(origin)s and its debit notes come to %(invoiced)s, of which %(credited)s are "
                "credited already: this note takes back %(excess)s too much.",
                origin=origin,
                invoiced=currency.format(invoiced),
                credited=currency.format(credited),
                excess=currency.format(excess),
            ),
            self.env._("Lower its amount, or choose the invoice that it really corrects."),
            warning=warning,
        )
