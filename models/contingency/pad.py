import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...smart_api import identification, texts
from ..terms import CONTINGENCY, SALES_TYPES

#: Digits of a control number after its prefix of two.
DIGITS = 8
LAST_NUMBER = 10**DIGITS - 1
#: More sheets are no pad, but a mistyped number.
MOST_SHEETS = 100_000

TRAILING_NUMBER = re.compile(r"(.*?)(\d+)")
#: What stays free once a sheet is used: who may use it further, and in which order.
FREE_FIELDS = frozenset({"active", "sequence"})


class SmartPad(models.Model):
    """A pad of numbered paper, as an authorised printing house has delivered it."""

    _name = "smart.pad"
    _description = "Pad of Numbered Paper"
    _inherit = ["mail.thread"]
    _order = "sequence, number_from, id"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="Sheets are taken from the first pad that has some.")
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain=[("smart_channel", "=", CONTINGENCY)],
        default=lambda self: self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.env.company),
                ("smart_channel", "=", CONTINGENCY),
            ],
            limit=1,
        ),
        tracking=True,
        help="The sales journal whose documents are written on this paper.",
    )
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True)
    issuer_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_issuer_id",
        store=True,
        help="In whose name the paper was printed: control numbers are the issuer's.",
    )
    document_type = fields.Selection(
        selection="_types",
        help="Empty if documents of all types are written on this paper.",
        tracking=True,
    )
    prefix = fields.Char(
        required=True,
        default="00",
        size=2,
        tracking=True,
        help="The two digits before the control number: 00 of 00-00000012.",
    )
    number_from = fields.Integer(string="First Number", required=True, tracking=True)
    number_to = fields.Integer(string="Last Number", required=True, tracking=True)
    document_from = fields.Char(
        string="Document Number of the First Sheet",
        size=20,
        tracking=True,
        help="If the sheets have a document number besides the control number: that of the first, "
        "such as C-00000001. Empty if the control number is the only number on the paper.",
    )
    printer_name = fields.Char(string="Printing House", required=True, tracking=True)
    printer_rif = fields.Char(string="RIF of the Printing House", required=True, tracking=True)
    printed_on = fields.Date(string="Printed on", tracking=True)
    sheet_ids = fields.One2many(
        comodel_name="smart.sheet", inverse_name="pad_id", string="Sheets", readonly=True
    )
    sheet_count = fields.Integer(string="Accounted For", compute="_compute_left")
    left = fields.Integer(string="Sheets Left", compute="_compute_left")
    next_number = fields.Char(string="Next Sheet", compute="_compute_left")

    _range = models.Constraint(
        f"CHECK (number_from > 0 AND number_to >= number_from AND number_to <= {LAST_NUMBER})",
        "The first number of a pad is 1 or more, the last one is not before it and has eight "
        "digits at most.",
    )

    @api.model
    def _types(self):
        types = dict(self.env["smart.document"]._fields["document_type"].selection)
        return [(key, types[key]) for key in SALES_TYPES]

    @api.depends("company_id.smart_issuer_id")
    def _compute_issuer_id(self):
        for pad in self:
            pad.issuer_id = pad._issuer()

    def _issuer(self):
        # sudo: the issuer may be a parent company that the user cannot read
        company = self.journal_id.company_id.sudo()
        return company._smart_issuer_or_self()

    @api.depends("sheet_ids", "prefix", "number_from", "number_to")
    def _compute_left(self):
        counts = self._sheet_counts()
        for pad in self:
            pad.sheet_count = counts.get(pad._origin.id, 0)
            pad.left = max(0, pad.number_to - pad.number_from + 1 - pad.sheet_count)
            free = pad._free(1) if pad.left and pad.ids else []
            pad.next_number = bool(free) and pad._control_number(free[0])

    def _sheet_counts(self):
        """Return how many sheets are accounted for: pad's id -> number, if there are any."""
        # sudo: those of branches that the user cannot read are used up, too
        sheets = self.env["smart.sheet"].sudo()
        groups = sheets._read_group([("pad_id", "in", self.ids)], ["pad_id"], ["__count"])
        return {pad.id: count for pad, count in groups}

    @api.depends("prefix", "number_from", "number_to", "printer_name")
    def _compute_display_name(self):
        for pad in self:
            first, last = map(pad._control_number, (pad.number_from, pad.number_to))
            pad.display_name = f"{first} – {last} ({pad.printer_name or ''})"

    # -- what is entered -------------------------------------------------------------------

    @api.constrains("prefix", "number_from", "number_to", "document_from")
    def _check_numbers(self):
        for pad in self:
            if not re.fullmatch(r"\d\d", pad.prefix or ""):
                raise ValidationError(
                    self.env._("The prefix of a pad has two digits: 00 of 00-00000012.")
                )
            if pad.number_to - pad.number_from >= MOST_SHEETS:
                raise ValidationError(
                    self.env._(
                        "From %(first)s to %(last)s it would have more than %(most)s sheets: check "
                        "both numbers.",
                        first=pad.number_from,
                        last=pad.number_to,
                        most=MOST_SHEETS,
                    )
                )
            number = pad.document_from
            if number and not TRAILING_NUMBER.fullmatch(texts.one_line(number)):
                raise ValidationError(
                    self.env._("The document number “%s” must end in a number.", number)
                )

    @api.constrains("journal_id")
    def _check_journal(self):
        for pad in self:
            if pad.journal_id.smart_channel != CONTINGENCY:
                raise ValidationError(
                    self.env._(
                        "Pads belong to sales journals whose emission channel is contingency: %s "
                        "is none.",
                        pad.journal_id.display_name,
                    )
                )

    @api.constrains("company_id", "issuer_id")
    def _check_owner(self):
        """Hold what follows from the journal, which a client could state otherwise, to that."""
        for pad in self:
            if pad.company_id != pad.journal_id.company_id or pad.issuer_id != pad._issuer():
                raise ValidationError(
                    self.env._(
                        "Company and issuer of a pad are those of its journal %s.",
                        pad.journal_id.display_name,
                    )
                )

    # The issuer changes by itself: when a branch gets a token of its own, or loses it.
    @api.constrains(
        "prefix", "number_from", "number_to", "printer_rif", "journal_id", "issuer_id"
    )
    def _check_overlap(self):
        for pad in self:
            # sudo: pads of all branches of the issuer count; archived ones, too
            other = (
                pad.sudo()
                .with_context(active_test=False)
                .search(
                    [
                        ("id", "!=", pad.id),
                        ("issuer_id", "=", pad.issuer_id.id),
                        ("printer_rif", "=", pad.printer_rif),
                        ("prefix", "=", pad.prefix),
                        ("number_from", "<=", pad.number_to),
                        ("number_to", ">=", pad.number_from),
                    ],
                    limit=1,
                )
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "Numbers of the pad %(pad)s are on another one of the same printing "
                        "house: %(other)s. Correct one of the two first.",
                        pad=pad.display_name,
                        other=other.display_name,
                    )
                )

    @api.model
    def _normalized(self, vals):
        """Return values with the RIF as it is written.

        :raises ValidationError: if it is none
        """
        vals = dict(vals)
        if "printer_rif" in vals:
            rif = identification.format_rif(vals["printer_rif"] or "")
            if not rif:
                raise ValidationError(
                    self.env._(
                        "“%s” is not the RIF of a printing house: a letter, eight digits and a "
                        "check digit, as in J-12345678-9.",
                        vals["printer_rif"] or "",
                    )
                )
            vals["printer_rif"] = rif
        for name in ("printer_name", "document_from"):
            if vals.get(name):
                vals[name] = texts.one_line(vals[name])
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        return super().create([self._normalized(vals) for vals in vals_list])

    def write(self, vals):
        # EXTENDS 'base': sheets that are used were printed as it says here
        vals = self._normalized(vals)
        names = [
            name
            for name in vals
            if name in self._fields
            and self._fields[name]._module == "l10n_ve_edi_smart"
            and name not in FREE_FIELDS
        ]
        for pad in self.browse(self._sheet_counts()):
            changed = [
                name
                for name in names
                if pad._fields[name].convert_to_cache(vals[name], pad)
                != pad._fields[name].convert_to_cache(pad[name], pad)
            ]
            if changed:
                raise UserError(
                    self.env._(
                        "Sheets of the pad %s are used, so it stays as it is. Archive it, and "
                        "enter another one for those that are left.",
                        pad.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for pad in self.browse(self._sheet_counts()):
            raise UserError(
                self.env._(
                    "Sheets of the pad %s are used, so it cannot be deleted. Archive it instead.",
                    pad.display_name,
                )
            )

    def action_open_sheets(self):
        """Button: the sheets that are accounted for."""
        return self.sheet_ids._get_records_action(name=self.env._("Sheets"))
