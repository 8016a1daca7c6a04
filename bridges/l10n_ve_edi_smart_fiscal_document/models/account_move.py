"""OCA's fiscal data follow the fiscal document.

OCA's addon locks a customer document for ever when it is posted; its control number comes later.
SMART gives that in a step after the posting, and may refuse: until then the document can be
corrected. So OCA's lock is set, and its number written, in the step that follows the issue, which
is done again until it is done.
"""

from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.l10n_ve_edi_smart.models.base.lock import opened
from odoo.addons.l10n_ve_edi_smart.models.terms import CANCEL_ANNULLED, NUMBERED_STATES
from odoo.addons.l10n_ve_fiscal_document.models.account_move import (
    _INTERNAL_OPERATION,
    _INTERNAL_OPERATION_CONTEXT_KEY,
)

from .account_journal import DIGITAL

CONTROL_DATA = ("l10n_ve_control_number", "l10n_ve_control_date")
OURS = (*CONTROL_DATA, "l10n_ve_fiscal_data_locked", "l10n_ve_emission_medium")


class AccountMove(models.Model):
    _inherit = "account.move"

    # -- the lock ----------------------------------------------------------------------------

    def _smart_awaits_number(self):
        """Return the documents that SMART is to issue, or charges nothing for: they stay free."""
        # sudo: for states only
        return self.filtered(
            lambda move: (
                move._smart_is_fiscal()
                and move.sudo().smart_document_id.state not in NUMBERED_STATES
            )
        )

    def _l10n_ve_lock_fiscal_data(self, emission_medium=False):
        # EXTENDS 'l10n_ve_fiscal_document', which locks what is posted: this is locked once it is
        # issued; until then our own locks hold it
        waiting = self._smart_awaits_number()
        if waiting:
            waiting._smart_write_internally(
                l10n_ve_emission_medium=DIGITAL, l10n_ve_fiscal_data_locked=False
            )
        return super(AccountMove, self - waiting)._l10n_ve_lock_fiscal_data(emission_medium)

    def _l10n_ve_check_fiscal_document_locked(self):
        # EXTENDS 'l10n_ve_fiscal_document': what SMART has annulled is cancelled
        if self._smart_is_annulling() or self._l10n_ve_is_internal_operation():
            return None
        return super()._l10n_ve_check_fiscal_document_locked()

    def _smart_write_internally(self, **values):
        """Write what OCA's addon and our locks leave to code alone."""
        # No line of the chatter tells the number a second time.
        marks = {_INTERNAL_OPERATION_CONTEXT_KEY: _INTERNAL_OPERATION, "tracking_disable": True}
        with opened(self._name, *OURS):
            self.with_context(**marks).write(values)

    # -- the number --------------------------------------------------------------------------

    def _smart_became_legal(self):
        # EXTENDS 'l10n_ve_edi_smart'
        result = super()._smart_became_legal()
        self._smart_note_fiscal_data()
        return result

    def _smart_note_fiscal_data(self):
        """Have OCA's data say what SMART has said; what is not issued is freed.

        Asked again, nothing happens.
        """
        waiting = self._smart_awaits_number()
        waiting.filtered("l10n_ve_fiscal_data_locked")._smart_write_internally(
            l10n_ve_fiscal_data_locked=False
        )
        for move in self - waiting:
            # sudo: for number and date only
            document = move.sudo().smart_document_id
            if document.state in NUMBERED_STATES and not move.l10n_ve_control_number:
                move._smart_note_issued(document)

    def _smart_note_issued(self, document):
        number, date = document.control_number, document.issue_date
        if self.state == "posted":
            with opened(self._name, *OURS):
                quiet = self.with_context(tracking_disable=True)
                quiet._l10n_ve_lock_fiscal_data(DIGITAL)
                quiet._l10n_ve_assign_control_data(number, date)
        else:  # annulled meanwhile; OCA's addon numbers posted documents alone
            cancelled = self.with_context(smart_cancel_annulled=CANCEL_ANNULLED)
            cancelled._smart_write_internally(
                l10n_ve_control_number=number,
                l10n_ve_control_date=date,
                l10n_ve_emission_medium=DIGITAL,
                l10n_ve_fiscal_data_locked=True,
            )

    def _smart_take_sheets(self, plan):
        # EXTENDS 'l10n_ve_edi_smart': what is on numbered paper has the number of its sheet
        sheets = super()._smart_take_sheets(plan)
        for sheet in sheets:
            sheet.move_id.with_env(self.env)._smart_write_internally(
                l10n_ve_control_number=sheet.control_number,
                l10n_ve_control_date=sheet.issue_date,
            )
        return sheets

    @api.constrains("l10n_ve_control_number", "journal_id")
    def _check_smart_control_number(self):
        """Nobody but SMART gives a number to what it issues."""
        for move in self.filtered("l10n_ve_control_number")._smart_awaits_number():
            raise ValidationError(
                self.env._(
                    "%(document)s: SMART gives the control number when it issues the document. "
                    "Leave “%(field)s” empty, or choose a journal whose documents are issued "
                    "another way.",
                    document=move.display_name,
                    field=move._fields["l10n_ve_control_number"]._description_string(self.env),
                )
            )
