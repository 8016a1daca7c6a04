from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.l10n_ve_edi_smart.models.terms import QUEUED, REFUSED, WITHDRAWN

from .terms import WHEN_READY


class StockPicking(models.Model):
    """When the document is issued: at validation, or before the goods leave; the buttons."""

    _inherit = "stock.picking"

    # For the buttons only.
    smart_is_fiscal = fields.Boolean(compute="_compute_smart_is_fiscal")
    smart_may_issue = fields.Boolean(compute="_compute_smart_is_fiscal")
    smart_may_take_back = fields.Boolean(compute="_compute_smart_is_fiscal")

    @api.depends(
        "state", "picking_type_id", "company_id", "location_id", "location_dest_id", "return_id",
        "smart_state", "smart_annulment_state",
    )  # fmt: skip
    def _compute_smart_is_fiscal(self):
        for picking in self:
            picking.smart_is_fiscal = picking._smart_is_fiscal()
            picking.smart_may_issue = (
                picking.smart_is_fiscal
                and picking._smart_is_draft()
                and not picking._smart_why_not_issue()
            )
            picking.smart_may_take_back = picking.smart_state in (QUEUED, REFUSED)

    def _smart_is_draft(self):
        # EXTENDS 'smart.document.owner': no document waits, or is in force
        self.ensure_one()
        return self.state != "cancel" and not self._smart_settled()

    def _smart_why_not_issue(self):
        """Return in words why it cannot be issued now by the button, or ``""``."""
        self.ensure_one()
        if self.state == "done":
            # sudo: for its state only
            if self.sudo().smart_document_id:
                return ""
            return self.env._(
                "%s was validated without a fiscal document, so its goods are long gone.",
                self.display_name,
            )
        if self.picking_type_id.smart_issued_when != WHEN_READY:
            return self.env._(
                "%s gets its fiscal document when it is validated, as the settings of its "
                "operation type say.",
                self.display_name,
            )
        if self.state != "assigned":
            return self.env._(
                "%s is not ready: its fiscal document says what leaves.", self.display_name
            )
        return ""

    def action_smart_issue(self):
        """Button “Issue”: before the goods leave, or anew after it was taken back or annulled."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(self._smart_group_to_send):
            raise AccessError(self.env._("You do not have the right to issue fiscal documents."))
        pickings = self.filtered(
            lambda picking: picking._smart_is_fiscal() and picking._smart_is_draft()
        )
        if not pickings:
            raise UserError(self.env._("None of these transfers is to be issued through SMART."))
        for picking in pickings:
            if why := picking._smart_why_not_issue():
                raise UserError(why)
        pickings._smart_propose()
        pickings._smart_enqueue()

    def action_smart_take_back(self):
        """Button “Take Back”: what waits or was refused can be changed, and issued again."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(self._smart_group_to_send):
            raise AccessError(self.env._("You do not have the right to issue fiscal documents."))
        self._smart_withdraw()

    # -- validating ------------------------------------------------------------------------

    def button_validate(self):
        # EXTENDS 'stock' to tell what SMART would not take before any window asks for anything
        self.check_access("write")
        self._smart_check_before()
        return super().button_validate()

    def _smart_check_before(self):
        """Raise every problem of every transfer that will be issued when it is validated.

        :raises SmartPreflightError: then; those that Odoo itself refuses are left to it
        """
        ready = self.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking._smart_is_fiscal()
                and picking._smart_is_draft()
                and picking._smart_moves()
            )
        )
        ready._smart_propose()
        payload = self.env["smart.payload"]
        payload._refuse_broken(payload._check(ready._smart_in_order()))

    def _pre_action_done_hook(self):
        # EXTENDS 'stock', which marks all as picked where nobody marked any
        with self._smart_validating():
            return super()._pre_action_done_hook()

    def _action_done(self):
        # EXTENDS 'stock', by whatever road it comes: what leaves is queued for SMART
        issued = self._smart_settled()
        before = issued._smart_contents(issued.ids)
        with self._smart_validating():
            res = super()._action_done()
        after = issued._smart_contents(issued.ids)
        for picking in issued:
            if after[picking.id].digest() != before[picking.id].digest():
                raise UserError(
                    self.env._(
                        "%(why)s What is validated has to be exactly that.",
                        why=picking._smart_why_locked(),
                    )
                )
        (self - issued)._smart_enqueue_done()
        return res

    def _smart_enqueue_done(self):
        """Queue those of them that are done, fiscal, and have no document yet."""
        to_issue = self.filtered(
            lambda picking: (
                picking.state == "done"
                # sudo: for its state only
                and picking.sudo().smart_document_id.state in (False, WITHDRAWN)
                and picking._smart_is_fiscal()
                and picking._smart_moves()
            )
        )
        if to_issue:
            to_issue._smart_propose()
            to_issue._smart_enqueue()

    def _smart_propose(self):
        """Give them the reason that can be told, where none was chosen."""
        for picking in self:
            if not picking.smart_transfer_reason and (usual := picking._smart_usual_reason()):
                picking.smart_transfer_reason = usual
