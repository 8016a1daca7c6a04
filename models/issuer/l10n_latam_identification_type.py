from odoo import api, fields, models
from odoo.tools import ormcache


class L10nLatamIdentificationType(models.Model):
    _inherit = "l10n_latam.identification.type"

    smart_identification_type = fields.Selection(
        selection=[("cedula", "Cédula"), ("passport", "Passport"), ("rif", "RIF")],
        string="Identification for SMART",
        help="What SMART is told that a customer's number is.",
        groups="base.group_user",
    )

    @api.model
    @ormcache()
    def _smart_identification_types(self):
        """Return SMART's kind of each type, by id; cached, for every document needs one."""
        # sudo: the cached result is for everybody, so it must not depend on who asks first
        types = self.sudo().with_context(active_test=False)
        found = types.search_fetch(
            [("smart_identification_type", "!=", False)], ["smart_identification_type"]
        )
        return {kind.id: kind.smart_identification_type for kind in found}

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        types = super().create(vals_list)
        self.env.registry.clear_cache()
        return types

    def write(self, vals):
        # EXTENDS 'base'
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        # EXTENDS 'base'
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
