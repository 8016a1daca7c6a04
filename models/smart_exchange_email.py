import re

from odoo import api, models

from ..smart_api.outcomes import Unknown


class SmartExchange(models.Model):
    """What became of an e-mail, in words."""

    _inherit = "smart.exchange"

    @api.model
    def _refuses_issuer(self, outcome):
        """Tell whether a refused e-mail was refused because of the token.

        Code 1 is both: the manual's map for e-mails has "the customer has no address", but
        the service answers a token that it does not take with the same code (observed).
        """
        return outcome.unauthorized or (
            outcome.code in (1, 3) and bool(re.search(r"token", outcome.message, re.IGNORECASE))
        )

    @api.model
    def _cure_of_refusal(self, outcome):
        # EXTENDS 'l10n_ve_edi_smart'
        if outcome.call.operation != "email" or self._refuses_issuer(outcome):
            return super()._cure_of_refusal(outcome)
        if outcome.code == 1:
            return self.env._(
                "For SMART the customer has no e-mail address. Enter one, then send it again."
            )
        return self.env._("No e-mail was sent. Correct it, then send it again.")

    @api.model
    def _words(self, outcome):
        # EXTENDS 'l10n_ve_edi_smart'
        if isinstance(outcome, Unknown) and outcome.call.operation == "email":
            return self._words_may_have_been_sent(self._words_reason(outcome))
        return super()._words(outcome)

    @api.model
    def _words_may_have_been_sent(self, what):
        return self.env._("%s It may have been sent; send it again if it did not arrive.", what)
