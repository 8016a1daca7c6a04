from odoo import api, fields, models

#: Of a customer made at the counter, what the company has stand-ins for: field -> its stand-in.
STAND_INS = {
    "street": "smart_walk_in_address",
    "phone": "smart_walk_in_phone",
    "email": "smart_walk_in_email",
}


class PosConfig(models.Model):
    """Whom a shop sells to."""

    _inherit = "pos.config"

    smart_walk_in_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Stand-In for Customers Who Give No Number",
        domain="[('parent_id', '=', False), ('company_id', 'in', (False, company_id))]",
        help="Whom a sale is made out to when the customer gives neither cédula nor RIF. Left "
        "empty, each sale needs a customer.",
    )
    smart_name_required = fields.Boolean(
        string="New Customers Give Their Name",
        help="Whoever is made a customer by cédula or RIF has a name as well. Otherwise the name "
        "may be left out, and the number stands for it.",
    )
    smart_asks_for = fields.Char(
        string="What New Customers Are Asked For",
        compute="_compute_smart_asks_for",
        help="Fields of a customer that neither the cashier leaves out nor the company has a "
        "stand-in for, separated by commas.",
    )
    smart_walk_in_allowed = fields.Boolean(related="company_id.smart_walk_in_allowed")

    @api.depends("company_id")
    def _compute_smart_asks_for(self):
        for shop in self:
            company = shop.company_id
            shop.smart_asks_for = ",".join(
                field for field, stand_in in STAND_INS.items() if not company[stand_in]
            )

    def _smart_walk_in(self):
        """Return whom is sold to who gives no number; nobody where the company wants none."""
        return (
            self.smart_walk_in_allowed
            and self.smart_walk_in_partner_id
            or self.env["res.partner"].browse()
        )

    # -- what the till loads -----------------------------------------------------------------

    def get_limited_partners_loading(self, offset=0):
        # EXTENDS 'point_of_sale'
        partners = super().get_limited_partners_loading(offset)
        walk_in = self._smart_walk_in()
        if walk_in and (walk_in.id,) not in partners:
            partners.append((walk_in.id,))
        return partners
