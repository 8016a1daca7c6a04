from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...smart_api import texts
from ..terms import CHANNELS, CONTINGENCY, DIGITAL, OTHER_CHANNEL

#: SMART's field for the fiscal series.
SERIES_LENGTH = 10


class AccountJournal(models.Model):
    _inherit = "account.journal"

    smart_enabled = fields.Boolean(
        string="Issue through SMART",
        compute="_compute_smart_enabled",
        store=True,
        readonly=False,
        precompute=True,
        help="Confirming an invoice, credit note or debit note of this journal issues it through "
        "SMART, as far as the company is set up for it. Switch it off for documents "
        "that are issued another way, such as on pre-printed forms.",
        groups="base.group_user",
    )

    smart_channel = fields.Selection(
        selection=CHANNELS,
        string="Emission Channel",
        compute="_compute_smart_channel",
        inverse="_inverse_smart_channel",
        store=True,
        readonly=False,
        precompute=True,
        help="Digital: confirming issues the document through SMART.\n"
        "Contingency: documents are written on numbered paper of an authorised printing house, "
        "while nothing electronic works; nothing is sent to SMART.\n"
        "Other: a fiscal machine, or free forms, whose numbers Odoo does not keep.",
        groups="base.group_user",
    )

    smart_branch_code = fields.Char(
        string="SMART Branch",
        help="Code of the branch on the documents of this journal.",
        groups="base.group_user",
    )
    smart_branch_address = fields.Char(
        string="SMART Branch Address",
        help="Address of the branch on the documents of this journal.",
        groups="base.group_user",
    )

    smart_series = fields.Char(
        string="SMART Series",
        help="Fiscal series of the documents of this journal, such as A; printed on them.",
        groups="base.group_user",
    )

    @api.depends("type", "company_id", "smart_enabled")
    def _compute_smart_channel(self):
        for journal in self:
            if journal.smart_enabled:
                journal.smart_channel = DIGITAL
            elif journal.type != "sale":
                journal.smart_channel = False
            elif journal.smart_channel != CONTINGENCY:
                journal.smart_channel = OTHER_CHANNEL

    @api.onchange("smart_channel")
    def _inverse_smart_channel(self):
        for journal in self:
            enabled = journal.smart_channel == DIGITAL
            if journal.smart_enabled != enabled:
                journal.smart_enabled = enabled

    def copy_data(self, default=None):
        # EXTENDS 'account': who copies a journal as one that issues, or as none, says the channel
        vals_list = super().copy_data(default)
        if "smart_enabled" in (default or {}) and "smart_channel" not in default:
            for vals in vals_list:
                vals.pop("smart_channel", None)
        return vals_list

    @api.constrains("smart_channel", "type")
    def _check_smart_channel(self):
        for journal in self:
            if journal.smart_channel and journal.type != "sale":
                raise ValidationError(
                    self.env._(
                        "Only sales journals have an emission channel: %s is none.",
                        journal.display_name,
                    )
                )

    @api.constrains("smart_series")
    def _check_smart_series(self):
        for journal in self:
            series = journal.smart_series or ""
            if texts.printed(series, SERIES_LENGTH) != series:
                raise ValidationError(
                    self.env._(
                        "The series “%(series)s” of the journal %(journal)s cannot be printed: "
                        "enter letters, digits and hyphens, at most %(length)s.",
                        series=series,
                        journal=journal.display_name,
                        length=SERIES_LENGTH,
                    )
                )

    @api.depends("type", "company_id")
    def _compute_smart_enabled(self):
        for journal in self:
            country = journal.company_id.account_fiscal_country_id
            journal.smart_enabled = journal.type == "sale" and country.code == "VE"
