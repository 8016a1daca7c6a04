from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...smart_api.outcomes import Refused
from ...smart_api.refusals import Why
from ...smart_api.schemas import stated
from ..base.said import telling
from ..terms import LOCKED_STATES, NUMBERED_STATES, QUEUED, REFUSED, UNKNOWN, WITHDRAWN

#: Nobody restores a database from a backup that is younger.
LONG_WAIT = timedelta(minutes=15)


class SmartDocument(models.Model):
    """The internal number of a document, above all after its outcome was in doubt.

    Which internal number is safe after somebody states that a document was *not* issued:
    only its own. If the person is right, the number is free, and any other would leave a
    gap; if the person is wrong and SMART enforces the numbering, the same number is refused
    as already used, which proves that the document was issued after all, while
    another number would issue it twice. So the number goes back to the numbering where no
    later one was taken (the document is the first of its queue: it takes it again), and
    stays reserved for the document where later ones were. If it is refused then, which is
    certain, and numbers are not enforced, the next document takes that number.
    """

    _inherit = "smart.document"

    reserved_sequence = fields.Integer(
        readonly=True,
        copy=False,
        help="Internal number that is this document's alone: later ones are in use already.",
    )
    doubted_sequence = fields.Integer(
        readonly=True,
        copy=False,
        help="Internal number under which it was sent without an answer and which somebody "
        "stated not to be issued. If SMART says that it is in use, the document was issued.",
    )

    # -- numbers ---------------------------------------------------------------------------

    def _take_number(self, enforced):
        """Return the internal number to send the document with: its own, else the next.

        :param bool enforced: whether the service takes none but its next number
        :returns: the number, and the head of the issuer's chain, see ``smart.chain``
        """
        self.ensure_one()
        reserved = self.reserved_sequence
        if reserved:
            self._engine_write({"reserved_sequence": 0})
            if not self._is_number_used(reserved):
                return reserved, self.env["smart.chain"]._head(self)
        return self.env["smart.numbering"]._take(self, enforced)

    def _set_aside_query(self, enforced):
        """Return what finds a document whose number this one takes: not issued, perhaps never.

        That number would be a gap: later ones are in use, and that document waits for a person.
        A service that enforces the numbering takes none but its next.
        """
        self.ensure_one()
        if enforced:
            return SQL("SELECT NULL::int")
        self.flush_model(["state", "reserved_sequence", "doubted_sequence"])
        return SQL(
            "SELECT other.id FROM smart_document AS other"
            " WHERE other.issuer_id = %s AND other.environment = %s AND other.document_type = %s"
            " AND other.state IN %s AND other.reserved_sequence > 0"
            # Of that one only a person says that it was not issued.
            " AND COALESCE(other.doubted_sequence, 0) = 0"
            " ORDER BY other.reserved_sequence LIMIT 1",
            self.issuer_id.id,
            self.environment,
            self.document_type,
            (REFUSED, WITHDRAWN),
        )

    def _take_over_number(self):
        """Have this document, which is set aside, give its number up; return it, or 0."""
        held = self.try_lock_for_update() if self.id else self
        number = held.reserved_sequence
        if number:
            held._engine_write({"reserved_sequence": 0})
        return 0 if not number or held._is_number_used(number) else number

    def _is_number_used(self, number, states=LOCKED_STATES):
        """Tell whether another document of this numbering was, or may be, issued under it."""
        self.ensure_one()
        return bool(
            self.search_count(
                [
                    ("issuer_id", "=", self.issuer_id.id),
                    ("environment", "=", self.environment),
                    ("document_type", "=", self.document_type),
                    ("internal_sequence", "=", number),
                    ("state", "in", states),
                    ("id", "!=", self.id),
                ],
                limit=1,
            )
        )

    def _give_number_back(self, keep=True):
        """Free the internal number, which SMART did not use.

        :param bool keep: reserve it for this document if the numbering is past it
        """
        self.ensure_one()
        number = self.internal_sequence
        given_back = self.env["smart.numbering"]._of(self)._give_back(number)
        self._engine_write(
            {
                "internal_number": False,
                "internal_sequence": 0,
                "reserved_sequence": 0 if given_back or not keep else number,
            }
        )

    def _restore_number(self, request_body):
        """Take the number back that the document was issued with after all."""
        number = stated(request_body)["internal_number"]
        numbering = self.env["smart.numbering"]._of(self)
        if numbering.next_number <= int(number):
            numbering._count(int(number) + 1)
        self._engine_write(
            {
                "internal_number": number,
                "internal_sequence": int(number),
                "reserved_sequence": 0,
                "doubted_sequence": 0,
            }
        )

    @api.model
    def _forget_number(self, document, vals):
        """Drop what is known of a document's number if it now belongs to another numbering."""
        if any(
            (document[name].id if name == "issuer_id" else document[name]) != vals[name]
            for name in ("issuer_id", "environment", "document_type")
        ):
            vals.update(reserved_sequence=0, doubted_sequence=0)

    def _waited_long(self):
        """Tell whether it was confirmed so long ago that a backup may hold it as waiting."""
        self.ensure_one()
        return fields.Datetime.now() - (self.queued_at or self.create_date) > LONG_WAIT

    # -- proofs ----------------------------------------------------------------------------

    def _is_doubt_open(self):
        """Tell whether the document may be issued although somebody stated that it is not.

        If numbers are enforced, sending it again under its number settles the doubt, whatever the
        person thought; until then nothing about it may change. The doubt is also settled if
        another document was issued under that number.
        """
        self.ensure_one()
        return bool(
            self.doubted_sequence
            and self.repeatable
            # sudo: the token belongs to the issuer, which may be a parent company
            and self.issuer_id.sudo().smart_enforces_numbering
            and not self._is_number_used(self.doubted_sequence, NUMBERED_STATES)
        )

    def _why_doubted(self):
        """Return in words why a document whose doubt is open cannot change."""
        return telling(self.env)._(
            "%(name)s may be issued: it was sent under internal number %(number)s without an "
            "answer, and SMART has not confirmed yet that it was not. Send it to SMART again: "
            "under the same number that settles it, and nothing is issued twice.",
            name=self.name,
            number=f"{self.doubted_sequence:08d}",
        )

    def _proves_issued(self, outcome):
        """Tell whether a refusal proves that an attempt in doubt has issued the document."""
        self.ensure_one()
        return (
            isinstance(outcome, Refused)
            and outcome.why is Why.NUMBER_USED
            and bool(self.doubted_sequence)
            and self.doubted_sequence == self.internal_sequence
        )

    def _settle_proven(self):
        """SMART says that the number is in use: only the control number is missing."""
        for document in self:
            number = document.internal_number or f"{document.doubted_sequence:08d}"
            document._engine_write(
                {
                    "state": UNKNOWN,
                    "proven_issued": True,
                    "internal_number": number,
                    "internal_sequence": int(number),
                    "reserved_sequence": 0,
                    "doubted_sequence": 0,
                    "last_error": telling(self.env)._(
                        "SMART has issued this document under internal number %s, but the answer "
                        "with its control number was lost. Look the control number up in SMART's "
                        "dashboard.",
                        number,
                    ),
                }
            )

    @api.model
    def _prove_doubted(self, numbering, first, last):
        """Settle documents in doubt whose numbers turned out to be in use at SMART: issued.

        :param numbering: ``smart.numbering``
        :param int first: with ``last``, the numbers that are in use there
        :returns: the documents that were proven issued
        """
        proven = self.search(
            [
                ("issuer_id", "=", numbering.issuer_id.id),
                ("environment", "=", numbering.environment),
                ("document_type", "=", numbering.document_type),
                ("doubted_sequence", ">=", first),
                ("doubted_sequence", "<=", last),
                ("state", "in", (QUEUED, REFUSED)),
            ]
        )
        proven._settle_proven()
        return proven
