from odoo import api, fields, models
from odoo.exceptions import UserError


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

    @api.depends("move_ids")
    def _compute_smart_is_fiscal(self):
        self.move_ids._origin.check_access("read")
        for wizard in self:
            fiscal = wizard.move_ids.filtered("smart_document_id")
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
        if self.smart_is_fiscal and journal and not journal.smart_enabled:
            raise UserError(
                self.env._(
                    "Documents of the journal %s are not issued through SMART, but a note about an "
                    "issued document must be. Choose another journal.",
                    journal.display_name,
                )
            )

    def _smart_note_values(self, move):
        if not move.smart_document_id:
            return {}
        return move._smart_note_values(self.reason, self.smart_keep_rate)


class AccountMoveReversal(models.TransientModel):
    _name = "account.move.reversal"
    _inherit = ["smart.note.mixin", "account.move.reversal"]

    @api.depends("move_ids")
    def _compute_available_journal_ids(self):
        # EXTENDS 'account'
        result = super()._compute_available_journal_ids()
        for wizard in self.filtered("smart_is_fiscal"):
            wizard.available_journal_ids = wizard.available_journal_ids.filtered("smart_enabled")
        return result

    def _prepare_default_reversal(self, move):
        # EXTENDS 'account'
        return super()._prepare_default_reversal(move) | self._smart_note_values(move)

    def reverse_moves(self, is_modify=False):
        # EXTENDS 'account'
        self._smart_check()
        return super().reverse_moves(is_modify)


class AccountDebitNote(models.TransientModel):
    _name = "account.debit.note"
    _inherit = ["smart.note.mixin", "account.debit.note"]

    def _prepare_default_values(self, move):
        # EXTENDS 'account_debit_note'
        return super()._prepare_default_values(move) | self._smart_note_values(move)

    def create_debit(self):
        # EXTENDS 'account_debit_note'
        self._smart_check()
        return super().create_debit()
