from odoo import api, models


class SmartExchange(models.Model):
    _inherit = "smart.exchange"

    @api.model
    def _cure_of_refusal(self, outcome):
        # EXTENDS 'l10n_ve_edi_smart'
        if outcome.call.operation != "annul" or outcome.unauthorized or outcome.code == 1:
            return super()._cure_of_refusal(outcome)
        return self._cure_of_refused_annulment(outcome.code)

    @api.model
    def _cure_of_refused_annulment(self, code):
        """Return what to do, by the manual's map and by what was observed where they differ.

        Manual v4.1: 2 RIF does not match the token, 3 document type, 4 document number,
        5 the number does not correspond. Observed: 2 number not valid, 3 not this issuer's.
        """
        return {
            2: self.env._(
                "Nothing was annulled. Compare the control number with SMART's dashboard, and the "
                "RIF of the token in the settings with the company's."
            ),
            3: self.env._(
                "Nothing was annulled. SMART does not know this control number for this issuer: "
                "check that token and environment are those that the document was issued with."
            ),
            4: self.env._(
                "Nothing was annulled. SMART does not take the control number: compare it with "
                "SMART's dashboard."
            ),
            5: self.env._(
                "Nothing was annulled. Control number, reason and RIF do not fit together for "
                "SMART: compare the document with SMART's dashboard, then annul it again."
            ),
            12: self.env._(
                "Nothing was annulled. Order more control numbers from SMART, then annul it again."
            ),
        }.get(code, self.env._("Nothing was annulled. Correct it, then annul it again."))
