from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...smart_api import texts
from ...smart_api.rates import PARTS
from ..terms import (
    DOCUMENT_TYPES,
    SHEET_ANNULLED,
    SHEET_LOST,
    SHEET_SPOILT,
    SHEET_STATES,
    SHEET_USED,
)

#: What can have become of a sheet that no document is on.
EXPLAINED = (SHEET_SPOILT, SHEET_ANNULLED, SHEET_LOST)
REASON_LENGTH = 200


class SmartSheet(models.Model):
    """A numbered sheet that is used up: a document is on it, or somebody says what became of it.

    What is on it is kept as it was when it was issued: for the book, and for whoever reads no
    invoices.
    """

    _name = "smart.sheet"
    _description = "Sheet of Numbered Paper"
    _inherit = ["smart.record"]
    _order = "issuer_id, control_number desc, id desc"

    pad_id = fields.Many2one(
        comodel_name="smart.pad", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    issuer_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True)
    journal_id = fields.Many2one(related="pad_id.journal_id", store=True, index=True)
    printer_name = fields.Char(string="Printing House", readonly=True)
    printer_rif = fields.Char(string="RIF of the Printing House", required=True, readonly=True)
    number = fields.Integer(
        string="Number of the Sheet", required=True, readonly=True, aggregator=None
    )
    control_number = fields.Char(required=True, readonly=True)
    document_number = fields.Char(readonly=True)
    state = fields.Selection(selection=SHEET_STATES, string="Status", required=True, readonly=True)
    reason = fields.Char(readonly=True, help="What became of a sheet that counts for nothing.")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered by",
        readonly=True,
        ondelete="restrict",
        help="Who issued it, or said what became of it.",
    )
    annulled_by_id = fields.Many2one(comodel_name="res.users", readonly=True, ondelete="restrict")
    annulled_at = fields.Datetime(readonly=True)
    issue_date = fields.Date(
        string="Date",
        readonly=True,
        index=True,
        help="The day on the document; of a sheet without one, when that was said.",
    )

    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True, ondelete="restrict"
    )
    document_type = fields.Selection(selection=DOCUMENT_TYPES, readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    customer_name = fields.Char(string="Customer's Name", readonly=True)
    customer_vat = fields.Char(string="RIF or Cédula", readonly=True)
    affected = fields.Char(
        string="Affected Document", readonly=True, help="What a note on paper corrects."
    )
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    bolivar_id = fields.Many2one(comodel_name="res.currency", string="Bolívar", readonly=True)
    amounts = fields.Json(
        readonly=True, help="Amounts in bolívares by part; credit notes are negative."
    )
    amount_total_signed = fields.Monetary(
        string="Total (Bs.)", currency_field="bolivar_id", readonly=True
    )

    _control_number_unique = models.Constraint(
        "UNIQUE (issuer_id, printer_rif, control_number)",
        "A control number of a printing house is used once.",
    )
    _document_number_unique = models.UniqueIndex(
        "(issuer_id, printer_rif, document_type, document_number)"
        " WHERE document_number IS NOT NULL AND document_type IS NOT NULL",
        "A document number of a printing house is used once for each type.",
    )
    _move_unique = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "An invoice is on one sheet."
    )

    # -- sheets without a document -----------------------------------------------------------

    @api.model
    def _explain(self, pad, first, last, state, reason):
        """Note what became of sheets that no document is on.

        :param int first: first number, ``last`` the last one
        :param str state: one of ``EXPLAINED``
        :raises UserError: if one is used, or lies outside of the pad, or its document number is
            on another sheet, or the reason is missing
        """
        reason = texts.readable(reason)
        if state not in EXPLAINED:
            raise UserError(self.env._("Say what became of the sheets."))
        if not reason or len(reason) > REASON_LENGTH:
            raise UserError(
                self.env._(
                    "Enter in at most %s characters why no document is on these sheets.",
                    REASON_LENGTH,
                )
            )
        if not (pad._has(first) and pad._has(last) and first <= last):
            raise UserError(
                self.env._(
                    "%(first)s to %(last)s are not sheets of the pad %(pad)s.",
                    first=pad._control_number(first),
                    last=pad._control_number(last),
                    pad=pad.display_name,
                )
            )
        pad._hold()
        if used := sorted(pad._used() & set(range(first, last + 1))):
            raise UserError(
                self.env._("The sheet %s is accounted for already.", pad._control_number(used[0]))
            )
        self._refuse_numbers_used(pad, range(first, last + 1))
        return self._engine_create(
            [
                {
                    **self._vals_of_pad(pad, number),
                    "state": state,
                    "reason": reason,
                    "user_id": self.env.uid,
                    "issue_date": self.env["smart.document.owner"]._smart_today(),
                }
                for number in range(first, last + 1)
            ]
        )

    @api.model
    def _refuse_numbers_used(self, pad, numbers):
        """Refuse that a document number is given twice: to these sheets of a pad, and elsewhere."""
        own = {pad._document_number(number): number for number in numbers}
        own.pop("", None)
        for other in self.search(
            [
                ("issuer_id", "=", pad.issuer_id.id),
                ("printer_rif", "=", pad.printer_rif),
                ("document_number", "in", list(own)),
            ],
            order="control_number",
        ):
            # Of a sheet that no document is on, its pad knows for which type it is.
            kinds = {pad.document_type, other.document_type or other.pad_id.document_type}
            if len(kinds) == 1 or False in kinds:
                raise UserError(
                    self.env._(
                        "The document number %(number)s of the sheet %(sheet)s was entered for "
                        "another one already: %(other)s. Look at both. If it was entered wrongly "
                        "there, archive this pad, and enter another one for the sheets that are "
                        "left.",
                        number=other.document_number,
                        sheet=pad._control_number(own[other.document_number]),
                        other=other.display_name,
                    )
                )

    @api.model
    def _vals_of_pad(self, pad, number):
        return {
            "pad_id": pad.id,
            "company_id": pad.company_id.id,
            "issuer_id": pad.issuer_id.id,
            "printer_name": pad.printer_name,
            "printer_rif": pad.printer_rif,
            "number": number,
            "control_number": pad._control_number(number),
            "document_number": pad._document_number(number) or False,
        }

    def action_take_back(self):
        """Button: the explanation was a mistake, so the sheets are left again."""
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(
                self.env._("Only accounting managers take back what was said of a sheet.")
            )
        for sheet in self:
            if sheet.move_id or sheet.state == SHEET_USED:
                raise UserError(
                    self.env._(
                        "A document is on the sheet %s: it stays as it is.", sheet.control_number
                    )
                )
            sheet.pad_id._message_log(
                body=self.env._(
                    "The sheet %(number)s is left again. It was explained by %(user)s: %(state)s, "
                    "%(reason)s",
                    number=sheet.control_number,
                    user=sheet.user_id.name,
                    state=dict(sheet._fields["state"]._description_selection(self.env))[
                        sheet.state
                    ],
                    reason=sheet.reason,
                )
            )
        self.pad_id._hold()
        self.sudo()._engine_unlink()  # sudo: sheets are written by their transitions alone

    # -- sheets with a document --------------------------------------------------------------

    def _annul(self, reason):
        """Keep a sheet whose document is annulled, with the reason."""
        self._engine_write(
            {
                "state": SHEET_ANNULLED,
                "reason": reason,
                "annulled_by_id": self.env.uid,
                "annulled_at": fields.Datetime.now(),
            }
        )

    def _counting(self):
        """Return those whose amounts count."""
        return self.filtered(lambda sheet: sheet.state == SHEET_USED)

    @api.model
    def _totals(self, domain):
        """Return the sums of what counts among sheets of a domain: part -> bolívares, and total."""
        query = self._search([*domain, ("state", "=", SHEET_USED)])
        columns = SQL(", ").join(
            SQL("COALESCE(SUM((amounts->>%s)::numeric), 0)", part) for part in PARTS
        )
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s, COALESCE(SUM(amount_total_signed), 0) FROM smart_sheet WHERE id IN %s",
                columns,
                query.subselect(),
            )
        )
        return dict(zip((*PARTS, "total"), map(float, row), strict=True))
