from odoo import api, models

from ...smart_api.outcomes import Accepted
from ...smart_api.schemas import NextNumberRequest
from ..lane.lane import PATIENCE_SECONDS
from ..lane.lock import LaneLock

#: A person waits for the answer, so the call must end soon.
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 10, "total_timeout": 15}


class SmartLane(models.Model):
    """Asks the service something for a person who waits, between the sender's calls."""

    _inherit = "smart.lane"

    @api.model
    def _of_issuer(self, issuer, environment):
        """Return the queue of an issuer in an environment; create it if there is none yet."""
        return self.search(
            [("issuer_id", "=", issuer.id), ("environment", "=", environment)], limit=1
        ) or self.browse(self._make(issuer.id, environment))

    def _ask_next_number(self, document_type, document=None, then=None):
        """Ask which internal number the service expects next; changes nothing there.

        Under the lane's lock, so no document is sent meanwhile. On cursors of our own: nothing
        of the caller's transaction waits for the network, and the exchange is logged even if
        that transaction is rolled back.

        :param str document_type: see ``terms.DOCUMENT_TYPES``
        :param document: the document that the question is about, if it is about one
        :param then: called with an environment and the number, in the transaction that logs
        :returns: a pair: the number and ``""``, or ``None`` and the reason in words
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
                        document_type=issuer._smart_wire_type(document_type),
                    ).to_json()
                )
            with registry.cursor() as cr:
                # sudo: asking writes the log and the numbering; the right to ask was checked
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
