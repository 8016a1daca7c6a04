from datetime import timezone

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...smart_api.printed import moment_of_issue
from ..base.said import telling
from ..terms import (
    AMBIGUOUS,
    ANNULMENT_UNDER_WAY,
    CARACAS,
    CONTESTED,
    DECIDED_ANNULLED,
    DECIDED_CONTESTED,
    DECIDED_ISSUED,
    ISSUED,
    PENDING,
    PROOF,
    UNKNOWN,
)
from .sight import Sight


class SmartDocument(models.Model):
    """What follows from a printed document that proves something; each under the lane's lock."""

    _inherit = "smart.document"

    def _decide_by_witness(self, sight):
        """Record the control number that the document's print proves; it stays as evidence.

        :param sight: see :class:`.sight.Sight`
        """
        if self.state != UNKNOWN:
            return  # its answer has come meanwhile, or a person has resolved it
        Witness = self.env["smart.witness"]
        # An issuer's RIF may have been another company's before, and its documents are here, too.
        elsewhere = self.search_count(
            [
                ("control_number", "=", sight.control_number),
                ("document_url", "=", sight.url),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        against = Witness._speaks_against(self, sight.control_number)
        if elsewhere or against or self._why_not_recorded(sight.control_number):
            Witness._note(self, sight, AMBIGUOUS)
            return
        witness = Witness._note(self, sight, PROOF)
        self._leave_proof(
            DECIDED_ISSUED,
            sight,
            telling(self.env)._(
                "Issued with control number %(number)s: its printed document was found at SMART "
                "and fits the request (%(facts)s). Its SHA-256: %(sha256)s",
                number=sight.control_number,
                facts=witness._words(),
                sha256=sight.sha256,
            ),
        )
        self._record_issued(
            sight.control_number,
            self._moment_in_print(sight.text),
            document_url=sight.url,
            witness_id=witness.id,
        )
        self._keep_file(sight.content)

    def _decide_annulled_by_witness(self, sight):
        """Record that SMART has annulled the document: its print says so now, and did not before.

        :param sight: see :class:`.sight.Sight`
        """
        if self.state != ISSUED or self.annulment_state != PENDING:
            return
        self.env["smart.witness"]._note(self, sight, PROOF)
        self._leave_proof(
            DECIDED_ANNULLED,
            sight,
            telling(self.env)._(
                "Annulled at SMART: the printed document of control number %(number)s is marked as "
                "annulled now. Its SHA-256: %(sha256)s",
                number=sight.control_number,
                sha256=sight.sha256,
            ),
        )
        self._record_annulled()

    def _leave_proof(self, decision, sight, message):
        self._leave_trace(
            decision,
            message,
            message,
            outcome="accepted",
            operation="witness",
            control_number=sight.control_number,
            file_sha256=sight.sha256,
            file_size=len(sight.content),
        )

    def _moment_in_print(self, text):
        """Return when it was issued (UTC): as printed if that is clear, else when it was sent."""
        earliest, latest = (
            moment.replace(tzinfo=timezone.utc).astimezone(CARACAS).replace(tzinfo=None)
            for moment in self._doubtful_time()
        )
        printed = moment_of_issue(text, earliest, latest)
        if not printed:
            return self._first_doubt()
        return printed.replace(tzinfo=CARACAS).astimezone(timezone.utc).replace(tzinfo=None)

    # -- a person does not believe it ------------------------------------------------------

    def _check_may_contest(self):
        """Check the user's right to contest what a printed document has settled.

        :raises AccessError: without the right
        :raises UserError: if no printed document has settled it, or it is being annulled
        """
        self.check_access("read")
        if not self.env.user.has_group(self._owner()._smart_group_to_annul):
            raise AccessError(self.env._("Only managers decide about documents in doubt."))
        self._check_contestable()

    def _check_contestable(self):
        self.ensure_one()
        if self.state != ISSUED or not self.witness_id:
            raise UserError(
                self.env._(
                    "%s was not settled by its printed document: there is nothing to contest.",
                    self.display_name,
                )
            )
        if self.annulment_state in ANNULMENT_UNDER_WAY:
            raise UserError(
                self.env._(
                    "SMART is being asked to annul %s; wait until that is settled.",
                    self.display_name,
                )
            )

    def _check_may_open_evidence(self):
        """Check the right to see the evidence, with something to decide about it."""
        if self.witness_id:
            self._check_may_contest()
        else:
            self._check_may_resolve()

    def action_contest(self):
        """Button: the evidence that has settled it, and the way to contest it."""
        self.ensure_one()
        self._check_may_contest()
        return self._open_evidence() | {"name": self.env._("What proves %s", self.display_name)}

    def _contested_numbers(self):
        """Return the control numbers that a person has said are not this document's."""
        contested = self.witness_ids.filtered(lambda one: one.verdict == CONTESTED)
        return contested.mapped("control_number")

    def _contest(self, explanation):
        """Put the document in doubt again, see :meth:`_decide_contested`.

        :raises AccessError, UserError: nothing is changed then
        """
        self._check_may_contest()
        self._decide_now("_decide_contested", explanation)

    def _decide_contested(self, explanation):
        """Put the document in doubt again; the same print never settles it a second time.

        :param str explanation: why
        """
        self._check_contestable()
        number, user = self.control_number, self.env.user
        message = telling(self.env)._(
            "%(user)s contests control number %(number)s, which its printed document had proven. "
            "It is in doubt again. Explanation: %(why)s",
            user=user.name,
            number=number,
            why=explanation,
        )
        self._leave_trace(
            DECIDED_CONTESTED, message, explanation, outcome="unknown", control_number=number
        )
        sight = Sight(number, "issue", (), asked_at=fields.Datetime.now())
        self.env["smart.witness"]._note(self, sight, CONTESTED)
        self._engine_write(
            {
                "state": UNKNOWN,
                "control_number": False,
                "issued_at": False,
                "legal_footer": False,
                "document_url": False,
                "document_file": False,
                "file_next_at": False,
                "owner_step": False,
                "witness_id": False,
                "witness_looked_at": fields.Datetime.now(),
                "last_error": message,
            }
        )
