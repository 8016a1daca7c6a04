import logging

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from ..base.said import telling
from ..terms import DOCUMENT_TYPES, ENVIRONMENTS

_logger = logging.getLogger(__name__)


LAST_NUMBER = 999_999_999


class SmartNumbering(models.Model):
    """The next internal number of an issuer in an environment, per document type.

    Only the sender that holds the issuer's lane takes numbers: a number is taken in the
    transaction that stores the request, and given back when the service did not use it. A number
    that SMART may have used is never given back. Every other change of the next number is logged
    among the exchanges, where nobody can change or delete it; the chatter is only for messages.
    """

    _name = "smart.numbering"
    _description = "SMART Internal Numbering"
    _inherit = ["smart.record", "mail.thread", "mail.activity.mixin"]
    _order = "issuer_id, environment, document_type"
    _rec_name = "document_type"

    issuer_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    document_type = fields.Selection(selection=DOCUMENT_TYPES, required=True, readonly=True)
    next_number = fields.Integer(
        required=True,
        default=1,
        help="The number that the next document of this type will be sent with.",
    )
    missing_numbers = fields.Char(
        string="Numbers Missing Here",
        readonly=True,
        copy=False,
        help="In use at SMART, but of no document here: another system issued them, or this "
        "database was restored from a backup.",
    )
    notice_pending = fields.Boolean(readonly=True, copy=False)
    highest_used = fields.Integer(
        string="Highest Number Used",
        compute="_compute_highest_used",
        help="The highest number with which a document of this type was issued, or may have been.",
    )

    _issuer_environment_type_unique = models.Constraint(
        "UNIQUE (issuer_id, environment, document_type)",
        "There is one numbering per issuer, environment and document type.",
    )
    _next_number_positive = models.Constraint(
        "CHECK (next_number > 0 AND next_number <= 999999999)",
        "Internal numbers go from 1 to 999,999,999.",
    )

    def _compute_highest_used(self):
        for numbering in self:
            numbering.highest_used = numbering._highest_used()

    def write(self, vals):
        # EXTENDS 'mail'
        if self._smart_is_door_open() or "next_number" not in vals:
            return super().write(vals)
        self._lock_unless_sending()
        before = {numbering: numbering.next_number for numbering in self}
        res = super().write(vals)
        self._check_not_below_used()
        for numbering, number in before.items():
            if numbering.next_number != number:
                numbering._log_change(number, telling(self.env)._("Changed by hand."))
        return res

    @api.model
    def _smart_free_fields(self):
        # EXTENDS 'smart.record' by what a person may correct
        return super()._smart_free_fields() | {"next_number"}

    def _count(self, number):
        """Set the next number. Nothing is logged here: documents' exchanges or the caller do so."""
        self._engine_write({"next_number": number})

    def _log_change(self, before, why):
        """Append to the log of exchanges that the next number was changed.

        :param str why: in words
        """
        self.ensure_one()
        message = telling(self.env)._(
            "Next internal number of “%(type)s”: %(before)s → %(now)s. %(why)s",
            type=telling(self.env).choice(self, "document_type"),
            before=before,
            now=self.next_number,
            why=why,
        )
        # sudo: nobody may write the log; changing the number has checked the right to change it
        self.env["smart.exchange"].sudo()._log_renumbering(self, message)

    def _lock_unless_sending(self):
        """Lock the numberings for a person; while a queue is sent, a sender mostly holds them.

        :raises UserError: if one holds them right now
        """
        self.check_access("write")
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "A document is being sent with the next number right now. Try again when the "
                    "queue is empty."
                )
            ) from None

    def _check_not_below_used(self):
        for numbering in self:
            used = numbering._highest_used()
            if numbering.next_number <= used:
                raise UserError(
                    self.env._(
                        "The next internal number cannot be %(number)s: number %(used)s was "
                        "already used. Enter a higher one.",
                        number=numbering.next_number,
                        used=used,
                    )
                )

    def _highest_used(self):
        self.ensure_one()
        Document = self.env["smart.document"].sudo()  # numbers of unseen documents count, too
        Document.flush_model(["internal_sequence", "state"])
        last = Document.search(
            [
                ("issuer_id", "=", self.issuer_id.id),
                ("environment", "=", self.environment),
                ("document_type", "=", self.document_type),
                ("state", "in", ("sending", "unknown", "issued", "annulled")),
            ],
            order="internal_sequence desc",
            limit=1,
        )
        return last.internal_sequence

    def action_open_changes(self):
        """Button: what the log says about changes of the issuer's numberings."""
        self.ensure_one()
        domain = [
            ("operation", "=", "renumber"),
            ("issuer_id", "=", self.issuer_id.id),
            ("environment", "=", self.environment),
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changes of the Numbering"),
            "res_model": "smart.exchange",
            "view_mode": "list,form",
            "domain": domain,
        }

    @api.model
    def _of(self, document):
        """Return the numbering of a document; create it for the first one."""
        domain = [
            (name, "=", document[name].id if name == "issuer_id" else document[name])
            for name in ("issuer_id", "environment", "document_type")
        ]
        numbering = self.search(domain, limit=1)
        return numbering or self._engine_create(
            [{name: value for name, _operator, value in domain}]
        )

    @api.model
    def _take(self, document, enforced):
        """Take the next number for a document; only the holder of the lane may do so.

        In one statement, because every document needs it. Last user and last date of the row
        stay those of the last person who changed it.

        :param bool enforced: whether the service takes none but its next number
        :returns: the number, and the head of the issuer's chain: the caller needs both
        :raises UserError: if there are no numbers left
        """
        self.flush_model(["issuer_id", "environment", "document_type", "next_number"])
        taken = SQL(
            "UPDATE smart_numbering SET next_number = next_number + 1"
            " WHERE issuer_id = %s AND environment = %s AND document_type = %s"
            " AND next_number < %s"
            " RETURNING id, next_number - 1, (%s), (%s)",
            document.issuer_id.id,
            document.environment,
            document.document_type,
            LAST_NUMBER,
            self.env["smart.chain"]._head_query(document),
            document._set_aside_query(enforced),
        )
        rows = self.env.execute_query(taken)
        if not rows:
            numbering = self._of(document)  # made for the first document
            if numbering.next_number >= LAST_NUMBER:
                raise UserError(
                    telling(self.env)._(
                        "The next internal number for SMART is %s, and none comes after it. "
                        "Correct it under Configuration > SMART > Internal Numbering.",
                        f"{LAST_NUMBER:,}",
                    )
                )
            rows = self.env.execute_query(taken)
        [[numbering_id, number, head, set_aside_id]] = rows
        numbering = self.browse(numbering_id)
        numbering.invalidate_recordset(["next_number"], flush=False)
        if left := document.browse(set_aside_id)._take_over_number():
            numbering._give_back(number)
            number = left
        return number, self.env["smart.chain"]._as_head(head)

    def _give_back(self, number):
        """Make ``number`` the next again: the service did not use it.

        :returns: ``False`` if later ones are taken already
        """
        self.ensure_one()
        if self.next_number != number + 1:
            return False
        self._count(number)
        return True

    def _align(self, expected):
        """Continue with the number that the service expects, leaving a trace.

        :param int expected: the service's next number
        :returns: whether the numbering could follow
        """
        self.ensure_one()
        before = self.next_number
        if expected <= self._highest_used() or expected > LAST_NUMBER:
            _logger.error(
                "SMART expects %s number %s of %s, but %s was used here",
                self.document_type, expected, self.issuer_id.name, self._highest_used(),
            )  # fmt: skip
            return False
        if expected != before:
            self._count(expected)
            if expected > before:
                body = telling(self.env)._(
                    "SMART expects number %(expected)s, not %(before)s: numbers %(before)s to "
                    "%(last)s are in use there but unknown here (another system, or a database "
                    "restored from a backup). Numbering continues with %(expected)s; look those "
                    "documents up in SMART's own dashboard.",
                    expected=expected,
                    before=before,
                    last=expected - 1,
                )
            else:
                body = telling(self.env)._(
                    "SMART expects number %(expected)s, not %(before)s: numbering goes back to "
                    "%(expected)s, so that no number is skipped.",
                    expected=expected,
                    before=before,
                )
            self._log_change(before, body)
            self.message_post(body=body)
        if expected > before:
            self._note_missing(before, expected - 1)
        return True

    def _note_missing(self, first, last):
        """Keep which numbers are in use at SMART but unknown here; somebody is told later."""
        Document = self.env["smart.document"]
        Document._prove_doubted(self, first, last)
        known_here = Document.search(
            [
                ("issuer_id", "=", self.issuer_id.id),
                ("environment", "=", self.environment),
                ("document_type", "=", self.document_type),
                ("internal_sequence", ">=", first),
                ("internal_sequence", "<=", last),
                ("state", "in", ("sending", "unknown", "issued", "annulled")),
            ]
        )
        ranges = []
        for known in [*sorted(set(known_here.mapped("internal_sequence"))), last + 1]:
            if first < known:
                ranges.append(str(first) if first == known - 1 else f"{first}-{known - 1}")
            first = known + 1
        if ranges:
            missing = ", ".join(filter(None, (self.missing_numbers, *ranges)))
            self._engine_write({"missing_numbers": missing, "notice_pending": True})
