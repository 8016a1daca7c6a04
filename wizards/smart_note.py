from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.terms import CONTINGENCY, DIGITAL, OTHER_CHANNEL


class SmartNoteMixin(models.AbstractModel):
    """What Odoo's two wizards for notes have in common: both have ``move_ids``."""

    _name = "smart.note.mixin"
    _description = "Notes about Fiscal Documents"
    _inherit = "smart.own.defaults"
    _smart_inputs = frozenset({"smart_keep_rate"})

    smart_is_fiscal = fields.Boolean(compute="_compute_smart_is_fiscal")
    smart_has_rate = fields.Boolean(compute="_compute_smart_is_fiscal")
    smart_keep_rate = fields.Boolean(
        string="Original Rate of Exchange",
        default=True,
        help="The note returns to the rate of exchange of the document that it corrects, so that "
        "it takes back, in bolívares, what was invoiced. Otherwise it has the rate of its own "
        "date.",
    )

    # About a single document from before SMART; for several each note is completed on its own.
    smart_is_former = fields.Boolean(compute="_compute_smart_is_former")
    smart_former_currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_smart_is_former",
    )
    smart_former_number = fields.Char(
        string="Control Number of the Old Document",
        compute="_compute_smart_former_number",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The document was issued before the company joined SMART: the note states its "
        "control number, date and amount.",
    )
    smart_former_date = fields.Date(
        string="Date of the Old Document",
        compute="_compute_smart_former_date",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    smart_former_amount = fields.Monetary(
        string="Amount of the Old Document",
        currency_field="smart_former_currency_id",
        compute="_compute_smart_former_amount",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    @api.depends("move_ids", "journal_id")
    def _compute_smart_is_former(self):
        for wizard in self:
            wizard.smart_is_former = bool(wizard._smart_former_values())
            wizard.smart_former_currency_id = wizard.move_ids._origin[:1].currency_id

    # One for each: Odoo leaves out all fields of a method if one of them is given.
    @api.depends("move_ids", "journal_id")
    def _compute_smart_former_number(self):
        self._smart_propose_former("smart_former_number")

    @api.depends("move_ids", "journal_id")
    def _compute_smart_former_date(self):
        self._smart_propose_former("smart_former_date")

    @api.depends("move_ids", "journal_id")
    def _compute_smart_former_amount(self):
        self._smart_propose_former("smart_former_amount")

    def _smart_propose_former(self, name):
        for wizard in self:
            wizard[name] = wizard[name] or wizard._smart_former_values().get(name, False)

    def _smart_former_values(self):
        """Return what the note is to state of the only document, if that is from before SMART."""
        move = self.move_ids._origin
        move.check_access("read")
        journal = self.journal_id or self._smart_journal(move) or move.journal_id
        named = len(move) == 1 and journal.smart_channel in (DIGITAL, CONTINGENCY)
        return move._smart_former_values() if named else {}

    @api.model
    def _smart_journal(self, moves):
        """Return the journal of notes about what is on paper: they are digital again, if they can.

        Empty where the document's own journal is the right one.
        """
        journal = self.env["account.journal"].browse()
        # sudo: for that only
        if not moves or not all(move.sudo().smart_sheet_id for move in moves):
            return journal
        return journal.search(
            [
                *journal._check_company_domain(moves.company_id[:1]),
                ("type", "=", "sale"),
                ("smart_enabled", "=", True),
            ],
            limit=1,
        )

    @api.depends("move_ids")
    def _compute_smart_is_fiscal(self):
        self.move_ids._origin.check_access("read")
        for wizard in self:
            fiscal = wizard.move_ids.filtered(
                lambda move: move.smart_document_id or move.smart_sheet_id
            )
            wizard.smart_is_fiscal = bool(fiscal)
            wizard.smart_has_rate = any(
                move.currency_id != move.company_currency_id for move in fiscal
            )

    @api.model
    def default_get(self, fields_list):
        # EXTENDS the wizard: refuse at once, before anybody fills it in for nothing
        if self.env.context.get("active_model") == "account.move":
            moves = self.env["account.move"].browse(self.env.context.get("active_ids", []))
            moves.check_access("read")
            moves._smart_check_correctable()
        return super().default_get(fields_list)

    def _smart_check(self):
        """Check again what the wizard proposes: it may be filled in over RPC."""
        self.ensure_one()
        self.move_ids.check_access("read")
        self.move_ids._smart_check_correctable()
        self._smart_check_journal()

    def _smart_check_journal(self):
        """Refuse a journal in which the note would not be issued."""
        journal = self.journal_id
        if self.smart_is_fiscal and journal.smart_channel == OTHER_CHANNEL:
            raise UserError(
                self.env._(
                    "Documents of the journal %s are issued neither through SMART nor on numbered "
                    "paper, but a note about an issued document must be. Choose another journal.",
                    journal.display_name,
                )
            )

    def _smart_note_values(self, move):
        if not move.is_sale_document() or not move.company_id.smart_issuer_id:
            return {}
        keep_rate = self.smart_keep_rate and bool(move.smart_document_id or move.smart_sheet_id)
        values = move._smart_note_values(self.reason, keep_rate)
        if self.smart_is_former:
            values |= {
                "smart_former_number": self.smart_former_number,
                "smart_former_date": self.smart_former_date,
                "smart_former_amount": self.smart_former_amount,
            }
        return values

    @api.model
    def _smart_refer(self, move, values):
        """Have the reference of a note name the document by its legal number."""
        lang = move.partner_id.lang or self.env.lang
        legal = move.with_context(lang=lang).smart_legal_name
        if not legal:
            return values
        return values | {"ref": values["ref"].replace(move.name, legal, 1)}


class AccountMoveReversal(models.TransientModel):
    _name = "account.move.reversal"
    _inherit = ["smart.note.mixin", "account.move.reversal"]

    @api.depends("move_ids")
    def _compute_available_journal_ids(self):
        # EXTENDS 'account'
        result = super()._compute_available_journal_ids()
        for wizard in self.filtered("smart_is_fiscal"):
            wizard.available_journal_ids = wizard.available_journal_ids.filtered(
                lambda journal: journal.smart_channel in (DIGITAL, CONTINGENCY)
            )
        return result

    @api.depends("move_ids")
    def _compute_journal_id(self):
        # EXTENDS 'account', which takes the journal of the document
        result = super()._compute_journal_id()
        for wizard in self:
            digital = wizard._smart_journal(wizard.move_ids._origin)
            if digital and wizard.journal_id in wizard.move_ids._origin.journal_id:
                wizard.journal_id = digital
        return result

    def _prepare_default_reversal(self, move):
        # EXTENDS 'account'
        values = super()._prepare_default_reversal(move)
        return self._smart_refer(move, values) | self._smart_note_values(move)

    def reverse_moves(self, is_modify=False):
        # EXTENDS 'account'
        self._smart_check()
        if is_modify:
            self._smart_check_former()
        return super().reverse_moves(is_modify)

    def _smart_check_former(self):
        """Refuse to confirm notes at once whose old numbers this window cannot ask for."""
        notes_of_old = self.move_ids.filtered(
            lambda move: (
                (former := move._smart_former_values()) and not former.get("smart_former_number")
            )
        )
        issuing = self.journal_id.smart_channel in (DIGITAL, CONTINGENCY)
        if len(self.move_ids) > 1 and notes_of_old and issuing:
            raise UserError(
                self.env._(
                    "%s: issued before SMART, so each note must state the control number of the "
                    "old document. Reverse them one at a time, or without making new invoices, "
                    "and enter the numbers on the drafts.",
                    ", ".join(notes_of_old.mapped("display_name")),
                )
            )


class AccountDebitNote(models.TransientModel):
    _name = "account.debit.note"
    _inherit = ["smart.note.mixin", "account.debit.note"]

    def _prepare_default_values(self, move):
        # EXTENDS 'account_debit_note'
        values = super()._prepare_default_values(move)
        if not self.journal_id and (digital := self._smart_journal(move)):
            values["journal_id"] = digital.id
        return self._smart_refer(move, values) | self._smart_note_values(move)

    def create_debit(self):
        # EXTENDS 'account_debit_note'
        self._smart_check()
        return super().create_debit()
