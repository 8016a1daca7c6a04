from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    smart_send_mail = fields.Selection(
        selection=[("yes", "Yes"), ("no", "No")],
        string="SMART Sends E-mail",
        help="Whether SMART sends issued documents to this customer by e-mail. Empty: as the "
        "company's settings say.",
        groups="base.group_user",
    )

    def _commercial_fields(self):
        # EXTENDS 'base'
        return [*super()._commercial_fields(), "smart_send_mail"]
