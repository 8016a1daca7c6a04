"""One document for what is sold, and a credit note for each invoice whose goods are taken back.

Odoo makes one document of an order, whose kind the till says (``is_refund``), so that an exchange
is a credit note of what the customer pays, or a debit note of what the customer gets. Here the
lines decide: what takes back a line of another order is on a credit note about that order's
invoice, all else on an invoice.
"""

from collections import namedtuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools.misc import clean_context

from .pos_order_paid import AFTER_THE_MONEY, PAID

#: One document of orders.
#: ``move_type``; ``lines``: of the orders; ``origin``: the invoice that it corrects, if any
Part = namedtuple("Part", ("move_type", "lines", "origin"))

#: Key of the context: the part that is just being made, and whether it is the only one.
PART = "smart_pos_part"
# Its value is a tuple, which no call from outside can send: JSON and XML have lists.


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

    def _smart_parts(self):
        """Return the documents that these orders become: the one that is paid first.

        :rtype: list[Part]
        """
        # sudo: cashiers need no right to invoices
        lines = self.sudo().lines.filtered(lambda line: not line._smart_is_payment())
        returned = lines.filtered("refunded_orderline_id")
        sold = lines - returned
        no_move = self.env["account.move"].sudo()
        notes = dict(
            returned.grouped(lambda line: line.refunded_orderline_id.order_id.account_move).items()
        )
        for origin, group in list(notes.items()):
            if self._smart_total(group) >= 0:  # a discount that is taken back
                sold |= notes.pop(origin)
        if notes and all(line._smart_amount() <= 0 for line in sold):  # a discount
            notes[next(iter(notes))] |= sold
            sold = sold.browse()
        parts = [Part("out_refund", group, origin) for origin, group in notes.items()]
        if sold or not parts:
            kind = "out_invoice" if self._smart_total(sold) >= 0 else "out_refund"
            parts.insert(0, Part(kind, sold, no_move))
        return parts

    @api.model
    def _smart_part(self):
        """Return the part that is just being made, ``None`` for none, and whether it is alone."""
        made = self.env.context.get(PART)
        return made if isinstance(made, tuple) else (None, True)

    def _smart_payment_lines(self):
        """Return the lines that are no goods, but what was paid with: see ``_smart_is_payment``."""
        return self.sudo().lines.filtered(lambda line: line._smart_is_payment())

    def _generate_pos_order_invoice(self):
        # EXTENDS 'point_of_sale'
        self._smart_check_channel()
        if not self._smart_is_fiscal():
            invoice = super()._generate_pos_order_invoice()
            self._smart_say_channel(invoice)
            return invoice
        if not self.env["res.company"]._with_locked_records(self, allow_raising=False):
            # Pressed twice, or a customer asks for it as well: Odoo tries again, and finds it
            raise ConcurrencyError(f"{self.mapped('pos_reference')} is being invoiced elsewhere")
        self._smart_check_paid()
        # Neither the caller's defaults nor the cashier's own are the document's.
        self = self.with_env(self.env(context=clean_context(self.env.context)))
        after_the_money = self.env.context.get(PAID) is AFTER_THE_MONEY
        make = self._smart_invoice_as_can_be if after_the_money else self._smart_invoice_or_refuse
        return make(
            lambda orders: super(PosOrder, orders)._generate_pos_order_invoice()  # noqa: UP008 - not of self
        )

    def _smart_make_documents(self, make_in_odoo):
        """Make and confirm the documents of these orders; return the one that is paid.

        :param make_in_odoo: function of Odoo that makes it, and books the payments
        """
        first, *others = self._smart_parts()
        notes = self.env["account.move"].sudo()
        for part in others:
            notes |= self._smart_make_note(part)
        alone = not (
            others
            or self._smart_payment_lines()
            or self._smart_rounding_lacks_account()
            or self._smart_rounds_to_nothing()
        )
        orders = self.with_context(**{PART: (first, alone)})
        invoice = make_in_odoo(orders)
        if self.env.context.get("generate_pdf", True):
            notes.with_context(skip_invoice_sync=True)._generate_and_send()
        return invoice.with_env(self.env)

    def _get_invoice_post_context(self):
        # EXTENDS 'point_of_sale': a queue of customers does not wait for SMART
        return super()._get_invoice_post_context() | {"smart_in_background": True}

    def _smart_make_note(self, part):
        """Make and confirm the credit note about what is taken back beside an invoice."""
        orders = self.with_context(**{PART: (part, False)})
        values = orders._prepare_invoice_vals()
        # The order shows the invoice, which is what is paid.
        del values["pos_order_ids"]
        note = orders._create_invoice(values)
        # sudo: cashiers may not write what only this writes
        self.sudo().smart_note_ids |= note.sudo()
        context = orders._get_invoice_post_context()
        note.sudo().with_company(self.company_id).with_context(**context)._post()
        return note.sudo()

    def _create_invoice(self, move_vals):
        # EXTENDS 'point_of_sale', which compares one document with all that was paid
        part, alone = self._smart_part()
        if alone:
            return super()._create_invoice(move_vals)
        # sudo: as Odoo makes documents of tills
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        moves = moves.with_context(default_move_type=part.move_type, linked_to_pos=True)
        move = moves.create(move_vals)
        links = Markup(" ").join(order._get_html_link() for order in self)
        move.message_post(body=self.env._("Made of an order of the till: %s", links))
        return move

    def _reconcile_invoice_payments(self, invoice, payment_moves):
        # EXTENDS 'point_of_sale': what was paid is what is left between invoice and notes
        result = super()._reconcile_invoice_payments(invoice, payment_moves)
        if self.smart_note_ids:
            self._smart_reconcile()
        if self._smart_is_fiscal():
            self._smart_settle_rounding()
        return result

    # -- what a document says ----------------------------------------------------------------

    def _prepare_invoice_vals(self):
        # EXTENDS 'point_of_sale'
        values = super()._prepare_invoice_vals()
        part, alone = self._smart_part()
        if not part:
            return values
        values |= {
            "move_type": part.move_type,
            "reversed_entry_id": part.origin.id,
            "pos_refunded_invoice_ids": part.origin.ids,
            "ref": self._smart_reference(part.origin),
            "invoice_date": self._smart_day(values["invoice_date"]),
            "invoice_line_ids": self._prepare_invoice_lines(part.move_type),
            "smart_igtf_base": abs(sum(part.lines.mapped("smart_igtf_base"))),
        }
        if part.origin:
            values |= part.origin._smart_former_values()
        if not alone:
            # It is what is paid that is rounded: confirming has the document come to that, if it
            # is of one.
            values["invoice_cash_rounding_id"] = False
        return values

    def _smart_day(self, said):
        """Return the day of a document: not before the sale, nor in the future.

        :param datetime.date said: the day that the till says; its clock may be wrong
        """
        today = self.env["account.move"]._smart_today()
        return min(max(said, self.session_id._smart_first_day()), today)

    def _smart_reference(self, origin):
        if origin:
            return self.env._("Reversal of: %s", origin.name)
        return self.name if len(self) == 1 else False

    def _prepare_tax_base_line_values(self):
        # EXTENDS 'point_of_sale'
        values = super()._prepare_tax_base_line_values()
        part, _alone = self._smart_part()
        if part:
            values = [one for one in values if one["record"] in part.lines]
        return values

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        # EXTENDS 'point_of_sale', whose sign depends on what the till calls a refund
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        if pos_line.smart_igtf_base:
            values["account_id"] = line_values["account_id"].id
        if not self._smart_part()[0]:
            return values
        quantity = pos_line.qty if move_type == "out_invoice" else -pos_line.qty
        if values["quantity"] * quantity < 0:
            values["quantity"] *= -1
            if "extra_tax_data" in values:
                values["extra_tax_data"] = self.env[
                    "account.tax"
                ]._reverse_quantity_base_line_extra_tax_data(values["extra_tax_data"])
        return values

    def _process_saved_order(self, draft):
        # EXTENDS 'point_of_sale'
        order = self
        if not draft and self.state != "cancel":
            order = self._smart_have_invoiced()
        return super(PosOrder, order)._process_saved_order(draft)


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _smart_is_payment(self):
        """Tell whether it is a way to pay, of another addon, that the till keeps as a line."""
        self.ensure_one()
        return False
