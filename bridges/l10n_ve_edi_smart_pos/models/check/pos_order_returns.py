"""Whether a credit note can be about what was sold: told before the money moves."""

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.l10n_ve_edi_smart.models.terms import QUEUED, SENDING


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _smart_why_no_return(self, partner, to_invoice):
        """Return in words why no credit note can be about these sold orders, or ``""``.

        :param partner: customer of the return
        """
        # sudo: cashiers need no right to invoices
        for order in self.sudo().filtered(lambda order: order._smart_is_fiscal()):
            invoice = order.account_move
            document = invoice.smart_document_id
            if not invoice:
                if to_invoice:
                    return self.env._(
                        "%s was never invoiced, so no credit note can be about it. Invoice it "
                        "first (Orders › the order › Invoice), or take the goods back without an "
                        "invoice.",
                        order.pos_reference or order.name,
                    )
            elif invoice.smart_free:
                if to_invoice:
                    return self.env._(
                        "%s was free, so no credit note can be about it. Take the goods back "
                        "without an invoice.",
                        order.pos_reference or order.name,
                    )
            elif invoice.state == "posted" and not document:
                continue  # from before SMART: the note asks for its number
            elif not document:
                return self.env._(
                    "The invoice of %s is not issued yet, so no credit note can be about it. Have "
                    "it mended and confirmed first.",
                    order.pos_reference or order.name,
                )
            elif document.state not in (QUEUED, SENDING) and (why := invoice._smart_why_no_note()):
                return why
            elif partner and partner.commercial_partner_id != document.partner_id:
                return self._smart_other_customer(document)
        return ""

    def _smart_other_customer(self, document):
        return self.env._(
            "%(invoice)s was issued to %(customer)s: only that customer can get it credited.",
            invoice=document.name,
            customer=document.partner_id.display_name,
        )

    def action_pos_order_invoice(self):
        # EXTENDS 'point_of_sale'
        self._smart_check_returns()
        return super().action_pos_order_invoice()

    def _smart_check_returns(self):
        """Refuse to invoice returns that no credit note can be about; no money moves here."""
        for order in self.filtered(lambda order: not order.account_move):
            why = order._smart_originals()._smart_why_no_return(order.partner_id, True)
            if why:
                raise UserError(why)
