from odoo import api, models
from odoo.exceptions import AccessError

from ..base.after_commit import waiting
from ..lane.confirming import SENDING_WORK
from ..terms import WITHDRAWN


class SmartDocumentOwner(models.AbstractModel):
    """An owner is locked once its document is made, and does not outlive one that SMART has."""

    _name = "smart.document.owner"
    _inherit = ["smart.lock", "smart.document.owner"]

    def _smart_settled(self):
        # IMPLEMENTS 'smart.lock': confirmed, and not withdrawn since
        # sudo: for the state only; whoever edits owners need not read fiscal documents
        return self.filtered(
            lambda owner: (
                owner.smart_document_id.sudo().state not in (False, WITHDRAWN)
                and not owner._smart_stands_annulled()
            )
        )

    def _smart_why_locked(self):
        # IMPLEMENTS 'smart.lock'
        return self.smart_document_id.sudo()._why_locked()  # sudo: for words only

    def _smart_confirmed_here(self):
        # IMPLEMENTS 'smart.lock'
        return self.smart_document_id.id in waiting(self.env, SENDING_WORK)

    def write(self, vals):
        # EXTENDS 'smart.lock'
        self._smart_check_document([vals])
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        self._smart_check_document(vals_list)
        return super().create(vals_list)

    @api.model
    def _smart_check_document(self, vals_list):
        if not self.env.su and any("smart_document_id" in vals for vals in vals_list):
            raise AccessError(self.env._("The fiscal document of a record cannot be set by hand."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_smart(self):
        for owner in self:
            # Also one whose document was annulled, and that may get another.
            if owner.smart_is_locked or owner._smart_is_numbered():
                owner._smart_refuse()

    def unlink(self):
        # EXTENDS 'base'
        # What waits is not sent any more, even where Odoo is forced to delete what is confirmed.
        self._smart_withdraw()
        # sudo: a document that was never sent goes with its draft; one with exchanges stays
        documents = self.smart_document_id.sudo()
        res = super().unlink()
        documents.exists().filtered(lambda document: not document.exchange_ids)._engine_unlink()
        return res
