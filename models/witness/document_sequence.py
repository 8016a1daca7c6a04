from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...smart_api import doubts
from ..base.said import telling
from ..resolving.document import control_key
from ..terms import DECIDED_NOT_ISSUED, UNKNOWN

#: Hosts' clocks differ by less.
CLOCKS_APART = timedelta(seconds=5)

#: So many of the documents that were issued before the doubt are looked at.
EARLIER_NEIGHBOURS = 100
#: Documents in doubt that are looked at together.
MOST_IN_DOUBT = 200


class SmartDocument(models.Model):
    """A sequence of control numbers without a gap proves that a document was not issued.

    An issuer's control numbers are one sequence. Had the document been issued, its number would lie
    between that of a document issued before it was sent and that of one sent when nothing of it
    could be on its way any more. If documents here have every number between the two, there is none
    left for it. Where the service does not enforce the numbering, nothing else tells that.
    """

    _inherit = "smart.document"

    @api.model
    def _without_a_place(self, issuer_id):
        """Return the ids of an issuer's documents in doubt that there is no number left for."""
        lane = self._lane_of(self.env["res.company"].browse(issuer_id))
        quiet = [("sent_at", "<", fields.Datetime.now() - doubts.LATE)]
        in_doubt = self.search([*lane._documents([UNKNOWN]), *quiet], limit=MOST_IN_DOUBT)
        return in_doubt.filtered(lambda document: document._closed_sequence()).ids

    def _closed_sequence(self):
        """Return the control numbers before and after which the sequence is closed, else ``None``.

        :returns: a pair of control numbers with no number free between them
        """
        self.ensure_one()
        doubt = self._doubt()
        enforced = self.repeatable and self.issuer_id.smart_enforces_numbering
        if self.state != UNKNOWN or self.proven_issued or not doubt or enforced:
            return None
        Exchange = self.env["smart.exchange"]
        before = next(
            (
                one
                for one in Exchange.search(
                    [*self._accepted_of_others(), ("id", "<", doubt.id)],
                    order="id desc",
                    limit=EARLIER_NEIGHBOURS,
                )
                if one.started_at + timedelta(milliseconds=one.duration_ms) + CLOCKS_APART
                <= doubt.started_at
            ),
            Exchange,
        )
        after = self._first_accepted(self._quiet_at())
        numbers = before.document_id.control_number, after.document_id.control_number
        first, last = map(control_key, numbers)
        if not first or not last or first[0] != last[0] or first[1] >= last[1]:
            return None
        held = {control_key(number) for number in self._numbers_given(before, after, numbers)}
        # One more prefix, and the numbers are no single sequence.
        wanted = {(first[0], number) for number in range(first[1], last[1] + 1)}
        return numbers if wanted <= held and {prefix for prefix, _n in held} == {first[0]} else None

    def _first_accepted(self, late):
        """Return the first accepted call about another document that began after a moment."""
        domain = [*self._accepted_of_others(), ("id", ">", self._doubt().id)]
        return self.env["smart.exchange"].search(
            [*domain, ("started_at", ">", late)], order="id", limit=1
        )

    def _numbers_given(self, before, after, numbers):
        """Return the control numbers of documents here: given from one accepted call to another.

        By SMART itself, or proven by print; what a person typed proves nothing here.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT document.control_number
                  FROM smart_exchange AS answer
                  JOIN smart_document AS document ON document.id = answer.document_id
                 WHERE answer.id BETWEEN %(before)s AND %(after)s
                       AND answer.issuer_id = %(issuer)s
                       AND answer.environment = %(environment)s
                       AND answer.operation = 'issue' AND answer.outcome = 'accepted'
                       AND document.conflicting_number IS NULL
                 UNION
                SELECT control_number
                  FROM smart_document
                 WHERE lane_id = %(lane)s AND witness_id IS NOT NULL
                       AND control_number BETWEEN %(first)s AND %(last)s
                """,
                before=before.id,
                after=after.id,
                issuer=self.issuer_id.id,
                environment=self.environment,
                lane=self.lane_id.id,
                first=numbers[0],
                last=numbers[1],
            )
        )
        return [number for [number] in rows if number]

    def _decide_by_sequence(self):
        """Record that the document was not issued, and send it again or set it aside."""
        numbers = self._closed_sequence()
        if not numbers:
            return  # its answer has come meanwhile, or a person has resolved it
        vain = self.exchange_ids.filtered(
            lambda one: one.operation == "issue" and one.outcome == "unknown"
        )
        aside = len(vain) >= doubts.VAIN_ATTEMPTS
        message = telling(self.env)._(
            "Not issued: of the control numbers between %(first)s, given before it was sent, and "
            "%(last)s, given more than %(minutes)s minutes later, documents here have every one, "
            "so none is left for it.",
            first=numbers[0],
            last=numbers[1],
            minutes=round(doubts.LATE.total_seconds() / 60),
        )
        if aside:
            message = telling(self.env)._(
                "%(message)s It was tried %(attempts)s times. %(how)s Simplify it and confirm it "
                "again.",
                message=message,
                how=self._owner()._smart_how_to_change(),
                attempts=len(vain),
            )
        self._leave_trace(
            DECIDED_NOT_ISSUED, message, message, outcome="refused", control_number=""
        )
        self._record_not_issued(certain=True, aside=aside, last_error=aside and message)
