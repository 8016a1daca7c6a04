import json

from odoo import api, models

from ...smart_api.outcomes import Accepted, Refused
from ...smart_api.refusals import Why
from ...smart_api.schemas import MAX_BODY_BYTES, NextNumberRequest
from ..base.labels import labels
from ..lane.lock import LaneLock
from ..terms import SALES_TYPES
from .res_company_steps import DONE, TODO, WRONG

#: A person waits, for some answers.
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 10, "total_timeout": 15}
LOCK_SECONDS = 10.0

#: From here on documents may get another date than the one that Odoo expects.
CLOCKS_APART_SECONDS = 60

#: Bodies are tried in these sizes: what SMART takes, then what a proxy may leave of it.
SIZES = (MAX_BODY_BYTES, MAX_BODY_BYTES // 2, MAX_BODY_BYTES // 8, MAX_BODY_BYTES // 32)


class SmartLane(models.Model):
    """Asks the service whether everything is in order; issues nothing and changes nothing there."""

    _inherit = "smart.lane"

    def _test_connection(self):
        """Return what a test of the connection found, in words.

        Asks for the next internal number of each type, between the sender's calls. These calls are
        in the log. The size is tried with such a question, too, filled up with spaces; what is
        accepted or refused by its size alone is not logged.

        :returns: a list of dicts, as the steps of :meth:`res.company._smart_setup`
        """
        self.ensure_one()
        issuer = self.issuer_id
        with LaneLock(self.env.registry, self._lock_key(), patience=LOCK_SECONDS) as lock:
            if not lock.held:
                words = self.env._(
                    "Documents are being sent to SMART right now. Try again shortly."
                )
                return [self._found("token", self.env._("Connection"), TODO, words)]
            with issuer._smart_client(**TIMEOUTS) as client:
                asked = {}
                for document_type in SALES_TYPES:
                    asked[document_type] = outcome = self._ask_for_test(client, document_type)
                    if not isinstance(outcome, Accepted):
                        return self._words_failed(outcome)
                size = self._try_sizes(client)
        return self._words_tested(asked, size)

    def _ask_for_test(self, client, document_type):
        """Ask for the next number of a type, and log it on a cursor of its own."""
        issuer = self.issuer_id
        outcome = client.next_internal_number(self._question(document_type))
        with self.env.registry.cursor() as cr:
            # sudo: asking writes the log; the right to ask was checked
            env = api.Environment(cr, self.env.uid, dict(self.env.context), su=True)
            company = env["res.company"].browse(issuer.id)
            env["smart.exchange"]._log(env["smart.document"], outcome, company)
        return outcome

    def _question(self, document_type):
        issuer = self.issuer_id
        return NextNumberRequest(
            rif=issuer.smart_holder_rif,
            document_type=issuer._smart_wire_type(document_type),
        ).to_json()

    def _try_sizes(self, client):
        """Return the largest size in bytes that passes, of a few; ``None`` if that is not known."""
        question = json.loads(self._question("invoice"))
        bare = len(json.dumps({**question, "relleno": ""}))
        for size in SIZES:
            body = json.dumps({**question, "relleno": "x" * (size - bare)})
            outcome = client.next_internal_number(body)
            if not (isinstance(outcome, Refused) and outcome.why is Why.BODY_TOO_LARGE):
                return size if isinstance(outcome, Accepted) else None
        return 0

    # -- in words --------------------------------------------------------------------------

    @api.model
    def _found(self, key, title, state, detail):
        return {"key": key, "title": title, "state": state, "detail": detail or ""}

    def _words_failed(self, outcome):
        words = self.env["smart.exchange"]._words_plain(outcome)
        title = self.env._("Token") if isinstance(outcome, Refused) else self.env._("Connection")
        return [self._found("token", title, WRONG, words)]

    def _words_tested(self, asked, size):
        return [
            self._words_token(),
            self._found("numbers", self.env._("Next numbers"), DONE, self._words_next(asked)),
            self._words_enforced(),
            self._words_clock(asked["invoice"].call),
            self._words_size(size),
        ]

    def _words_token(self):
        issuer = self.issuer_id
        title = self.env._("SMART accepts the token")
        foreign = issuer._smart_words_foreign_token(issuer._smart_token_holder(), issuer.vat)
        holder = f"{issuer.smart_holder_rif} · {issuer.smart_holder_name}"
        return self._found("token", title, WRONG if foreign else DONE, foreign or holder)

    def _words_next(self, asked):
        names = labels(self.env["smart.document"], "document_type")
        return " · ".join(
            f"{names[document_type]} {outcome.answer.internal_number}"
            for document_type, outcome in asked.items()
        )

    def _words_enforced(self):
        title = self.env._("Enforced numbering")
        if self.issuer_id.smart_enforces_numbering:
            words = self.env._("Yes: after a broken connection Odoo finds out by itself.")
            return self._found("enforced", title, DONE, words)
        words = self.env._(
            "No: a document whose answer is lost may need a person. Ask SMART to enforce it."
        )
        return self._found("enforced", title, TODO, words)

    def _words_clock(self, call):
        title = self.env._("Clocks")
        apart = self._seconds_apart(call)
        if apart is None:
            return self._found("clock", title, TODO, self.env._("SMART does not tell its time"))
        words = self.env._("%s seconds apart", apart) if apart else self.env._("The same time")
        return self._found("clock", title, DONE if apart < CLOCKS_APART_SECONDS else WRONG, words)

    @api.model
    def _seconds_apart(self, call):
        """Return by how many seconds the clocks differ for sure; ``None`` if that is not told."""
        if not call.service_time:
            return None
        apart = abs((call.service_time - call.started_at).total_seconds())
        # The answer says its second, and took a while itself.
        return max(0, round(apart - call.duration_ms / 1000 - 1))

    def _words_size(self, size):
        title = self.env._("Largest document")
        if size is None:
            return self._found("size", title, TODO, self.env._("SMART gave no clear answer"))
        words = self.env._("%s kB", size // 1024)
        if size == MAX_BODY_BYTES:
            return self._found("size", title, DONE, words)
        words += " · " + self.env._(
            "a proxy in between takes no more: long invoices would be refused. Ask who runs your "
            "network to let %s kB through.",
            MAX_BODY_BYTES // 1024,
        )
        return self._found("size", title, WRONG, words)
