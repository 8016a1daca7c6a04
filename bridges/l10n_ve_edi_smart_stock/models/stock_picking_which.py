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
        company = self.company_id.partner_id.commercial_partner_id
        partner = self._smart_partner()
        warehouse = self._smart_target().warehouse_id
        return (
            not partner
            or partner.commercial_partner_id == company
            or (
                partner == warehouse.sudo().partner_id  # sudo: of a branch, say
            )
        )

    def _smart_partner(self):
        """Return who gets the goods: who is named, else whose place it is, in consignment say."""
        self.ensure_one()
        place = self._smart_target()._smart_place()
        return self.partner_id or (
            place.smart_place_partner_id if place._name == "stock.location" else self.partner_id
        )

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
            return self._smart_partner()
        # Of transfers between its places the receiver is the company itself, by its RIF.
        company = self.company_id.partner_id
        place = self._smart_target()._smart_place_partner()
        return place if place.commercial_partner_id == company.commercial_partner_id else company
