from odoo import api, models

from ...smart_api.outcomes import NotSent, Reason, Refused
from ...smart_api.refusals import ABOUT_THE_ISSUER, Why
from ..base.said import telling


class SmartExchange(models.Model):
    """How a call ended, in words for a bookkeeper: what is wrong, and what to do."""

    _inherit = "smart.exchange"

    @api.model
    def _words(self, outcome, doubtful=False):
        """Return for a bookkeeper what went wrong and what to do.

        :param outcome: any of :mod:`smart_api.outcomes` but an accepted one
        :param bool doubtful: an earlier attempt may have done it
        """
        if isinstance(outcome, Refused):
            return self._words_refused(outcome, doubtful)
        what = self._words_reason(outcome)
        if isinstance(outcome, NotSent):
            return telling(self.env)._(
                "%s Nothing was sent; it will be tried again by itself.", what
            )
        if outcome.call.operation == "email":
            return self._words_may_have_been_sent(what)
        return telling(self.env)._("%s It is not known whether SMART did what it was asked.", what)

    @api.model
    def _words_may_have_been_sent(self, what):
        return telling(self.env)._(
            "%s It may have been sent; send it again if it did not arrive.", what
        )

    @api.model
    def _words_plain(self, outcome):
        """Return what went wrong, for a call that changes nothing at the service."""
        if isinstance(outcome, Refused):
            return self._words_refused(outcome)
        return self._words_reason(outcome)

    @api.model
    def _words_refused(self, outcome, doubtful=False):
        code = outcome.http_status or outcome.code
        if code is None:
            return telling(self.env)._(
                "SMART refused: “%(message)s”. %(cure)s",
                message=outcome.message,
                cure=self._cure_of_refusal(outcome, doubtful),
            )
        return telling(self.env)._(
            "SMART refused: “%(message)s” (code %(code)s). %(cure)s",
            message=outcome.message,
            code=code,
            cure=self._cure_of_refusal(outcome, doubtful),
        )

    @api.model
    def _cure_of_refusal(self, outcome, doubtful=False):
        """Return what to do about a refusal."""
        why, operation = outcome.why, outcome.call.operation
        if operation == "annul" and why is not Why.TOKEN:
            return self._cure_of_refused_annulment(why)
        if operation == "issue" and why in (Why.NUMBER_USED, Why.NUMBER_NOT_NEXT):
            return self._cure_of_refused_number(why)
        if doubtful and why not in ABOUT_THE_ISSUER:
            return telling(self.env)._(
                "That says nothing about the earlier attempt, which may have issued it: Odoo asks "
                "SMART whether its number is in use."
            )
        nothing_done = (
            telling(self.env)._("No e-mail was sent. Correct it, then send it again.")
            if operation == "email"
            else telling(self.env)._("Nothing was issued. Correct it, then send it again.")
        )
        if operation == "issue" and why in (Why.BODY_TOO_LARGE, Why.BODY_NOT_READ):
            return self._cure_of_unread_body(outcome)
        return {
            Why.TOKEN: telling(self.env)._(
                "Ask an administrator to enter a valid SMART token in the settings."
            ),
            Why.OTHER_RIF: telling(self.env)._(
                "The SMART token belongs to another RIF than the company's. Ask an administrator "
                "to correct the token, or the RIF of the company."
            ),
            Why.LOT_USED_UP: telling(self.env)._(
                "Order more control numbers from SMART, then send again."
            ),
            Why.NO_ADDRESS: telling(self.env)._(
                "For SMART the customer has no e-mail address. Enter one, then send it again."
            ),
        }.get(why, nothing_done)

    @api.model
    def _cure_of_refused_number(self, why):
        if why is Why.NUMBER_USED:
            return telling(self.env)._(
                "SMART has a document with this internal number: Odoo compares the numbers before "
                "anything is sent again."
            )
        return telling(self.env)._(
            "Nothing was issued: Odoo asks SMART for its next number, and sends it again by itself."
        )

    @api.model
    def _cure_of_unread_body(self, outcome):
        if outcome.why is Why.BODY_TOO_LARGE:
            return telling(self.env)._(
                "Nothing was issued: the document is too large for SMART (%s bytes). Reset it to "
                "draft, shorten its texts or divide it into several documents, and confirm again.",
                len(outcome.call.request_body.encode()),
            )
        return telling(self.env)._(
            "Nothing was issued: SMART's server does not read what Odoo sends. Ask an "
            "administrator to compare the address in the settings with SMART's."
        )

    @api.model
    def _cure_of_refused_annulment(self, why):
        return {
            Why.NUMBER_OR_RIF: telling(self.env)._(
                "Nothing was annulled. Compare the control number with SMART's dashboard, and the "
                "RIF of the token in the settings with the company's."
            ),
            Why.UNKNOWN_NUMBER: telling(self.env)._(
                "Nothing was annulled. SMART does not know this control number for this issuer: "
                "check that token and environment are those that the document was issued with."
            ),
            Why.INVALID_NUMBER: telling(self.env)._(
                "Nothing was annulled. SMART does not take the control number: compare it with "
                "SMART's dashboard."
            ),
            Why.NUMBER_DOES_NOT_FIT: telling(self.env)._(
                "Nothing was annulled. Control number, reason and RIF do not fit together for "
                "SMART: compare the document with SMART's dashboard, then annul it again."
            ),
            Why.LOT_USED_UP: telling(self.env)._(
                "Nothing was annulled. Order more control numbers from SMART, then annul it again."
            ),
        }.get(why, telling(self.env)._("Nothing was annulled. Correct it, then annul it again."))

    @api.model
    def _words_reason(self, outcome):
        host = outcome.call.url.split("/")[2]
        return {
            Reason.CONFIGURATION: telling(self.env)._(
                "The request to %s could not be prepared.", host
            ),
            Reason.NAME_NOT_RESOLVED: telling(self.env)._(
                "The name %s was not found: check this server's connection to the Internet.", host
            ),
            Reason.CONNECTION_REFUSED: telling(self.env)._(
                "SMART (%s) does not take connections.", host
            ),
            Reason.CONNECT_TIMEOUT: telling(self.env)._(
                "SMART (%s) could not be reached in time.", host
            ),
            Reason.TLS_FAILED: telling(self.env)._(
                "The identity of %s could not be verified (TLS).", host
            ),
            Reason.NOT_CONNECTED: telling(self.env)._("SMART (%s) could not be reached.", host),
            Reason.READ_TIMEOUT: telling(self.env)._("SMART (%s) did not answer in time.", host),
            Reason.CONNECTION_LOST: telling(self.env)._("The connection to %s broke off.", host),
            Reason.HTTP_STATUS: telling(self.env)._(
                "SMART (%(host)s) answered with an error (HTTP %(status)s).",
                host=host,
                status=outcome.call.status,
            ),
            Reason.REDIRECTED: telling(self.env)._(
                "%s sent the request on to another address, which is not followed.", host
            ),
            Reason.TOO_LARGE: telling(self.env)._(
                "%s answered with far more than an answer holds.", host
            ),
            Reason.NOT_JSON: telling(self.env)._(
                "%s answered with something that is not JSON (a web page, or cut off).", host
            ),
            Reason.NOT_UNDERSTOOD: telling(self.env)._(
                "The answer of %s was not understood.", host
            ),
        }[outcome.reason]
