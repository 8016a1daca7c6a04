from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..terms import WIRE_DOCUMENT_TYPES


class ResCompany(models.Model):
    """What a company says on all its fiscal documents."""

    _inherit = "res.company"

    smart_send_mail = fields.Boolean(
        string="SMART Sends E-mail",
        help="SMART sends the issued document to the customer by e-mail, as far as the customer "
        "does not say otherwise.",
        groups="base.group_user",
    )
    smart_walk_in_address = fields.Char(
        string="Address of Customers without One",
        help="Stands on the documents of walk-in customers who give no address.",
        groups="base.group_user",
    )
    smart_walk_in_phone = fields.Char(
        string="Phone of Customers without One",
        help="Stands on the documents of walk-in customers who give no phone number.",
        groups="base.group_user",
    )
    smart_walk_in_email = fields.Char(
        string="E-mail of Customers without One",
        help="Stands on the documents of walk-in customers who give no e-mail address. SMART sends "
        "nothing there.",
        groups="base.group_user",
    )
    smart_branch_code = fields.Char(
        string="SMART Branch",
        help="Code of the branch on its documents, unless the journal has one.",
        groups="base.group_user",
    )
    smart_branch_address = fields.Char(
        string="SMART Branch Address",
        help="Address of the branch on its documents, unless the journal has one. Without it, a "
        "company that is a branch states its own address.",
        groups="base.group_user",
    )
    smart_collects_igtf = fields.Boolean(
        string="Collects IGTF",
        help="The company is a special taxpayer (sujeto pasivo especial) that collects the 3 % tax "
        "on payments in foreign currency.",
        groups="base.group_user",
    )
    smart_igtf_product_id = fields.Many2one(
        comodel_name="product.product",
        string="IGTF Product",
        compute="_compute_smart_igtf_product_id",
        store=True,
        readonly=False,
        help="The line of an invoice that has this product is the IGTF.",
        groups="base.group_user",
    )
    smart_igtf_account_id = fields.Many2one(
        comodel_name="account.account",
        string="IGTF Account",
        check_company=True,
        help="Where the collected IGTF is owed to the treasury: a liability. Left empty, it is "
        "created with the first IGTF.",
        groups="base.group_user",
    )

    smart_rounding_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Rounding Product",
        help="The line of an invoice that has this product is what is left of a total that no base "
        "and its tax add up to. Left empty, it is set with the first such line.",
        groups="base.group_user",
    )
    smart_rounding_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Rounding Account",
        check_company=True,
        help="Where the cents of such lines are booked: an income. Left empty, it is created with "
        "the first such line.",
        groups="base.group_user",
    )

    @api.depends("smart_collects_igtf")
    def _compute_smart_igtf_product_id(self):
        for company in self:
            if company.smart_collects_igtf and not company.smart_igtf_product_id:
                company.smart_igtf_product_id = self.env.ref(
                    "l10n_ve_edi_smart.product_igtf", raise_if_not_found=False
                )

    @api.constrains("smart_collects_igtf", "smart_igtf_product_id", "smart_igtf_account_id")
    def _check_smart_igtf(self):
        for company in self.filtered("smart_collects_igtf"):
            if not company.smart_igtf_product_id:
                raise ValidationError(
                    self.env._(
                        "%s collects the IGTF: choose the product that stands for it.",
                        company.display_name,
                    )
                )
            account = company.smart_igtf_account_id
            if account and account.internal_group != "liability":
                raise ValidationError(
                    self.env._(
                        "%s collects the IGTF: choose a liability account for what is owed to the "
                        "treasury.",
                        company.display_name,
                    )
                )

    def _smart_wire_type(self, document_type):
        """Return the number under which the issuer sends documents of a type.

        :param str document_type: a key of :data:`terms.DOCUMENT_TYPES`
        :rtype: smart_api.schemas.DocumentType
        """
        return WIRE_DOCUMENT_TYPES[document_type]

    def _smart_igtf_account(self):
        """Return the account of the IGTF; create it if there is none yet."""
        self.ensure_one()
        if not self.smart_igtf_account_id:
            owed = self.account_sale_tax_id.invoice_repartition_line_ids.account_id[:1]
            start = owed.internal_group == "liability" and owed.with_company(self).code
            # sudo: the person who adds the first IGTF may have no right to change the settings
            self.sudo().smart_igtf_account_id = self._smart_new_account(
                self.env._("IGTF to be paid to the treasury"),
                start or "2172000",
                "liability_current",
            )
        return self.smart_igtf_account_id

    def _smart_new_account(self, name, start, account_type):
        """Create an account, for the whole company, under the next code that is free.

        :param start: code to begin with
        """
        # sudo: the person with whose document it begins may have no right to change the chart
        Account = self.env["account.account"].with_company(self).sudo()
        return Account.create(
            {
                "name": name,
                "code": Account._search_new_account_code(start),
                "account_type": account_type,
                "company_ids": [Command.set(self.root_id.ids)],
            }
        )

    # -- roundings -------------------------------------------------------------------------

    def _smart_rounding_product(self):
        """Return the product of lines that are what is left of a total; set it if there is none."""
        self.ensure_one()
        if not self.smart_rounding_product_id:
            product = self.env.ref("l10n_ve_edi_smart.product_rounding", raise_if_not_found=False)
            self.smart_rounding_product_id = product or self.env["product.product"].create(
                {"name": "Redondeo", "type": "service", "taxes_id": False}
            )
        return self.smart_rounding_product_id

    def _smart_rounding_account(self):
        """Return the account of roundings; create it if there is none yet."""
        self.ensure_one()
        if not self.smart_rounding_account_id:
            income = self.env["account.account"].search(
                [
                    *self.env["account.account"]._check_company_domain(self),
                    ("account_type", "=", "income_other"),
                ],
                limit=1,
            )
            self.smart_rounding_account_id = self._smart_new_account(
                self.env._("Rounding of totals"),
                income.with_company(self).code or "4310000",
                "income_other",
            )
        return self.smart_rounding_account_id
