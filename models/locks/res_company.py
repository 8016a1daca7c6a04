from contextlib import nullcontext

from odoo import models

from ..issuer.res_company_credentials import CREDENTIALS


class ResCompany(models.Model):
    """What changing a company means for its documents and its token, in order."""

    _inherit = "res.company"

    def write(self, vals):
        # EXTENDS 'base'
        bindings = self._smart_bindings() if CREDENTIALS & vals.keys() else {}
        entering = self._smart_entering_production(vals.get("smart_environment"))
        with self._smart_watch_rif() if "partner_id" in vals else nullcontext():
            res = super().write(self._smart_normalized(vals))
        for company, origin in bindings.items():
            company._smart_bind_token(origin, stated="smart_token" in vals)
        if not self.env.su:  # the step itself writes with it, once its rights are checked
            entering._smart_refuse_production()
        if bindings:
            self._smart_make_actions_of_issuers()
            # sudo: whoever may change the credentials has dealt with what stopped the lane
            self.env["smart.lane"].sudo().search([("issuer_id", "in", self.ids)])._resume()
        return res
