from odoo import fields, models

from ...smart_api import texts

#: What the law has a note say of what it corrects; SMART prints nothing but the remark of it. On
#: paper that is in Spanish, whatever language the user has.
FORMER = "Aplica a documento {number} del {date} por {amount}."
#: From 1,234.56 to 1.234,56.
SPANISH = str.maketrans(",.", ".,")


class AccountMove(models.Model):
    """Notes about documents from before SMART: what they correct is stated by hand."""

    _inherit = "account.move"

    smart_former_number = fields.Char(
        string="Corrects (before SMART)",
        copy=False,
        help="Control number of the document that this note corrects, if that was issued before "
        "the company joined SMART. An invoice that corrects another one is a debit note.",
        groups="base.group_user",
    )
    smart_former_date = fields.Date(
        string="Date of the Old Document",
        copy=False,
        help="When the document from before SMART was issued; printed in the note's remark.",
        groups="base.group_user",
    )
    smart_former_amount = fields.Monetary(
        string="Amount of the Old Document",
        copy=False,
        help="Total of the document from before SMART, in the currency of this note; printed in "
        "the note's remark.",
        groups="base.group_user",
    )

    def _smart_former_words(self):
        """Return what the remark says of the old document; it stands first, so nothing cuts it."""
        self.ensure_one()
        if not self.smart_former_number:
            return ""
        bolivares = self.currency_id.name in ("VES", "VEF")
        date = self.smart_former_date
        return FORMER.format(
            number=texts.one_line(self.smart_former_number)[:12],
            date=f"{date:%d/%m/%Y}" if date else "",
            amount=f"{'Bs.' if bolivares else self.currency_id.name} "
            + f"{self.smart_former_amount:,.2f}".translate(SPANISH),
        )

    def _smart_former_values(self):
        """Return what a note about this document states of a document from before SMART.

        Also of one that was issued on paper, whose number is known.
        ``{}`` if it was issued through SMART, or is none that needs to be. What a note about the
        same document stated already is not asked for again.
        """
        self.ensure_one()
        old = self
        if self.move_type == "out_refund":
            if self.smart_former_number:
                # A note that takes a credit note back corrects the same old document as that one.
                return self._smart_stated_former()
            old = self.smart_note_origin_id or self
        # sudo: users who make notes need no right to fiscal documents
        issued = old.sudo().smart_document_id or old.sudo().smart_free
        if issued or not old.is_sale_document() or not old.company_id.smart_issuer_id:
            return {}
        notes = (old.reversal_move_ids | old.debit_note_ids).filtered("smart_former_number")
        if notes:
            return notes.sorted("id")[-1]._smart_stated_former()
        # sudo: as above
        on_paper = old.sudo().smart_sheet_id.control_number
        return {
            **({"smart_former_number": on_paper} if on_paper else {}),
            "smart_former_date": old.invoice_date,
            "smart_former_amount": old.amount_total,
        }

    def _smart_stated_former(self):
        return {
            "smart_former_number": self.smart_former_number,
            "smart_former_date": self.smart_former_date,
            "smart_former_amount": self.smart_former_amount,
        }

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # EXTENDS 'account': whatever reverses it, not the wizard alone
        default_values_list = default_values_list or [{} for _move in self]
        default_values_list = [
            move._smart_former_values() | values
            for move, values in zip(self, default_values_list, strict=True)
        ]
        return super()._reverse_moves(default_values_list, cancel)
