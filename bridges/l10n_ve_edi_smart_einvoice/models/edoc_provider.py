from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_ve_edi_smart.models.setup.res_company_steps import WRONG
from odoo.addons.l10n_ve_edi_smart.models.terms import ANNULLED, NUMBERED_STATES, REFUSED

#: As OCA's settings call it: by the name of its model.
SMART = "l10n.ve.edoc.provider.smart"


class L10nVeEdocProviderSmart(models.AbstractModel):
    """SMART among OCA's providers: each method hands over to the queue, which alone calls SMART."""

    _name = SMART
    _inherit = "l10n.ve.edoc.provider"
    _description = "SMART, as a Provider of OCA's E-Invoicing"

    def _edoc_send(self, move, vals):
        # IMPLEMENTS 'l10n_ve_einvoice': what is confirmed is in the queue already; it goes on now
        state = self._smart_state(move)
        if not state:
            raise UserError(
                self.env._(
                    "%s is not to be issued through SMART: it was confirmed before the company was "
                    "set up for it, or charges nothing.",
                    move.display_name,
                )
            )
        if state not in NUMBERED_STATES:
            # sudo: queues are moved by their own code alone
            move.sudo().smart_document_id.lane_id._trigger()
        return self._edoc_fetch(move)

    def _edoc_fetch(self, move):
        # IMPLEMENTS 'l10n_ve_einvoice'
        state = self._smart_state(move)
        # sudo: for numbers, and what SMART has said
        document = move.sudo().smart_document_id
        if state == REFUSED:
            # Out of those that are asked for again and again, until it is corrected.
            move.write(
                {"l10n_ve_edoc_state": "error", "l10n_ve_edoc_error": str(document.last_error)}
            )
            raise UserError(str(document.last_error))
        issued = state in NUMBERED_STATES
        return {
            "external_id": document.internal_number if issued else move.l10n_ve_edoc_external_id,
            "control_number": document.control_number if issued else None,
            "control_date": document.issue_date if issued else None,
        }

    def _edoc_cancel(self, move, reason):
        # IMPLEMENTS 'l10n_ve_einvoice': SMART is asked once this transaction has committed
        if self._smart_state(move) == ANNULLED:
            return True
        wizard = self.env["smart.annul.wizard"].browse(move.action_smart_annul()["res_id"])
        wizard.reason = reason
        wizard.action_annul()
        return False

    def _edoc_test_connection(self):
        # IMPLEMENTS 'l10n_ve_einvoice'; nothing is issued
        window = self.env["smart.connection"].browse(
            self.env.company._smart_test_connection()["res_id"]
        )
        steps = window.findings["steps"]
        said = "\n".join(f"{step['title']}: {step['detail']}" for step in steps)
        if any(step["state"] == WRONG for step in steps):
            raise UserError(said)
        return said

    def _smart_state(self, move):
        # sudo: for the state alone
        return move.sudo().smart_document_id.state
