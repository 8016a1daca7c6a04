from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_ve_edi_smart.models.base.lock import opened
from odoo.addons.l10n_ve_edi_smart.models.terms import CANCEL_ANNULLED

from .edoc_provider import SMART

#: What OCA's addon notes of what a provider has said; nobody else does.
STATE_FIELDS = ("l10n_ve_edoc_state", "l10n_ve_edoc_external_id", "l10n_ve_edoc_error")


class AccountMove(models.Model):
    _inherit = "account.move"

    def _l10n_ve_edoc_do_send(self):
        # EXTENDS 'l10n_ve_einvoice' to let it note on what is locked how it went
        with opened(self._name, *STATE_FIELDS):
            return super()._l10n_ve_edoc_do_send()

    def _l10n_ve_edoc_apply(self, result):
        # EXTENDS 'l10n_ve_einvoice', as above
        with opened(self._name, *STATE_FIELDS):
            return super()._l10n_ve_edoc_apply(result)

    def action_l10n_ve_edoc_fetch(self):
        # EXTENDS 'l10n_ve_einvoice', as above
        with opened(self._name, *STATE_FIELDS):
            return super().action_l10n_ve_edoc_fetch()

    def _l10n_ve_edoc_is_smarts(self):
        """Tell whether SMART numbers this document: no other provider may, whatever is set up."""
        # sudo: only to see that there is one
        return bool(self.sudo().smart_document_id) or self._smart_is_fiscal()

    def _l10n_ve_edoc_provider(self):
        # EXTENDS 'l10n_ve_einvoice'
        self.ensure_one()
        if self._l10n_ve_edoc_is_smarts():
            return self.env[SMART]
        return super()._l10n_ve_edoc_provider()

    def _smart_became_legal(self):
        # EXTENDS 'l10n_ve_edi_smart'
        result = super()._smart_became_legal()
        for move in self.filtered("l10n_ve_edoc_state"):
            if move.l10n_ve_edoc_state != "assigned":
                provided = self.env[SMART]._edoc_fetch(move)
                move._l10n_ve_edoc_log("fetch", {}, provided, ok=True)
                with opened(self._name, "l10n_ve_control_number", "l10n_ve_control_date"):
                    move._l10n_ve_edoc_apply(provided)
        return result

    def _l10n_ve_edoc_do_cancel(self, reason):
        # EXTENDS 'l10n_ve_einvoice', whose providers cancel at once: SMART is asked after the
        # commit, and only then is it cancelled
        self.ensure_one()
        if not self._l10n_ve_edoc_is_smarts():
            return super()._l10n_ve_edoc_do_cancel(reason)
        request = {"motivo": reason}
        try:
            with self.env.cr.savepoint():
                self.env[SMART]._edoc_cancel(self, reason)
        except UserError as error:
            self._l10n_ve_edoc_log("cancel", request, str(error), ok=False)
            with opened(self._name, *STATE_FIELDS):
                self.l10n_ve_edoc_error = str(error)
            return False
        self._l10n_ve_edoc_log("cancel", request, {"requested": True}, ok=True)
        return True

    def _smart_undo(self):
        # EXTENDS 'l10n_ve_edi_smart'
        result = super()._smart_undo()
        if self.l10n_ve_edoc_state:
            annulled = self.with_context(smart_cancel_annulled=CANCEL_ANNULLED)
            annulled.write({"l10n_ve_edoc_state": "cancelled", "l10n_ve_edoc_error": False})
        return result
