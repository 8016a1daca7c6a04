from odoo import models
from odoo.exceptions import UserError

from ..terms import ANNULMENT_UNDER_WAY, CANCELLING, QUEUED, REFUSED, SENDING, UNKNOWN

ADDON = "l10n_ve_edi_smart"


class IrModuleModule(models.Model):
    """Uninstalling: not while a document is on its way, and never without the archive."""

    _inherit = "ir.module.module"

    def button_uninstall(self):
        # EXTENDS 'base'
        going = self | self.downstream_dependencies()
        if ADDON in going.mapped("name"):
            self._smart_check_nothing_on_its_way()
        return super().button_uninstall()

    def _smart_check_nothing_on_its_way(self):
        """Refuse while SMART may still issue or annul a document: nobody would learn of it.

        ``hooks.uninstall_hook`` archives the issued documents.
        """
        # sudo: documents of all companies and branches count
        documents = (
            self.env["smart.document"]
            .sudo()
            .search(
                [
                    "|",
                    ("state", "in", (QUEUED, SENDING, UNKNOWN, REFUSED)),
                    ("annulment_state", "in", (*ANNULMENT_UNDER_WAY, CANCELLING)),
                ]
            )
        )
        if documents:
            raise UserError(
                self.env._(
                    "%(count)s fiscal documents are on their way to SMART or in doubt, such as "
                    "%(examples)s. Send them, find out what became of them, or reset them to "
                    "draft; then uninstall.",
                    count=len(documents),
                    examples=", ".join(documents[:5].mapped("display_name")),
                )
            )
