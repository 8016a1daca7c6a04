from odoo import models


class StockPicking(models.Model):
    """Which transfers carry a fiscal document: goods that leave a place of the company."""

    _inherit = "stock.picking"

    def _smart_is_fiscal(self):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        picking = self.sudo()  # sudo: whoever moves goods need not read the company's settings
        return bool(
            picking.company_id.smart_issuer_id
            and picking.picking_type_id.smart_document_type
            and picking._smart_is_on_the_road()
        )

    def _smart_is_on_the_road(self):
        """Tell whether the goods leave a place of the company, or come back to one."""
        self.ensure_one()
        source, target = self.location_id, self.location_dest_id
        if source.usage == "internal":
            if target.usage == "internal":
                return source._smart_place() != target._smart_place()
            return target.usage in ("customer", "supplier", "transit")
        # Goods that were delivered come back: never a receipt, nor what a supplier delivers.
        came_back = bool(self.return_id or self.move_ids.origin_returned_move_id)
        return source.usage == "customer" and target.usage == "internal" and came_back

    def _smart_is_own_transfer(self):
        """Tell whether the goods stay with the company: between its places, or coming back."""
        self.ensure_one()
        if self.location_dest_id.usage in ("customer", "supplier"):
            return False
        if self.location_id.usage == "customer":
            return True
        if self._smart_keeper():
            return False
        return (
            not self.partner_id
            or self.partner_id.commercial_partner_id == self.company_id.partner_id
            or self.partner_id in self._smart_target().sudo()._smart_place_partner()
        )

    def _smart_keeper(self):
        """Return the contact of the place where the goods end, if that is somebody else's.

        A consignee's shop, a workshop. Somebody else has a RIF of its own: many companies keep the
        addresses of their warehouses as contacts without any.
        """
        self.ensure_one()
        contact = self._smart_target().sudo()._smart_place_partner()  # sudo: as for addresses
        own, its = self.company_id.partner_id.commercial_partner_id, contact.commercial_partner_id
        is_other = its.vat and its != own and its.vat != own.vat
        return contact if is_other else contact.browse()

    def _smart_target(self):
        """Return the location where the goods end: of what goes by transit, that after it."""
        self.ensure_one()
        following = self.move_ids.move_dest_ids.filtered(lambda move: move.state != "cancel")
        if self.location_dest_id.usage == "transit" and following:
            return following[0].location_final_id or following[0].location_dest_id
        return self.location_dest_id

    def _smart_receiver(self):
        """Return the contact that the document is made out to, with the address of delivery."""
        self.ensure_one()
        if not self._smart_is_own_transfer():
            # Of what stays with somebody else, whoever has it: the addressee, else the place's.
            return self.partner_id or self._smart_keeper().sudo(False)
        # Of transfers between its places the receiver is the company itself, by its RIF.
        company = self.company_id.partner_id
        place = self._smart_target()._smart_place_partner()
        return place if place.commercial_partner_id == company.commercial_partner_id else company
