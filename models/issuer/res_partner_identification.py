from odoo import api, fields, models

from ...smart_api import identification

#: Kind of SMART -> the identification type that says so on a contact.
TYPES = {"rif": "l10n_ve_edi_smart.it_ve_rif", "cedula": "l10n_ve_edi_smart.it_ve_cedula"}


class ResPartner(models.Model):
    """A RIF or cédula is understood however it is written, and kept as it is printed."""

    _inherit = "res.partner"

    l10n_latam_identification_type_id = fields.Many2one(
        default=lambda self: self._smart_default_identification_type()
    )

    @api.model
    def _smart_default_identification_type(self):
        """Return the RIF in Venezuela; elsewhere the one of all countries, as Odoo does."""
        of_venezuela = self.env.company.account_fiscal_country_id.code == "VE"
        return self.env.ref(
            TYPES["rif"] if of_venezuela else "l10n_latam_base.it_vat", raise_if_not_found=False
        )

    def _check_vat(self, validation="error"):
        # EXTENDS 'base': before it is checked, whoever writes it: form, import, web shop
        for partner in self:
            kind = partner._smart_kind_of_number()
            if kind:
                partner._smart_normalize_vat(kind)
        return super()._check_vat(validation=validation)

    @api.model
    def format_vat_ve(self, vat):
        """Return a Venezuelan RIF as it is printed; `base_vat` finds this method by its name."""
        return identification.format_rif(vat) or vat

    def _smart_kind_of_number(self):
        """Return ``rif`` or ``cedula`` for a Venezuelan number that is said to be one of them."""
        self.ensure_one()
        if not self.vat or (self.country_id or self.env.company.country_id).code != "VE":
            return None
        # sudo: customers of the web shop enter theirs, and do not read this column
        kind = self.l10n_latam_identification_type_id.sudo().smart_identification_type
        return kind if kind in TYPES else None

    def _smart_normalize_vat(self, kind):
        understood, number = identification.understand(kind, self.vat)
        if not number:
            return
        changed = {"vat": number} if number != self.vat else {}
        if understood != kind:
            changed["l10n_latam_identification_type_id"] = self.env.ref(TYPES[understood]).id
        if changed:
            self.update(changed)

    @api.onchange("vat", "country_id", "l10n_latam_identification_type_id")
    def _onchange_smart_letter(self):
        if self._smart_kind_of_number() and identification.lacks_letter(self.vat):
            return {
                "warning": {
                    "title": self.env._("The letter is missing"),
                    "message": self.env._(
                        "“%s” has no letter, and nobody can know it from the number. Enter V or E "
                        "for a cédula (V-12345678), V, E, J, P, G or C for a RIF (J-12345678-9).",
                        self.vat,
                    ),
                }
            }
        return None
