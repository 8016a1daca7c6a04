from odoo import api, models

from ...smart_api.outcomes import Accepted
from ...smart_api.schemas import NextNumberRequest
from ..lane.lane import PATIENCE_SECONDS
from ..lane.lock import LaneLock
from ..terms import WIRE_DOCUMENT_TYPES

#: A person waits for the answer: it comes soon, or is said not to come.
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 10, "total_timeout": 15}


class SmartLane(models.Model):
    """Asks the service something for a person who waits, between the sender's calls."""

    _inherit = "smart.lane"

    @api.model
    def _of_issuer(self, issuer, environment):
        """Return the queue of an issuer in an environment; an empty one without any document."""
        return self.search(
            [("issuer_id", "=", issuer.id), ("environment", "=", environment)], limit=1
        ) or self.browse(self._make(issuer.id, environment))

    def _ask_next_number(self, document_type, document=None, then=None):
        """Ask which internal number the service expects next; changes nothing there.

        Under the lane's lock, so that no document is being sent meanwhile, and on cursors of
        our own: nothing of the caller's transaction waits for the network, and the exchange
        is logged whatever becomes of it.

        :param str document_type: see ``smart_numbering.DOCUMENT_TYPES``
        :param document: the document that the question is about, if it is about one
        :param then: called with an environment and the number, in the transaction that logs
        :returns: the number, or ``None``; and in words why there is none
        """
        self.ensure_one()
        issuer = self.issuer_id
        if issuer.smart_environment != self.environment:
            return None, self.env._(
                "%s is set to another SMART environment now: it cannot be asked.",
                issuer.display_name,
            )
        registry, uid, context = self.env.registry, self.env.uid, dict(self.env.context)
        with LaneLock(registry, self._lock_key(), patience=PATIENCE_SECONDS) as lock:
            if not lock.held:
                return None, self.env._(
                    "Documents are being sent to SMART right now. Try again shortly."
                )
            with issuer._smart_client(**TIMEOUTS) as client:
                outcome = client.next_internal_number(
                    NextNumberRequest(
                        rif=issuer.smart_holder_rif,
                        document_type=WIRE_DOCUMENT_TYPES[document_type],
                    ).to_json()
                )
            with registry.cursor() as cr:
                # sudo: the log and the numbering are written by asking, which is checked before
                env = api.Environment(cr, uid, context, su=True)
                Exchange = env["smart.exchange"]
                about = env["smart.document"].browse(document.id if document else ())
                Exchange._log(about, outcome, env["res.company"].browse(issuer.id))
                if not isinstance(outcome, Accepted):
                    return None, self.env._(
                        "SMART's next number could not be had. %s", Exchange._words_plain(outcome)
                    )
                number = int(outcome.answer.internal_number)
                if then:
                    then(env, number)
                return number, ""
