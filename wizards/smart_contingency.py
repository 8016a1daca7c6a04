from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.terms import CONTINGENCY

#: In Spanish, as the letters are.
OFFICE = "Gerencia Regional de Tributos Internos"
PRINTING_HOUSE = "Imprenta digital SMART"


class SmartContingency(models.TransientModel):
    """The contingency report: what was written on paper in an outage, and letters that tell of it.

    It only reads. Its content is built in ``report/smart_contingency_report.py``.
    """

    _name = "smart.contingency"
    _description = "Contingency Report"
    _inherit = "smart.wizard"
    _rec_name = "company_id"
    _smart_inputs = frozenset(
        {
            "company_id",
            "journal_ids",
            "date_from",
            "date_to",
            "started_at",
            "ended_at",
            "cause",
            "responsible_name",
            "responsible_number",
            "responsible_role",
            "office",
            "printing_house",
            "place",
        }
    )
    #: See ``auditor.methods_of_auditor``: these write nothing but the wizard's own row.
    _smart_auditor_methods = frozenset(
        {
            "action_pdf",
            "action_view",
            "create",
            "default_get",
            "get_views",
            "onchange",
            "read",
            "web_read",
            "web_save",
        }
    )

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    journal_ids = fields.Many2many(
        comodel_name="account.journal",
        string="Journals",
        domain=f"[('company_id', '=', company_id), ('smart_channel', '=', '{CONTINGENCY}')]",
        help="Empty for all journals of the company whose documents are on numbered paper.",
    )
    date_from = fields.Date(
        string="Documents From", required=True, default=lambda self: self._day()
    )
    date_to = fields.Date(
        string="Documents To",
        required=True,
        default=lambda self: self.env["smart.document.owner"]._smart_today(),
    )
    started_at = fields.Datetime(
        string="Beginning of the Outage", required=True, default=lambda self: self._beginning()
    )
    ended_at = fields.Datetime(
        string="End of the Outage", help="Empty while it goes on; the letters say so."
    )
    cause = fields.Char(
        required=True,
        help="What did not work, in Spanish, as the letters say it: “la interrupción del servicio "
        "de internet en la sede de la empresa”.",
    )
    responsible_name = fields.Char(
        string="Responsible Person",
        required=True,
        default=lambda self: self._issuer()._smart_responsible().name,
        help="Who signs.",
    )
    responsible_number = fields.Char(string="Cédula of the Responsible Person")
    responsible_role = fields.Char(string="Office in the Company", default="Representante legal")
    office = fields.Char(
        string="SENIAT's Regional Office",
        required=True,
        default=OFFICE,
        help="To whom the first letter goes, with the region.",
    )
    printing_house = fields.Char(
        string="Digital Printing House",
        required=True,
        default=PRINTING_HOUSE,
        help="To whom the second letter goes.",
    )
    place = fields.Char(
        string="Place of the Letters",
        required=True,
        default=lambda self: self.env.company.city or "Caracas",
    )

    @api.model
    def _issuer(self):
        # sudo: the issuer may be a parent company that the user cannot read
        return self.env.company.sudo()._smart_issuer_or_self()

    @api.model
    def _lane(self):
        issuer = self._issuer()
        # sudo: only since when the queue is down
        return issuer.env["smart.lane"].search(
            [("issuer_id", "=", issuer.id), ("environment", "=", issuer.smart_environment)], limit=1
        )

    @api.model
    def _beginning(self):
        return self._lane().down_since or fields.Datetime.now()

    @api.model
    def _day(self):
        """Return the day in Caracas on which the outage began."""
        # Four hours behind UTC, the whole year.
        return (self._beginning() - timedelta(hours=4)).date()

    @api.constrains("date_from", "date_to", "started_at", "ended_at")
    def _check_dates(self):
        for report in self:
            if report.date_from > report.date_to or (
                report.ended_at and report.started_at > report.ended_at
            ):
                raise ValidationError(self.env._("The period ends before it begins."))

    # -- buttons ---------------------------------------------------------------------------

    def action_view(self):
        """Button: on the screen."""
        return self._report_action("html")

    def action_pdf(self):
        """Button: list and letters as PDF."""
        return self._report_action("pdf")

    def _report_action(self, kind):
        report = self.env.ref(f"l10n_ve_edi_smart.action_report_smart_contingency_{kind}")
        return report.report_action(self._acting(), config=False)
