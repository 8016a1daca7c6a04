from odoo import api, fields, models

from ..lane.lock import LaneLock
from ..terms import ISSUE, ISSUED, LEGAL, QUEUED, REFUSED, RESOLUTION
from .document import CONTROL_NUMBER, control_key


class SmartDocument(models.Model):
    """How what was found out about a document is recorded, whoever has found it out."""

    _inherit = "smart.document"

    def _decide_apart(self, decide, *args, patience=0.0):
        """Run ``decide(document, *args)`` while no sender works, and commit it at once.

        On a cursor of its own, under the lane's lock. If a sender is at work, nothing is decided;
        the next sender sees the decision. Rights are the caller's business.

        :param str decide: name of a method of this model; what it raises undoes everything
        :param float patience: how many seconds to wait for a sender
        :returns: whether it was decided; ``False`` if a sender is at work
        :raises LockError: somebody else has the document in hand
        """
        self.ensure_one()
        registry, uid, context = self.env.registry, self.env.uid, dict(self.env.context)
        lane = self.sudo().lane_id  # sudo: for its key
        lane_id, key = lane.id, lane._lock_key()
        with LaneLock(registry, key, patience=patience) as lock:
            if not lock.held:
                return False
            with registry.cursor() as cr:
                # sudo: no user writes fiscal documents; the caller has checked the right to
                env = api.Environment(cr, uid, context, su=True)
                document = env["smart.document"].browse(self.id)
                document.lock_for_update(allow_referencing=True)
                getattr(document, decide)(*args)
                if not document.lane_id.blocked:
                    document.lane_id._resume()
        self.env["smart.chain"]._seal_all(registry)
        self.env["smart.lane"]._notify(registry, [lane_id])
        self._tell_owners(registry)
        return True

    def _why_not_recorded(self, control_number):
        """Return in words why a control number cannot be this document's, or ``False``."""
        if not control_key(control_number):
            return self.env._(
                "“%s” is not a control number. It looks like 00-00000123.",
                control_number or "",
            )
        if holder := self._holder_of(control_number):
            return self.env._(
                "Control number %(number)s belongs to %(name)s already.",
                number=control_number,
                name=holder.name or holder.display_name,
            )
        return False

    def _record_issued(self, control_number, issued_at, **values):
        """The document is ``issued`` with a number that was found out.

        :param datetime issued_at: in UTC
        :param values: more values of the document
        """
        self._engine_write(
            {
                "state": ISSUED,
                "control_number": control_number,
                "issued_at": issued_at,
                "legal_footer": self.legal_footer or self._footer_for(control_number),
                "conflicting_number": False,
                "doubted_sequence": 0,
                "proven_issued": False,
                "owner_step": LEGAL,
                "last_error": False,
                **values,
            }
        )
        self._chain(ISSUE)

    def _record_not_issued(self, certain, aside, last_error):
        """The document is sent again, with the number that it had, or ``refused``.

        :param bool certain: whether evidence says so; else sending it again has to prove it
        :param bool aside: whether it is not sent again by itself
        """
        self._engine_write({"doubted_sequence": 0 if certain else self.internal_sequence})
        self._give_number_back()
        self._engine_write({"state": REFUSED if aside else QUEUED, "last_error": last_error})

    def _footer_for(self, control_number):
        """Return the legal footer of a neighbour if it covers the number (“Desde … Hasta …”)."""
        for document in sum(self._neighbours(), self.browse()):
            bounds = [control_key("-".join(found)) for found in CONTROL_NUMBER.findall(
                document.legal_footer or ""
            )]  # fmt: skip
            if len(bounds) == 2 and bounds[0] <= control_key(control_number) <= bounds[1]:
                return document.legal_footer
        return False

    def _leave_trace(self, decision, message, explanation, outcome, operation="resolve", **facts):
        """Record what was decided and why: in the log, for ever, and on the invoice, to be seen.

        :param str decision: see ``terms``
        :param str message: who has decided what, and why
        :param str explanation: why
        :param str outcome: of the entry in the log
        :param facts: what the link of the chain says beside that
        """
        user = self.env.user
        self.env["smart.exchange"]._log_resolution(self, outcome, message, operation)
        self._owner()._smart_say(message, author_id=user.partner_id.id)
        self._engine_write(
            {
                "resolved_by": user.id,
                "resolved_at": fields.Datetime.now(),
                "resolution": explanation,
            }
        )
        self._chain(RESOLUTION, decision=decision, **facts)
