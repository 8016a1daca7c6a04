from odoo import models


class AccountMove(models.Model):
    """What a customer quotes when paying."""

    _inherit = "account.move"

    def _smart_adopt_reference(self):
        """Have customers quote the legal number, where Odoo proposed its own name.

        A reference that somebody typed, or that is made by a rule of the journal (a structured
        one), stays; so does one that Odoo's hash covers. What was paid in between quotes Odoo's
        name, by which the invoice is still found.
        """
        for move in self:
            plain = move.payment_reference == move.name
            if plain and move.state == "posted" and not move.inalterable_hash:
                lang = move.partner_id.lang or move.company_id.partner_id.lang
                move.payment_reference = move.with_context(lang=lang).smart_legal_name
