from odoo import fields, models


class StockLocation(models.Model):
    """Where goods are: at which address, as far as it matters on the road."""

    _inherit = "stock.location"

    smart_is_place = fields.Boolean(
        string="Address of Its Own",
        help="What is below this location is somewhere else than its warehouse, at the address of "
        "its contact: goods that go there are on the road.",
    )
    smart_place_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact with the Address",
        check_company=True,
        index="btree_not_null",
    )

    def _smart_place(self):
        """Return what has the address of this location: a location, or its warehouse.

        :rtype: stock.location | stock.warehouse, of the latter none outside of warehouses
        """
        self.ensure_one()
        place = self
        while place and not place.smart_is_place:
            place = place.location_id
        return place or self.warehouse_id

    def _smart_place_partner(self):
        """Return the contact whose address this location has, perhaps none."""
        place = self._smart_place()
        if place._name == "stock.location":
            return place.smart_place_partner_id
        return place.partner_id
