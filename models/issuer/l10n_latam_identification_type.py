from odoo import api, fields, models
from odoo.tools import SQL

#: Types of all countries -> those of Venezuela, which are named as people there call them.
REPLACED = {"it_vat": "it_ve_rif", "it_pass": "it_ve_passport", "it_fid": "it_ve_passport"}


class L10nLatamIdentificationType(models.Model):
    _inherit = "l10n_latam.identification.type"

    smart_identification_type = fields.Selection(
        selection=[("cedula", "Cédula"), ("passport", "Passport"), ("rif", "RIF")],
        string="Identification for SMART",
        help="What SMART is told that a customer's number is.",
        groups="base.group_user",
    )

    @api.model
    def _smart_replace_on_contacts(self):
        """Give contacts the types of Venezuela instead of those that all countries share.

        Contacts in Venezuela; where there are companies of Venezuela alone, contacts from anywhere.
        SMART is told the same as before.
        """
        venezuela = self.env.ref("base.ve")
        companies = (
            self.env["res.company"]
            .with_context(active_test=False)
            .search([("account_fiscal_country_id", "!=", False)])
        )
        everywhere = companies.account_fiscal_country_id == venezuela
        for former, own in REPLACED.items():
            self._smart_move_contacts(
                f"l10n_latam_base.{former}",
                f"l10n_ve_edi_smart.{own}",
                SQL("country_id = %s OR %s", venezuela.id, everywhere),
            )

    @api.model
    def _smart_give_back_contacts(self):
        """Give contacts the types of all countries again: those of the addon go with it."""
        for former, own in REPLACED.items():
            self._smart_move_contacts(
                f"l10n_ve_edi_smart.{own}", f"l10n_latam_base.{former}", SQL("TRUE")
            )

    @api.model
    def _smart_move_contacts(self, former, new, condition):
        """Change the type of contacts, and nothing about their numbers.

        :param SQL condition: which contacts
        """
        former, new = (self.env.ref(name, raise_if_not_found=False) for name in (former, new))
        if not (former and new):
            return
        Partner = self.env["res.partner"]
        Partner.flush_model(["country_id", "l10n_latam_identification_type_id"])
        # SQL: there may be a million contacts, and writing would check every number again
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET l10n_latam_identification_type_id = %s"
                " WHERE l10n_latam_identification_type_id = %s AND (%s)",
                new.id,
                former.id,
                condition,
            )
        )
        Partner.invalidate_model(["l10n_latam_identification_type_id"])
