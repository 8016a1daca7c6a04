from .common import SmartCommon


class NotesCommon(SmartCommon):
    """Odoo's two wizards for notes."""

    def reversal(self, *moves, **values):
        """Return Odoo's wizard for credit notes, opened on documents."""
        moves = self.env["account.move"].union(*moves)
        return (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {
                    "reason": "Devolución",
                    "date": self.env["account.move"]._smart_today(),
                    "journal_id": moves.journal_id.id,
                    **values,
                }
            )
        )

    def debit(self, *moves, **values):
        """Return Odoo's wizard for debit notes, opened on documents."""
        moves = self.env["account.move"].union(*moves)
        return (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"reason": "Intereses", "date": moves._smart_today(), **values})
        )

    def created(self, action):
        return self.env["account.move"].browse(action["res_id"])

    def at_smart(self, number=-1):
        """Return what the service got of one document."""
        return self.simulator.documents("")[number]["request"]
