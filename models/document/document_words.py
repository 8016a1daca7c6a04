from odoo import api, fields, models

from ..base.labels import labels
from ..base.said import telling
from ..terms import (
    ANNULLED,
    ISSUED,
    NUMBERED_STATES,
    QUEUED,
    REFUSED,
    SENDING,
    UNKNOWN,
    WITHDRAWN,
)


class SmartDocument(models.Model):
    """What a bookkeeper reads on a fiscal document: what it is called, what to do next."""

    _inherit = "smart.document"

    legal_name = fields.Char(
        string="Legal Number",
        compute="_compute_legal_name",
        help="What law and paper call it, once it is issued: its type and its internal number.",
    )
    number = fields.Char(
        compute="_compute_number",
        help="Its legal number once it is issued; before that, what Odoo calls it.",
    )
    next_step = fields.Char(compute="_compute_next_step")
    conflict_words = fields.Char(compute="_compute_conflict_words")

    @api.depends("state", "document_type", "internal_number")
    @api.depends_context("lang")
    def _compute_legal_name(self):
        types = labels(self, "document_type")
        for document in self:
            numbered = document.state in NUMBERED_STATES and document.internal_number
            document.legal_name = (
                f"{types[document.document_type]} {document.internal_number}" if numbered else False
            )

    @api.depends("legal_name", "name")
    @api.depends_context("lang")
    def _compute_number(self):
        for document in self:
            document.number = document.legal_name or document.name

    @api.depends("legal_name", "name", "control_number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for document in self:
            document.display_name = " · ".join(
                filter(None, (document._title(), document.control_number))
            ) or self.env._("Fiscal document")

    def _title(self):
        """Return what it is called: by its legal number, or provisionally as Odoo calls it."""
        self.ensure_one()
        if not self.legal_name:
            return self.name
        tell = telling(self.env)  # in words that are kept, each reader has it in the own language
        return tell.join(" ", [tell.choice(self, "document_type"), self.internal_number])

    @api.depends("state", "proven_issued", "repeatable", "conflicting_number")
    def _compute_next_step(self):
        for document in self:
            document.next_step = document._words_next_step()

    @api.depends("control_number", "conflicting_number")
    def _compute_conflict_words(self):
        for document in self:
            document.conflict_words = document.conflicting_number and self.env._(
                "SMART has answered with control number %(other)s, but %(recorded)s is recorded. "
                "If the recorded one was a mistake, record the other. If both exist at SMART, the "
                "document was issued twice: keep one and annul the other there.",
                other=document.conflicting_number,
                recorded=document.control_number,
            )

    def _words_of_doubt(self):
        """Return what Odoo does about a document in doubt, and who decides if that is in vain."""
        # sudo: the issuer may be a parent company that the user does not see
        who = self.sudo().issuer_id._smart_responsible().name
        if self.proven_issued:
            return self.env._(
                "SMART has issued it; only its control number is missing here. Odoo looks for its "
                "printed document, which tells the number. If none is found, %(who)s, or another "
                "accounting manager, looks it up in SMART's dashboard and presses “Resolve”.",
                who=who,
            )
        if self.repeatable:
            return self.env._(
                "It may have been issued. Nothing is to be done: Odoo repeats the identical "
                "request, which SMART cannot issue twice. If that does not settle it, %(who)s, or "
                "another accounting manager, decides with “Resolve”.",
                who=who,
            )
        return self.env._(
            "It may have been issued. Odoo looks for its printed document. If none is found, "
            "%(who)s, or another accounting manager, finds out in SMART's dashboard whether it was "
            "issued, and decides with “Resolve”.",
            who=who,
        )

    def _words_next_step(self):
        """Return what a person does next; mostly nothing."""
        self.ensure_one()
        if self.conflicting_number:
            return self.env._(
                "SMART gave it two control numbers: press “Resolve” and choose the right one."
            )
        if self.state == UNKNOWN:
            return self._words_of_doubt()
        return {
            QUEUED: self.env._("It is sent by itself as soon as its turn comes."),
            SENDING: self.env._("Nothing: SMART is being called right now."),
            ISSUED: self.env._("Nothing. %s", self._owner()._smart_how_to_correct()),
            REFUSED: self.env._(
                "Correct what SMART says. %s Then confirm it again. If it was right as it is, "
                "press “Send to SMART”.",
                self._owner()._smart_how_to_change(),
            ),
            ANNULLED: self.env._("Nothing: it was annulled at SMART."),
            WITHDRAWN: self.env._("Confirm it again when it is right."),
        }[self.state]
