from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..models.terms import DOCUMENT_TYPES, ENVIRONMENTS


class SmartBook(models.TransientModel):
    """The control-number book of a period: what to show, and how.

    It only reads. Its content is built in ``report/smart_book_*.py``.
    """

    _name = "smart.book"
    _description = "Control-number Book"
    _inherit = "smart.wizard"
    _rec_name = "issuer_id"
    _smart_inputs = frozenset(
        {"issuer_id", "company_ids", "environment", "date_from", "date_to", "document_type"}
    )
    #: See ``auditor.methods_of_auditor``: these write nothing but the wizard's own row.
    _smart_auditor_methods = frozenset(
        {
            "action_pdf",
            "action_view",
            "action_xlsx",
            "create",
            "default_get",
            "get_views",
            "onchange",
            "read",
            "web_read",
            "web_save",
        }
    )

    issuer_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company._smart_issuer_or_self(),
        help="In whose name the documents were issued: control numbers are the issuer's.",
    )
    company_ids = fields.Many2many(
        comodel_name="res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.companies,
        help="Companies that issue in the name of the issuer, with whose documents the book is.",
    )
    issuer_choice_ids = fields.Many2many(
        comodel_name="res.company", compute="_compute_issuer_choice_ids"
    )
    environment = fields.Selection(
        selection=[item for item in ENVIRONMENTS if item[0] != "disabled"],
        required=True,
        compute="_compute_environment",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env["smart.document.owner"]._smart_today().replace(day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: (
            self.env["smart.document.owner"]._smart_today() + relativedelta(day=31)
        ),
        help="Days of issue in Caracas.",
    )
    document_type = fields.Selection(
        selection=DOCUMENT_TYPES,
        string="Only",
        help="Empty for all types; only then the book is compared with the ledger.",
    )

    @api.model
    def _check_readable(self, name, records):
        # EXTENDS 'smart.wizard': the issuer may be a parent company that the user cannot read
        if name == "issuer_id":
            # sudo: only for the tree of companies
            records -= self.env.user.company_ids.sudo().parent_ids
        return super()._check_readable(name, records)

    @api.depends("company_ids")
    def _compute_issuer_choice_ids(self):
        for book in self:
            # sudo: users may see which parent companies their company can issue through
            companies = book.company_ids & self.env.user.company_ids
            book.issuer_choice_ids = companies.sudo().parent_ids

    @api.depends("issuer_id")
    def _compute_environment(self):
        for book in self:
            # sudo: the issuer may be a parent company that the user cannot read
            environment = book.issuer_id.sudo().smart_environment
            book.environment = environment if environment != "disabled" else "production"

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for book in self:
            if book.date_from > book.date_to:
                raise ValidationError(self.env._("The period ends before it begins."))

    def _companies(self):
        """Return those of the user's companies whose documents are in the book.

        :raises AccessError: if none of them issues in the issuer's name
        """
        self.ensure_one()
        # sudo: only for the tree of companies
        companies = (self.company_ids & self.env.user.company_ids).filtered(
            lambda company: self.issuer_id in company.sudo().parent_ids
        )
        if not companies:
            raise AccessError(
                self.env._("You are not in a company that issues in the name of this issuer.")
            )
        return companies

    def _in_companies(self):
        """Return the book with its companies as the allowed ones, for record rules."""
        return self.with_context(allowed_company_ids=self._companies().ids)

    # -- buttons ---------------------------------------------------------------------------

    def action_view(self):
        """Button: on the screen."""
        return self._report_action("html")

    def action_pdf(self):
        """Button: as PDF."""
        return self._report_action("pdf")

    def action_xlsx(self):
        """Button: as a workbook."""
        self._acting()._companies()
        return {
            "type": "ir.actions.act_url",
            "url": f"/l10n_ve_edi_smart/book/{self.id}.xlsx",
            "target": "download",
        }

    def _report_action(self, kind):
        self._acting()._companies()
        report = self.env.ref(f"l10n_ve_edi_smart.action_report_smart_book_{kind}")
        return report.report_action(self, config=False)
