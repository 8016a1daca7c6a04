from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    smart_walk_in_allowed = fields.Boolean(
        string="Shops May Sell to a Stand-In",
        help="A customer who gives neither cédula nor RIF may be sold to: the document is made out "
        "to the stand-in that the shop has for such customers.",
        groups="base.group_user",
    )
