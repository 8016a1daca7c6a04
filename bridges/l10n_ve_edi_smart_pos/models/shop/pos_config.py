from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_list


class PosConfig(models.Model):
    """A shop: what it sells is issued through SMART, unless the law knows it by another channel."""

    _inherit = "pos.config"

    smart_channel = fields.Selection(
        selection=[("smart", "SMART"), ("other", "Another channel")],
        string="Fiscal Documents Through",
        default="smart",
        required=True,
        help="Each sale of a shop is a fiscal document. Another channel is, for example, a fiscal "
        "machine: of what this shop sells, nothing is then sent to SMART.",
    )
    smart_is_fiscal = fields.Boolean(
        string="Issues Through SMART",
        compute="_compute_smart_is_fiscal",
        help="Whether each sale of this shop is issued through SMART.",
    )

    @api.depends("smart_channel", "company_id", "invoice_journal_id")
    def _compute_smart_is_fiscal(self):
        # sudo: cashiers need no right to journals or companies
        for shop in self.sudo():
            shop.smart_is_fiscal = bool(
                shop.smart_channel == "smart"
                and shop.company_id.smart_issuer_id
                and shop.invoice_journal_id.smart_enabled
            )

    @api.constrains("smart_channel", "invoice_journal_id")
    def _check_smart_channel(self):
        self._smart_refuse_second_document()

    def write(self, vals):
        # EXTENDS 'point_of_sale', which lets cashiers write, for the till notes there what it does
        self._smart_check_manager(vals)
        return super().write(vals)

    def _smart_check_manager(self, vals):
        """Leave to managers what decides whether, and to whom, a document is issued.

        :raises AccessError: naming the fields
        """
        named = [
            name
            for name in vals
            if name in self._fields and (name.startswith("smart_") or name == "invoice_journal_id")
        ]
        managers = "point_of_sale.group_pos_manager,base.group_system"
        if named and not self.env.su and not self.env.user.has_groups(managers):
            labels = self.fields_get(named, ["string"])
            raise AccessError(
                self.env._(
                    "Only managers of the Point of Sale change how a shop issues: %s.",
                    format_list(self.env, [labels[name]["string"] for name in sorted(labels)]),
                )
            )

    def _smart_refuse_second_document(self):
        """Refuse that a sale with a document of another channel gets one of SMART as well."""
        # sudo: whoever sets up shops need no right to journals
        for shop in self.sudo().filtered(lambda one: one.smart_channel != "smart"):
            if shop.invoice_journal_id.smart_enabled:
                raise ValidationError(
                    self.env._(
                        "The sales of %(shop)s become fiscal documents through another channel, "
                        "but the invoices of the journal %(journal)s are issued through SMART: a "
                        "sale that is invoiced would have two. Choose another invoice journal for "
                        "the shop.",
                        shop=shop.name,
                        journal=shop.invoice_journal_id.display_name,
                    )
                )
