import base64
import logging
from datetime import timedelta, timezone

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import LockError
from odoo.tools import SQL, get_lang

from ...smart_api.printed import Doubt, read_text
from ..base.pauses import Pauses
from ..resolving.document import control_key
from ..terms import AMBIGUOUS, CARACAS, ISSUED, PENDING, PROOF, UNKNOWN
from .sight import MOST_ADDRESSES, Hearing, Sight, Suspect, address_of

_logger = logging.getLogger(__name__)

PAUSES = Pauses(first=timedelta(seconds=5), longest=timedelta(days=1))
#: About two weeks.
MOST_ATTEMPTS = 28
#: While documents are being sent nothing is recorded; then it is tried again.
LATER = timedelta(seconds=10)

#: Control numbers that are tried for one document.
MOST_NUMBERS = 5
#: How far they may be behind the document that was issued just before it.
LATER_NEIGHBOURS = 10
MOST_TRIED = 200
#: Documents looked for together, and compared with what is found.
MOST_DUE = 20
MOST_SUSPECTS = 200

#: Our clock and SMART's may be apart, and what was sent may have waited there. Near the end of a
#: month the document can lie in either.
CLOCKS_APART = timedelta(minutes=15)


class SmartDocument(models.Model):
    """Looks whether documents in doubt were printed, without anybody's help.

    For a document in doubt the gap in the sequence of control numbers suggests one or a few; their
    addresses follow from those of its neighbours. One print that fits one document in every fact,
    and no other, settles it. All else is kept as evidence for the person who resolves.
    """

    _inherit = "smart.document"

    witness_ids = fields.One2many(
        comodel_name="smart.witness",
        inverse_name="document_id",
        string="Printed Documents Looked for",
        readonly=True,
    )
    witness_id = fields.Many2one(
        comodel_name="smart.witness",
        string="Proven by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The printed document that gave the control number.",
    )
    witness_looked_at = fields.Datetime(readonly=True, copy=False)
    witness_next_at = fields.Datetime(
        string="Printed Document Looked for next", readonly=True, copy=False
    )
    witness_attempts = fields.Integer(readonly=True, copy=False)
    witness_last_exchange = fields.Integer(
        readonly=True,
        copy=False,
        help="If nothing was issued after it so far, or not late enough: what was issued last. The "
        "next one makes the gap clearer.",
    )

    # -- when ------------------------------------------------------------------------------

    @api.model
    def _witnesses_missed(self):
        """Return the domain of what should have been looked for, if nobody triggers it."""
        before = fields.Datetime.now() - LATER
        return [
            "|",
            ("witness_next_at", "<=", before),
            "&",
            ("witness_looked_at", "=", False),
            "|",
            "&",
            ("state", "=", UNKNOWN),
            ("sent_at", "<=", before),
            "&",
            ("annulment_state", "=", PENDING),
            ("annulment_sent_at", "<=", before),
        ]

    @api.model
    def _look_for_witnesses(self, issuer):
        """Look for what is due of one issuer, and settle what it proves.

        On cursors of its own, none of which is open while the network is waited for.
        """
        try:
            self._hold_hearing(issuer)
        except psycopg2.OperationalError as error:
            # Somebody was at work on one of the documents; what is still due is looked for again.
            _logger.info("Looking for printed documents waits: %s", error)

    @api.model
    def _hold_hearing(self, issuer):
        hearing = self._apart("_open_hearing", issuer.id)
        if hearing:
            reached = hearing.hold()
            self._decide_each(issuer, self._apart("_close_hearing", hearing, reached))
        # Afterwards: a print may just have closed the gap.
        absent = self._apart("_without_a_place", issuer.id)
        self._decide_each(issuer, [("_decide_by_sequence", one) for one in absent])

    @api.model
    def _apart(self, step, *args, ids=()):
        with self.env.registry.cursor() as cr:
            # su: fiscal documents are written by their transitions alone
            env = api.Environment(cr, SUPERUSER_ID, {})
            return getattr(env["smart.document"].browse(ids), step)(*args)

    @api.model
    def _decide_each(self, issuer, found):
        """Record what was found: (how it is decided, document's id, with what)."""
        lang = get_lang(self.env, issuer.partner_id.lang).code
        busy = []
        for decide, document_id, *sight in found:
            document = self.browse(document_id).with_context(
                lang=lang, allowed_company_ids=issuer.ids
            )
            try:
                decided = document._decide_apart(decide, *sight)
            except (LockError, psycopg2.OperationalError):
                decided = False
            except Exception:
                # Of this document alone; it is tried again when it is looked for again.
                _logger.exception("Fiscal document %s: not recorded (%s)", document_id, decide)
                continue
            if not decided:
                busy.append(document_id)
        if busy:
            self._apart("_look_after_sending", ids=busy)

    @api.model
    def _witnesses_due(self, lane):
        """Return the documents of a lane whose print is to be looked for now.

        At once after each attempt, then with growing pauses; and once something was issued after
        them, for that closes the gap.
        """
        last = self.env["smart.exchange"].search(
            [
                ("issuer_id", "=", lane.issuer_id.id),
                ("environment", "=", lane.environment),
                ("operation", "=", "issue"),
                ("outcome", "=", "accepted"),
            ],
            order="id desc",
            limit=1,
        )
        self.flush_model()
        return lane._documents_by(
            SQL(
                """
                SELECT id FROM smart_document
                 WHERE lane_id = %(lane)s
                   AND (state = 'unknown' AND coalesce(sent_at > witness_looked_at, true)
                        OR state = 'issued' AND annulment_state = 'pending'
                           AND coalesce(annulment_sent_at > witness_looked_at, true)
                        OR (state = 'unknown' OR annulment_state = 'pending')
                           AND (witness_next_at <= %(now)s
                                OR witness_last_exchange BETWEEN 1 AND %(last)s - 1))
                   AND (state IN ('queued', 'sending', 'unknown') OR annulment_state
                        IN ('requested', 'calling', 'pending', 'cancelling'))
              ORDER BY witness_next_at NULLS FIRST, id
                 LIMIT %(most)s
                """,
                lane=lane.id,
                now=fields.Datetime.now(),
                last=last.id or 0,
                most=MOST_DUE,
            )
        ), last.id

    def _look_again(self, at):
        self._engine_write({"witness_next_at": at})
        self.issuer_id._smart_trigger_errands(at)

    def _look_after_sending(self):
        """Look again soon, for what was found could not be recorded; that look does not count."""
        for document in self:
            document._engine_write({"witness_attempts": max(document.witness_attempts - 1, 1)})
        self._look_again(fields.Datetime.now() + LATER)

    def _note_look(self, last_id):
        """Note that it was looked for, and when it will be again.

        :param int last_id: the last accepted call of the issuer
        """
        self.ensure_one()
        sent_at = self.sent_at if self.state == UNKNOWN else self.annulment_sent_at
        anew = not self.witness_looked_at or (sent_at and sent_at > self.witness_looked_at)
        attempts = 1 if anew else self.witness_attempts + 1
        at, quiet_at = fields.Datetime.now() + PAUSES.after(attempts), self._quiet_at()
        if self.state == UNKNOWN and fields.Datetime.now() > quiet_at:
            # Sent when nothing of this one was on its way: see ``document_sequence``.
            closed = bool(self._first_accepted(quiet_at))
        else:
            _before, after = self._neighbours()
            closed = bool(after)
            at = min(at, quiet_at + timedelta(seconds=1)) if self.state == UNKNOWN else at
        self._engine_write(
            {
                "witness_looked_at": fields.Datetime.now(),
                "witness_attempts": attempts,
                "witness_next_at": False,
                "witness_last_exchange": 0 if closed else last_id,
            }
        )
        if attempts < MOST_ATTEMPTS:
            self._look_again(at)

    @api.model
    def _lane_of(self, issuer):
        return self.env["smart.lane"].search(
            [("issuer_id", "=", issuer.id), ("environment", "=", issuer.smart_environment)]
        )

    # -- where -----------------------------------------------------------------------------

    @api.model
    def _open_hearing(self, issuer_id):
        """Return what is to be looked at for an issuer (:class:`Hearing`), or ``None``."""
        issuer = self.env["res.company"].browse(issuer_id)
        lane = self._lane_of(issuer)
        if not lane:
            return None
        due, last_id = self._witnesses_due(lane)
        for document in due:
            document._note_look(last_id)
        rif, addresses, pending = issuer.smart_holder_rif or "", {}, []
        doubts = self.search(
            lane._documents([UNKNOWN]), order="queue_position", limit=MOST_SUSPECTS
        )
        suspects = {
            document: Suspect(document.id, document._doubt_in_print(rif))
            for document in (doubts | due)
            if document.state == UNKNOWN and document.request_body
        }
        for document in due:
            if document not in suspects:
                pending += document._pending_annulment(rif)
                continue
            for number, urls in document._witness_addresses(len(doubts), rif):
                addresses.setdefault(number, {}).update(dict.fromkeys(urls))
                suspects[document].numbers.add(number)
        sights = [Sight(number, "issue", tuple(urls)) for number, urls in addresses.items()]
        if not sights and not pending:
            return None
        return Hearing(
            issuer._smart_base_url(),
            list(suspects.values()),
            sights[:MOST_ADDRESSES],
            pending,
        )

    def _doubt_in_print(self, rif):
        """Return what its printed document would have to say."""
        return Doubt(self.request_body or "", self.related_document_id.internal_number or "", rif)

    def _witness_addresses(self, in_doubt, rif):
        """Return the control numbers that it may have, each with the addresses of its print.

        :param int in_doubt: how many documents share the gap
        """
        self.ensure_one()
        contested = self._contested_numbers()
        known = sum(reversed(self._neighbours(3)), self.browse())
        months = {
            moment.replace(tzinfo=timezone.utc).astimezone(CARACAS).strftime("%Y-%m"): None
            for moment in self._doubtful_time()
        }
        for number in self._numbers_to_try(in_doubt):
            if number in contested:
                continue
            urls = (
                address_of(one.document_url or "", one.control_number or "", number, month, rif)
                for month in months
                for one in known
            )
            if urls := tuple(dict.fromkeys(filter(None, urls))):
                yield number, urls

    def _numbers_to_try(self, in_doubt):
        """Return the control numbers that it may have: those of its own gap.

        As many more as there are others in doubt: what SMART processed late has a number behind
        documents that were sent after it.

        :param int in_doubt: how many documents share the gaps, and the end of the sequence
        """
        before, after = self._neighbours(LATER_NEIGHBOURS)
        keys = [control_key(one.control_number) for one in before[-1:] + after]
        keys = [key for key in keys if key]
        if not keys:
            return []
        prefix = keys[0][0]
        numbers = [number for one, number in keys if one == prefix]
        start = numbers[0] + 1 if before else numbers[0] - 1
        end = max(numbers) + (in_doubt if len(after) < LATER_NEIGHBOURS else 0)
        free = self._free_numbers(prefix, range(start, min(end, start + MOST_TRIED) + 1))
        wanted = max(len(self._missing_numbers(MOST_NUMBERS) or []), in_doubt)
        return free[: min(wanted, MOST_NUMBERS)]

    def _doubtful_time(self):
        """Return between which moments (UTC) it may have been issued."""
        first = self._first_doubt()
        return first - CLOCKS_APART, max(self.sent_at or first, first) + CLOCKS_APART

    def _pending_annulment(self, rif):
        """Return how its print tells whether SMART has annulled it; nothing if it cannot."""
        self.ensure_one()
        content = self.with_context(bin_size=False).document_file
        if self.state != ISSUED or not content or not self.document_url or not self.request_body:
            return []
        # SMART prints it anew under the same address; the copy that was kept is the one before.
        kept = read_text(base64.b64decode(content)) or ""
        suspect = Suspect(self.id, self._doubt_in_print(rif), kept=kept)
        return [(suspect, Sight(self.control_number, "annul", (self.document_url,)))]

    # -- what it says ----------------------------------------------------------------------

    @api.model
    def _close_hearing(self, hearing, reached):
        """Keep what was found as evidence.

        :returns: (how it is decided, document's id, sight) for what is proven
        """
        if not reached:
            _logger.info("SMART could not be reached to look for printed documents")
            return []
        found, Witness = [], self.env["smart.witness"]
        decisive = {
            document_id: sight
            for document_id, sight in hearing.decisive()
            if not Witness._speaks_against(self.browse(document_id), sight.control_number)
        }
        spoken_for = {sight.control_number for sight in decisive.values()}
        for suspect in hearing.suspects:
            document = self.browse(suspect.document_id)
            if document.state != UNKNOWN:
                continue
            for sight in hearing.sights:
                verdict = Witness._verdict_on(sight, document)
                if decisive.get(document.id) is sight:
                    found.append(("_decide_by_witness", document.id, sight))
                elif verdict == PROOF:
                    Witness._note(document, sight, AMBIGUOUS)
                elif sight.control_number in suspect.numbers and not (
                    # It has found its document: that of somebody else's customer, perhaps.
                    sight.control_number in spoken_for or document._holder_of(sight.control_number)
                ):
                    Witness._note(document, sight, verdict)
        for suspect, sight in hearing.pending:
            if sight.proves(suspect.document_id):
                found.append(("_decide_annulled_by_witness", suspect.document_id, sight))
        return found
