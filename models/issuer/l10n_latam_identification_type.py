from odoo import fields, models


class L10nLatamIdentificationType(models.Model):
    _inherit = "l10n_latam.identification.type"

    smart_identification_type = fields.Selection(
        selection=[("cedula", "Cédula"), ("passport", "Passport"), ("rif", "RIF")],
        string="Identification for SMART",
        help="What SMART is told that a customer's number is.",
        groups="base.group_user",
    )
