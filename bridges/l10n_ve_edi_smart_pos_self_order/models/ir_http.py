from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        # EXTENDS 'http_routing': a kiosk is a public page, which has the words of these alone
        names = super()._get_translation_frontend_modules_name()
        return [*names, "l10n_ve_edi_smart_pos", "l10n_ve_edi_smart_pos_self_order"]
