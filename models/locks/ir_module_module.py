from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..terms import ANNULMENT_UNDER_WAY, CANCELLING, QUEUED, REFUSED, SENDING, UNKNOWN

ADDON = "l10n_ve_edi_smart"


class IrModuleModule(models.Model):
    """Uninstalling: not while a document is on its way, and never without the archive."""

    _inherit = "ir.module.module"

    def button_uninstall(self):
        # EXTENDS 'base'
        going = set((self | self.downstream_dependencies()).mapped("name"))
        if ADDON in going:
            self._smart_check_nothing_on_its_way(Domain.TRUE)
        else:
            # An addon that joins other owners: nobody would know any more what to undo.
            fields = self.env["smart.document"]._fields
            joined = [
                Domain(name, "!=", False)
                for name in self.env["smart.document"]._owner_fields()
                if going.intersection(fields[name]._modules)
            ]
            if joined:
                self._smart_check_nothing_on_its_way(Domain.OR(joined))
        return super().button_uninstall()

    def _smart_check_nothing_on_its_way(self, domain):
        """Refuse while SMART may still issue or annul a document: nobody would learn of it.

        The hooks in ``hooks`` archive what was issued.

        :param domain: of the documents that are concerned
        """
        # sudo: documents of all companies and branches count
        documents = (
            self.env["smart.document"]
            .sudo()
            .search(
                domain
                & (
                    Domain("state", "in", (QUEUED, SENDING, UNKNOWN, REFUSED))
                    | Domain("annulment_state", "in", (*ANNULMENT_UNDER_WAY, CANCELLING))
                )
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
