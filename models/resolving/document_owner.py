from odoo import fields, models


class SmartDocumentOwner(models.AbstractModel):
    _inherit = "smart.document.owner"

    smart_conflict_words = fields.Char(
        related="smart_document_id.conflict_words",
        groups="base.group_user",
    )

    def action_smart_resolve(self):
        """Button: settle a document in doubt, see ``smart.resolve.wizard``."""
        self.ensure_one()
        return self.smart_document_id.action_resolve()
