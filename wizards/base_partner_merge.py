from odoo import models
from odoo.exceptions import UserError

from ..smart_api import identification


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base'
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) > 1:
            partners.check_access("read")  # the messages below name them
            target = dst_partner if dst_partner in partners else None
            target = target or self._get_ordered_partner(partners.ids)[-1]
            for partner in partners - target:
                self._smart_check_identity(partner, target)
                self._smart_check_company(partner, target)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _log_merge_operation(self, src_partners, dst_partner):
        # EXTENDS 'base': its last step, when nothing refers to the sources any more
        res = super()._log_merge_operation(src_partners, dst_partner)
        # sudo: no user has the right to write the integrity chain
        self.env["smart.chain"].sudo()._note_merge(src_partners, dst_partner)
        return res

    def _smart_check_identity(self, partner, target):
        """Let a customer of issued documents be merged only with contacts of the same identity.

        Merging moves invoices to another customer, and no lock sees it. Contacts with the same
        RIF, cédula or passport are legally the same; the fiscal document keeps the name, address
        and so on that it was issued with.
        """
        document = partner._smart_any_document()
        identity = target.commercial_partner_id.vat
        if document and (not identity or partner.commercial_partner_id.vat != identity):
            # The document may be another company's.
            shown = document.with_env(self.env)._filtered_access("read")
            raise UserError(
                self.env._(
                    "%(document)s was issued to %(customer)s (%(vat)s), so this contact cannot "
                    "become %(target)s (%(other)s). Merge contacts with the same "
                    "identification only; archive the others.",
                    document=shown.display_name or self.env._("A fiscal document"),
                    customer=partner.display_name,
                    vat=partner.commercial_partner_id.vat or "-",
                    target=target.display_name,
                    other=identity or "-",
                )
            )

    def _smart_check_company(self, partner, target):
        """Protect an issuer's contact: merging gives the company another contact by SQL."""
        rif = identification.format_rif(target.vat)
        for company in partner._smart_companies():
            if company._smart_issues() and company.smart_rif != rif:
                raise UserError(
                    self.env._(
                        "Fiscal documents are issued in the name of %(company)s, whose contact is "
                        "%(partner)s: merging it into %(target)s would change the company's RIF. "
                        "Make %(partner)s the destination.",
                        company=company.name,
                        partner=partner.display_name,
                        target=target.display_name,
                    )
                )
