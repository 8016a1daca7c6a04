from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base'
        self._smart_check_identity(partner_ids, dst_partner)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _log_merge_operation(self, src_partners, dst_partner):
        # EXTENDS 'base': its last step, when nothing refers to the sources any more
        super()._log_merge_operation(src_partners, dst_partner)
        # sudo: the integrity chain is Odoo's own to write
        self.env["smart.chain"].sudo()._note_merge(src_partners, dst_partner)

    def _smart_check_identity(self, partner_ids, dst_partner):
        """Let customers of issued documents be merged with themselves only.

        Merging moves invoices to another customer, behind the back of every lock. Whoever has
        the same RIF, cédula or passport is legally the same; the name, address and so on that
        were issued are kept on the fiscal document.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2:
            return
        target = dst_partner if dst_partner in partners else None
        target = target or self._get_ordered_partner(partners.ids)[-1]
        identity = target.commercial_partner_id.vat
        for partner in partners - target:
            document = partner._smart_any_document()
            if document and (not identity or partner.commercial_partner_id.vat != identity):
                raise UserError(
                    self.env._(
                        "%(document)s was issued to %(customer)s (%(vat)s), so this contact cannot "
                        "become %(target)s (%(other)s). Merge contacts with the same "
                        "identification only; archive the others.",
                        document=document.display_name,
                        customer=partner.display_name,
                        vat=partner.commercial_partner_id.vat or "-",
                        target=target.display_name,
                        other=identity or "-",
                    )
                )
