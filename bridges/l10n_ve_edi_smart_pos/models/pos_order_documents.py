"""One document for what is sold, and a credit note for each invoice whose goods are taken back.

Odoo makes one document of an order, whose kind the till says (``is_refund``), so that an exchange
is a credit note of what the customer pays, or a debit note of what the customer gets. Here the
lines decide: what takes back a line of another order is on a credit note about that order's
invoice, all else on an invoice.
"""

from collections import namedtuple

from markupsafe import Markup

from odoo import fields, models

#: One document of orders.
#: ``move_type``; ``lines``: of the orders; ``origin``: the invoice that it corrects, if any
Part = namedtuple("Part", ("move_type", "lines", "origin"))

#: Key of the context: the part that is just being made, and whether there are others.
PART = "smart_pos_part"
#: Key of the context: the other documents of the same orders.
NOTES = "smart_pos_notes"


class PosOrder(models.Model):
    _inherit = "pos.order"

    smart_note_ids = fields.Many2many(
        comodel_name="account.move",
        relation="smart_pos_order_note_rel",
        string="Credit Notes",
        readonly=True,
        copy=False,
        help="What was taken back in an exchange: a document of its own beside the invoice.",
    )

    def _smart_is_fiscal(self):
        """Tell whether invoices of these orders are issued through SMART."""
        # sudo: cashiers need no right to journals or companies
        orders = self.sudo()
        return bool(
            orders.company_id.smart_issuer_id
            and all(order.config_id.invoice_journal_id.smart_enabled for order in orders)
        )

    def _smart_parts(self):
        """Return the documents that these orders become: the one that is paid first.

        :rtype: list[Part]
        """
        # sudo: cashiers need no right to invoices
        lines = self.sudo().lines
        returned = lines.filtered("refunded_orderline_id")
        sold = lines - returned
        no_move = self.env["account.move"].sudo()
        notes = dict(
            returned.grouped(lambda line: line.refunded_orderline_id.order_id.account_move).items()
        )
        for origin, group in list(notes.items()):
            if self._smart_total(group) >= 0:  # a discount that is taken back
                sold |= notes.pop(origin)
        if notes and self._smart_total(sold) <= 0:  # a discount, or something free
            notes[next(iter(notes))] |= sold
            sold = sold.browse()
        parts = [Part("out_refund", group, origin) for origin, group in notes.items()]
        if sold or not parts:
            kind = "out_invoice" if self._smart_total(sold) >= 0 else "out_refund"
            parts.insert(0, Part(kind, sold, no_move))
        return parts

    def _smart_total(self, lines):
        return self.currency_id.round(sum(lines.mapped("price_subtotal_incl")))

    def _generate_pos_order_invoice(self):
        # EXTENDS 'point_of_sale'
        if not self._smart_is_fiscal():
            return super()._generate_pos_order_invoice()
        if not self.env["res.company"]._with_locked_records(self, allow_raising=False):
            return super()._generate_pos_order_invoice()  # which refuses
        first, *others = self._smart_parts()
        notes = self.env["account.move"].sudo()
        for part in others:
            notes |= self._smart_make_note(part)
        orders = self.with_context(**{PART: (first, not others), NOTES: tuple(notes.ids)})
        invoice = super(PosOrder, orders)._generate_pos_order_invoice()
        # sudo: cashiers may not write what only this writes
        self.sudo().smart_note_ids |= notes
        if self.env.context.get("generate_pdf", True):
            notes.with_context(skip_invoice_sync=True)._generate_and_send()
        return invoice.with_env(self.env)

    def _smart_make_note(self, part):
        """Make and confirm the credit note about what is taken back beside an invoice."""
        orders = self.with_context(**{PART: (part, False)})
        values = orders._prepare_invoice_vals()
        # The order shows the invoice, which is what is paid.
        del values["pos_order_ids"]
        note = orders._create_invoice(values)
        context = orders._get_invoice_post_context()
        note.sudo().with_company(self.company_id).with_context(**context)._post()
        return note.sudo()

    def _create_invoice(self, move_vals):
        # EXTENDS 'point_of_sale', which compares one document with all that was paid
        part, alone = self.env.context.get(PART, (None, True))
        if alone:
            return super()._create_invoice(move_vals)
        # sudo: as Odoo makes documents of tills
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        moves = moves.with_context(default_move_type=part.move_type, linked_to_pos=True)
        move = moves.create(move_vals)
        links = Markup(" ").join(order._get_html_link() for order in self)
        move.message_post(
            body=self.env._("Made of what was sold and taken back at once: %s", links)
        )
        return move

    def _reconcile_invoice_payments(self, invoice, payment_moves):
        # EXTENDS 'point_of_sale': what was paid is what is left between invoice and notes
        result = super()._reconcile_invoice_payments(invoice, payment_moves)
        notes = self.env["account.move"].sudo().browse(self.env.context.get(NOTES, ()))
        # sudo: as Odoo does
        open_lines = (notes | invoice.sudo() | payment_moves.sudo()).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.partner_id == invoice.commercial_partner_id
                and not line.reconciled
            )
        )
        if notes:
            for lines in open_lines.grouped("account_id").values():
                lines.with_company(invoice.company_id).reconcile()
        return result
