from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..models.base.said import SaidText
from ..models.terms import UNKNOWN

#: How far our clock and SMART's may be apart.
CLOCK_TOLERANCE = timedelta(minutes=15)

#: Neighbours that are shown on each side.
SHOWN = 3


class SmartResolveWizard(models.TransientModel):
    """The evidence about a document in doubt on one screen, and the two ways out.

    ``smart.document`` makes the decisions, under the lane's lock; here they are only prepared.
    The document checks everything anew, whatever the screen showed.
    """

    _name = "smart.resolve.wizard"
    _description = "Resolve a Document in Doubt"
    _inherit = "smart.wizard"
    _rec_name = "document_id"
    _smart_inputs = frozenset({"document_id", "control_number", "issued_at", "explanation"})
    _smart_fixed = frozenset({"document_id"})

    document_id = fields.Many2one(
        comodel_name="smart.document", required=True, readonly=True, ondelete="cascade"
    )
    # What was sent, when, and what SMART said.
    partner_id = fields.Many2one(related="document_id.partner_id", related_sudo=False)
    currency_id = fields.Many2one(related="document_id.currency_id", related_sudo=False)
    amount_total = fields.Monetary(related="document_id.amount_total", related_sudo=False)
    internal_number = fields.Char(related="document_id.internal_number", related_sudo=False)
    last_error = SaidText(
        string="What Happened", related="document_id.last_error", related_sudo=False
    )
    request_body = fields.Text(
        string="Request", related="document_id.request_body", related_sudo=False
    )
    exchange_ids = fields.One2many(
        string="Attempts", related="document_id.exchange_ids", related_sudo=False
    )
    proven_issued = fields.Boolean(related="document_id.proven_issued", related_sudo=False)
    conflicting_number = fields.Char(related="document_id.conflicting_number", related_sudo=False)
    conflict_words = fields.Char(related="document_id.conflict_words", related_sudo=False)
    witness_ids = fields.One2many(
        string="Printed Documents", related="document_id.witness_ids", related_sudo=False
    )
    witness_id = fields.Many2one(related="document_id.witness_id", related_sudo=False)
    witness_next_at = fields.Datetime(
        string="Looked for Again at", related="document_id.witness_next_at", related_sudo=False
    )
    first_sent_at = fields.Datetime(string="In Doubt Since", compute="_compute_evidence")
    # The sequence of control numbers around it.
    neighbour_ids = fields.Many2many(
        comodel_name="smart.document", string="Neighbours", compute="_compute_evidence"
    )
    missing_words = fields.Text(string="What the Sequence Suggests", compute="_compute_evidence")
    # What the service expects.
    asked = fields.Boolean(readonly=True)
    expected_number = fields.Integer(readonly=True, help="The next internal number of SMART.")
    expected_words = fields.Text(string="SMART's Next Number", readonly=True)
    # What that comes to: shown with its evidence, and entered by nobody but the person.
    proposed_number = fields.Char(compute="_compute_proposed", compute_sudo=False)
    proposal_words = fields.Text(string="Why", compute="_compute_proposed", compute_sudo=False)
    # The decision.
    control_number = fields.Char()
    issued_at = fields.Datetime(
        string="Issued at",
        compute="_compute_issued_at",
        compute_sudo=False,  # only for users who may read the document
        store=True,
        readonly=False,
        precompute=True,
        help="The moment that SMART's dashboard shows. Proposed: when it was sent.",
    )
    explanation = fields.Text(help="How you found out. It is kept with your name.")
    warning = fields.Text(compute="_compute_warning")

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard.document_id._check_may_open_evidence()
        return wizards

    @api.depends("document_id")
    def _compute_evidence(self):
        self.filtered(lambda wizard: not wizard.document_id).update(
            {"first_sent_at": False, "neighbour_ids": False, "missing_words": False}
        )
        for wizard in self.filtered("document_id"):
            document = wizard.document_id
            document.check_access("read")  # the evidence below is the issuer's, read with sudo
            before, after = document._neighbours(SHOWN)
            wizard.first_sent_at = document._first_doubt()
            shown = (before + document.sudo() + after).with_env(self.env)
            wizard.neighbour_ids = shown._filtered_access("read")
            wizard.missing_words = wizard._words_missing()

    def _words_missing(self):
        """Return in words which control number the gap between the neighbours suggests."""
        document = self.document_id
        missing = document._missing_numbers()
        if missing is None:
            return self.env._("No other document was issued yet: the sequence tells nothing.")
        before, after = document._neighbours()
        if not missing:
            return self.env._(
                "No control number is missing between %(before)s and %(after)s: it seems that "
                "this document was not issued.",
                before=before.control_number or "…",
                after=after.control_number or "…",
            )
        if not after:
            return self.env._(
                "The last control number is %(before)s and nothing was issued since. If this "
                "document was issued, its number should be %(number)s.",
                before=before.control_number,
                number=missing[0],
            )
        if not before:
            return self.env._(
                "The first control number that came afterwards is %(after)s. If this document "
                "was issued, its number should be %(number)s.",
                after=after.control_number,
                number=missing[0],
            )
        words = self.env._(
            "Missing between %(before)s and %(after)s: %(numbers)s.",
            before=before.control_number,
            after=after.control_number,
            numbers=", ".join(missing),
        )
        others = document._others_in_doubt()
        if others:
            words += " " + self.env._(
                "Also in doubt: %s.", ", ".join(others[:SHOWN].mapped("display_name"))
            )
        return words

    @api.depends("document_id")
    def _compute_issued_at(self):
        self.issued_at = False
        for wizard in self.filtered("document_id"):
            document = wizard.document_id
            wizard.issued_at = (
                document.issued_at if document.conflicting_number else document._first_doubt()
            )

    @api.depends("document_id", "asked", "expected_number")
    def _compute_proposed(self):
        self.update({"proposed_number": False, "proposal_words": False})
        for wizard in self.filtered("document_id"):
            document = wizard.document_id
            if document.conflicting_number:
                continue  # SMART gave two: which one is right, only its dashboard tells
            missing = document._missing_numbers() or []
            missing = [one for one in missing if one not in document._contested_numbers()]
            # One gap and one candidate, or nothing.
            if len(missing) == 1 and not document._others_in_doubt():
                wizard.proposed_number = missing[0]
                wizard.proposal_words = wizard._words_proposed()

    def _words_proposed(self):
        """Return in words what speaks for the proposed number, and what does not."""
        document = self.document_id
        before, after = document._neighbours()
        words = [
            self.env._(
                "%(number)s is the only control number between %(before)s and %(after)s that no "
                "document has here, and no other document is in doubt.",
                number=self.proposed_number,
                before=before.control_number or "…",
                after=after.control_number or "…",
            )
        ]
        if document.proven_issued:
            words.append(self.env._("SMART has proven that this document was issued."))
        elif not self.asked:
            words.append(
                self.env._(
                    "That alone does not prove that it was issued: ask SMART for its next number."
                )
            )
        words.append(self.env._("Compare it with SMART's dashboard before you use it."))
        return " ".join(words)

    @api.depends("control_number", "expected_number", "asked", "document_id")
    def _compute_warning(self):
        for wizard in self:
            document, number = wizard.document_id, (wizard.control_number or "").strip()
            warnings = []
            if number and not document.conflicting_number:
                warnings.append(document._doubtful_fit(number))
            if number in document._contested_numbers():
                warnings.append(
                    self.env._(
                        "Somebody has contested control number %s: its print was said to be of "
                        "another document.",
                        number,
                    )
                )
            free = wizard.asked and document._number_verdict(wizard.expected_number) == "free"
            if free and number and document.state == UNKNOWN:
                warnings.append(
                    self.env._(
                        "SMART says that internal number %s is not in use: a control number "
                        "contradicts that.",
                        document.internal_number,
                    )
                )
            wizard.warning = "\n".join(filter(None, warnings))

    # -- buttons ---------------------------------------------------------------------------

    def action_ask(self):
        """Button: ask SMART which internal number it expects next."""
        wizard = self._acting()
        wizard._ask()
        return wizard._open_again()

    def _open_again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve %s", self.document_id._title()),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {**self.env.context, "dialog_size": "extra-large"},
        }

    def action_use_proposed(self):
        """Button: enter the number that is proposed; nothing is recorded by that."""
        wizard = self._acting()
        wizard.control_number = wizard.proposed_number
        return wizard._open_again()

    def action_issued(self):
        """Button: record the control number."""
        wizard = self._acting()
        issued_at = wizard.issued_at
        document = wizard.document_id
        wizard._check_explanation()
        if not issued_at:
            raise UserError(self.env._("Enter when it was issued, as SMART's dashboard shows it."))
        earliest = document._first_doubt() - CLOCK_TOLERANCE
        if not earliest <= issued_at <= fields.Datetime.now() + CLOCK_TOLERANCE:
            raise UserError(
                self.env._(
                    "It cannot have been issued at that moment: it was sent for the first time "
                    "at %(first)s, and it is %(now)s now.",
                    first=self._local(document._first_doubt()),
                    now=self._local(fields.Datetime.now()),
                )
            )
        document._resolve(
            "_decide_issued", (wizard.control_number or "").strip(), issued_at, wizard.explanation
        )
        return wizard._close()

    def action_not_issued(self):
        """Button: it was not issued; queue it again, unless SMART says otherwise."""
        return self._acting()._not_issued()

    def action_set_aside(self):
        """Button: it was not issued, and what it says has to be corrected first."""
        return self._acting()._not_issued(aside=True)

    def action_contest(self):
        """Button: the print that has settled it is not believed; it is in doubt again."""
        wizard = self._acting()
        wizard._check_explanation()
        wizard.document_id._contest(wizard.explanation)
        return wizard._close()

    def _not_issued(self, aside=False):
        self.ensure_one()
        self._check_explanation()
        document = self.document_id
        document._check_may_resolve()
        if document.proven_issued:
            raise UserError(
                self.env._(
                    "SMART has proven that it was issued, so it cannot be sent again. %s",
                    document.last_error or "",
                )
            )
        attempts = document.attempts
        self._ask()
        verdict = self.asked and document._number_verdict(self.expected_number)
        if verdict == "used":
            raise UserError(
                self.env._(
                    "It cannot be sent again. %(words)s Look its control number up in SMART's "
                    "dashboard and record it.",
                    words=document._words_verdict(self.expected_number),
                )
            )
        free_after = attempts if verdict == "free" else None
        document._resolve("_decide_not_issued", self.explanation, free_after, aside)
        return self._close()

    def _check_explanation(self):
        if not (self.explanation or "").strip():
            raise UserError(
                self.env._("Write how you found out: the explanation is kept with your name.")
            )

    def _ask(self):
        """Ask SMART for its next internal number and keep what it says."""
        self.ensure_one()
        document = self.document_id
        document._check_may_resolve()
        lane = document.sudo().lane_id  # sudo: asking needs the issuer's queue and token
        expected, why_not = lane._ask_next_number(document.document_type, document)
        self._update(
            {
                "asked": expected is not None,
                "expected_number": expected or 0,
                "expected_words": why_not or document._words_verdict(expected),
            }
        )

    def _local(self, moment):
        return format_datetime(self.env, moment, dt_format="short")

    def _close(self):
        return {"type": "ir.actions.act_window_close"}
