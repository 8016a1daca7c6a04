from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from ..terms import CONTINGENCY


class AccountMove(models.Model):
    """An invoice on numbered paper: on which sheet, and which one is next."""

    _inherit = "account.move"

    smart_sheet_ids = fields.One2many(
        comodel_name="smart.sheet",
        inverse_name="move_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    smart_sheet_id = fields.Many2one(
        comodel_name="smart.sheet",
        string="Sheet",
        compute="_compute_smart_sheet_id",
        store=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )
    smart_sheet_state = fields.Selection(
        related="smart_sheet_id.state",
        string="On Paper",
        groups="base.group_user",
    )
    smart_channel = fields.Selection(related="journal_id.smart_channel", groups="base.group_user")
    smart_sheet_control = fields.Char(
        string="Control Number on the Paper",
        copy=False,
        help="The control number that is printed on the sheet, such as 00-00000012. Left empty, "
        "the next sheet of the pad is taken.",
        groups="base.group_user",
    )
    smart_sheet_number = fields.Char(
        string="Document Number on the Paper",
        copy=False,
        help="The document number that is printed on the sheet, if it has one besides the control "
        "number. Left empty, it is that of the pad.",
        groups="base.group_user",
    )
    smart_sheet_next = fields.Char(
        string="Next Sheet",
        compute="_compute_smart_sheet_next",
        groups="base.group_user",
    )
    smart_sheet_gap = fields.Char(
        string="Sheets Not Accounted For",
        compute="_compute_smart_sheet_next",
        groups="base.group_user",
    )

    def _auto_init(self):
        # EXTENDS 'base': nothing is on paper yet, so no row of a large table has to be computed
        if not column_exists(self.env.cr, self._table, "smart_sheet_id"):
            create_column(self.env.cr, self._table, "smart_sheet_id", "int4")
        return super()._auto_init()

    @api.depends("smart_sheet_ids")
    def _compute_smart_sheet_id(self):
        for move in self:
            move.smart_sheet_id = move.smart_sheet_ids[:1]

    @api.depends("smart_sheet_id")
    def _compute_smart_is_locked(self):
        # EXTENDS 'smart.document.owner': what is on paper is issued
        result = super()._compute_smart_is_locked()
        self.filtered("smart_sheet_id").smart_is_locked = True
        return result

    def _smart_is_on_paper(self):
        """Tell whether this document is, or will be, written on numbered paper."""
        self.ensure_one()
        # sudo: Odoo also computes it for users without rights, such as a portal customer
        move = self.sudo()
        return bool(move.smart_sheet_id) or (
            move.is_sale_document(include_receipts=move.state == "draft")
            and move.journal_id.smart_channel == CONTINGENCY
        )

    def _smart_is_fiscal(self):
        # EXTENDS this addon: what is on paper is never sent, whatever becomes of its journal
        # sudo: as above
        return not self.sudo().smart_sheet_id and super()._smart_is_fiscal()

    @api.depends("journal_id", "move_type", "state", "smart_sheet_control")
    def _compute_smart_sheet_next(self):
        for move in self:
            move.smart_sheet_next = move.smart_sheet_gap = False
            if move.state != "draft" or not move._smart_is_on_paper():
                continue
            pad = move._smart_pad()
            free = pad._free(1) if pad else []
            if not free:
                continue
            move.smart_sheet_next = pad._control_number(free[0])
            typed = pad._understand(move.smart_sheet_control)
            if pad._has(typed):
                move.smart_sheet_gap = ", ".join(pad._ranges(pad._left_before(typed)))

    def _smart_typed_in_vain(self):
        """Return in words that the numbers that are typed are not used; ``""`` if none are."""
        self.ensure_one()
        # sudo: for the words only
        move = self.sudo()
        control, number = move.smart_sheet_control, move.smart_sheet_number
        if not (control or number):
            return ""
        return self.env._(
            "The number of a sheet of paper was entered here, %(number)s. It is not used: the "
            "journal %(journal)s is not on numbered paper. If this is written on that sheet, "
            "choose a journal that is before confirming it, or there will be two documents. "
            "If not, empty the number; if the sheet is spoilt, explain it on its pad.",
            number=f"{control} ({number})" if control and number else control or number,
            journal=move.journal_id.display_name,
        )
