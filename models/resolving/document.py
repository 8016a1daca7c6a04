import re

from odoo import fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import format_datetime

from ...smart_api import doubts
from ..base.labels import labels
from ..base.said import telling
from ..lane.lane import PATIENCE_SECONDS
from ..terms import DECIDED_ISSUED, DECIDED_NOT_ISSUED, UNKNOWN

CONTROL_NUMBER = re.compile(r"([0-9]{2})-([0-9]{8,9})")


def control_key(number):
    """Return the sort key of a control number, or ``None`` if it is none."""
    match = CONTROL_NUMBER.fullmatch(number or "")
    return match and (match[1], int(match[2]))


class SmartDocument(models.Model):
    """A person settles what the service does not tell."""

    _inherit = "smart.document"

    resolved_by = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False, ondelete="restrict"
    )
    resolved_at = fields.Datetime(readonly=True, copy=False)
    resolution = fields.Text(
        string="Explanation", readonly=True, copy=False, help="Why, in the words of who resolved."
    )

    def action_resolve(self):
        """Button: the evidence on one screen, and the two ways out."""
        self.ensure_one()
        self._check_may_resolve()
        return self._open_evidence()

    def _open_evidence(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve %s", self._title()),
            "res_model": "smart.resolve.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                **self.env.context,
                "default_document_id": self.id,
                "dialog_size": "extra-large",
            },
        }

    def _check_may_resolve(self):
        """Check the user's right to resolve, and that there is something to resolve.

        :raises AccessError: without the right
        :raises UserError: if the document is not in doubt
        """
        self.check_access("read")
        if not self.env.user.has_group(self._owner()._smart_group_to_annul):
            raise AccessError(self.env._("Only managers decide about documents in doubt."))
        self._check_in_doubt()

    def _is_in_doubt(self):
        return self.state == UNKNOWN or bool(self.conflicting_number)

    def _check_in_doubt(self):
        for document in self.filtered(lambda document: not document._is_in_doubt()):
            raise UserError(
                self.env._(
                    "%(name)s is not in doubt any more. Its status is: %(state)s.",
                    name=document.display_name,
                    state=labels(document, "state")[document.state],
                )
            )

    # -- evidence --------------------------------------------------------------------------

    def _doubt(self):
        """Return the exchange of the attempt that may have issued the document."""
        self.ensure_one()
        doubts = self.exchange_ids.filtered(
            lambda one: one.operation == "issue" and one.outcome == "unknown"
        ).sorted("id")
        resolved = self.exchange_ids.filtered(lambda one: one.operation == "resolve").sorted("id")
        # An earlier resolution was about an earlier attempt.
        return (doubts.filtered(lambda one: one.id > resolved[-1:].id) or doubts)[:1]

    def _first_doubt(self):
        """Return when the attempt in doubt was sent, by our clock."""
        moment = self._doubt().started_at or self.sent_at
        return moment and moment.replace(microsecond=0)

    def _neighbours(self, limit=1):
        """Return the issuer's documents that were issued just before and just after the doubt.

        In the order of the log. There is one sender at a time, so this is the order in which
        SMART gave the control numbers; moments would be exact only to the second. Of all types,
        for an issuer's control numbers are one sequence. Without documents that a person
        resolved: their place in the sequence is not known.

        :param int limit: how many on each side
        :returns: a pair of recordsets, each in the order of issue
        """
        self.ensure_one()
        doubt = self._doubt()
        if not doubt:
            return self.browse(), self.browse()
        domain = self._accepted_of_others()
        # sudo: the sequence is the issuer's, over all its branches
        Exchange = self.env["smart.exchange"].sudo()
        before = Exchange.search([*domain, ("id", "<", doubt.id)], order="id desc", limit=limit)
        after = Exchange.search([*domain, ("id", ">", doubt.id)], order="id", limit=limit)
        return before.document_id[::-1], after.document_id

    def _accepted_of_others(self):
        """Return the domain of the calls that issued other documents of the issuer."""
        return [
            ("issuer_id", "=", self.issuer_id.id),
            ("environment", "=", self.environment),
            ("operation", "=", "issue"),
            ("outcome", "=", "accepted"),
            ("document_id", "!=", self.id),
        ]

    def _missing_numbers(self, most=10):
        """Return the control numbers between the neighbours that no document here has.

        :param int most: return at most so many
        :returns: a list; ``None`` if the neighbours tell nothing
        """
        self.ensure_one()
        before, after = self._neighbours()
        first, last = control_key(before.control_number), control_key(after.control_number)
        if not first and not last:
            return None
        if not first or not last or first[0] != last[0]:
            prefix, start = first or last
            # The sequence is known at one end only: the number next to it.
            numbers = range(start + 1, start + 1 + 10 * most) if first else [start - 1]
        else:
            prefix = first[0]
            numbers = range(first[1] + 1, min(last[1], first[1] + 1 + 10 * most))
        return self._free_numbers(prefix, numbers)[: most if last else 1]

    def _free_numbers(self, prefix, numbers):
        """Return as control numbers those that no other document here has."""
        names = [f"{prefix}-{number:08d}" for number in numbers if number > 0]
        known = set(
            # sudo: a number is taken if any branch's document has it
            self.sudo()
            .search(
                [
                    ("lane_id", "=", self.lane_id.id),
                    ("control_number", "in", names),
                    ("id", "!=", self.id),
                ]
            )
            .mapped("control_number")
        )
        return [name for name in names if name not in known]

    def _others_in_doubt(self):
        """Return the issuer's other documents that may have one of the missing numbers."""
        self.ensure_one()
        lane = self.sudo().lane_id  # sudo: the sequence is the issuer's, over all its branches
        return lane.env["smart.document"].search(lane._documents([UNKNOWN])) - self

    def _number_verdict(self, expected):
        """Tell what the service's next internal number says about this document's.

        :param int expected: the number that the service expects next
        :returns: ``"used"``, ``"free"``, or ``"open"`` when it says nothing
        """
        self.ensure_one()
        number = self.internal_sequence
        if expected <= number:
            return "free"
        if self.repeatable and self.issuer_id.smart_enforces_numbering:
            return "used"
        # Without enforced numbers, later documents moved the service past this number.
        numbering = self.env["smart.numbering"].sudo()._of(self)  # sudo: evidence, as above
        return "open" if numbering._highest_used() > number else "used"

    def _words_verdict(self, expected):
        """Return in words what the service's next number means for the person who decides."""
        self.ensure_one()
        words = {
            "free": self.env._(
                "number %s of this document is not in use there: it was NOT issued.",
                self.internal_number,
            ),
            "used": self.env._(
                "number %s of this document is in use there: it WAS issued.", self.internal_number
            ),
            "open": self.env._(
                "later documents were issued since, so that says nothing about number %s.",
                self.internal_number,
            ),
        }[self._number_verdict(expected)]
        return self.env._(
            "SMART expects %(number)s as its next internal number: %(words)s",
            number=f"{expected:08d}",
            words=words,
        )

    def _doubtful_fit(self, number):
        """Return in words why a number does not fit between its neighbours, or ``False``."""
        self.ensure_one()
        key = control_key(number)
        before, after = self._neighbours()
        first, last = control_key(before.control_number), control_key(after.control_number)
        if key and first and key <= first:
            return self.env._(
                "%(number)s is not after %(before)s, which was issued before it (%(name)s).",
                number=number,
                before=before.control_number,
                name=before._title(),
            )
        if key and last and key >= last:
            return self.env._(
                "%(number)s is not before %(after)s, which was issued after it (%(name)s).",
                number=number,
                after=after.control_number,
                name=after._title(),
            )
        return False

    def _holder_of(self, number):
        """Return the other document of the issuer that has a control number."""
        self.ensure_one()
        # sudo: a number is taken if any branch's document has it
        return self.sudo().search(
            [
                ("lane_id", "=", self.lane_id.id),
                ("control_number", "=", number),
                ("id", "!=", self.id),
            ],
            limit=1,
        )

    # -- the two ways out ------------------------------------------------------------------

    def _resolve(self, decide, *args):
        """Run ``decide(document, *args)`` while no sender works, and commit it at once.

        On a cursor of its own, under the lane's lock. If a sender is at work, nothing is decided;
        the next sender sees the decision.

        :param str decide: name of a method of this model
        :raises AccessError, UserError: nothing is changed then
        """
        self.ensure_one()
        self._check_may_resolve()
        self._decide_now(decide, *args)

    def _decide_now(self, decide, *args):
        """Have a person's decision made, or say why it has to wait: see :meth:`_decide_apart`.

        :raises UserError: nothing is changed then
        """
        try:
            decided = self._decide_apart(decide, *args, patience=PATIENCE_SECONDS)
        except LockError:
            raise UserError(
                self.env._("Somebody else is working on %s. Try again.", self._title())
            ) from None
        if not decided:
            raise UserError(
                self.env._(
                    "Documents are being sent to SMART right now, perhaps this one. Try "
                    "again shortly: what they bring may settle it."
                )
            )

    def _decide_issued(self, control_number, issued_at, explanation):
        """Record the control number that somebody found out; the document is ``issued``.

        :param str control_number: in SMART's form; no other document may have it
        :param datetime issued_at: in UTC
        :param str explanation: why
        """
        self.ensure_one()
        self._check_in_doubt()
        if why_not := self._why_not_recorded(control_number):
            raise UserError(why_not)
        if self.conflicting_number and control_number not in (
            self.control_number,
            self.conflicting_number,
        ):
            raise UserError(
                self.env._(
                    "Choose one of the two control numbers that SMART gave: %(one)s or %(other)s.",
                    one=self.control_number,
                    other=self.conflicting_number,
                )
            )
        words = telling(self.env)._("issued with control number %s", control_number)
        self._leave_statement("accepted", words, explanation, control_number)
        self._record_issued(control_number, issued_at)

    def _decide_not_issued(self, explanation, free_after=None, aside=False):
        """Queue the document again, with the number that it had: see ``reserved_sequence``.

        :param str explanation: why
        :param int free_after: how many attempts there were when SMART said that the number is
            free; ``None`` if it did not say so, then sending it again has to prove it
        :param bool aside: do not send it again by itself: ``refused``, to be corrected
        :raises UserError: if it was issued, or must not be set aside yet: it might then be issued
            a second time, under another number
        """
        self.ensure_one()
        self._check_in_doubt()
        if self.state != UNKNOWN:
            raise UserError(self.env._("%s has a control number: it was issued.", self._title()))
        if self.proven_issued:
            raise UserError(self.last_error)
        certain = free_after == self.attempts and self._is_quiet()
        if aside:
            enforced = self.repeatable and self.issuer_id.smart_enforces_numbering
            if enforced and not certain:
                raise UserError(
                    self.env._(
                        "%(name)s cannot be set aside yet: it may be issued. SMART must say that "
                        "its internal number is free, %(minutes)s minutes after the last attempt "
                        "(%(time)s) or later. Until then it can only be sent again under the same "
                        "number, which issues nothing twice.",
                        name=self._title(),
                        minutes=round(doubts.LATE.total_seconds() / 60),
                        time=format_datetime(self.env, self.sent_at, dt_format="short"),
                    )
                )
            words = telling(self.env)._(
                "not issued; it is set aside, to be corrected or sent again"
            )
            last_error = telling(self.env)._(
                "%s stated that it was not issued, and set it aside. Correct it, then send it "
                "again.",
                self.env.user.name,
            )
        else:
            words = telling(self.env)._(
                "not issued; it is sent again under the same internal number %s",
                self.internal_number,
            )
            last_error = False
        self._leave_statement("refused", words, explanation)
        self._record_not_issued(certain, aside, last_error)

    def _leave_statement(self, outcome, words, explanation, control_number=False):
        """Record what the user states, see :meth:`_leave_trace`.

        :param control_number: the number that it was issued with; ``False`` if it was not issued
        """
        user = self.env.user
        message = telling(self.env)._(
            "%(user)s states: %(what)s. Explanation: %(why)s",
            user=user.name,
            what=words,
            why=explanation,
        )
        decision = DECIDED_ISSUED if control_number else DECIDED_NOT_ISSUED
        self._leave_trace(
            decision, message, explanation, outcome=outcome, control_number=control_number or ""
        )
