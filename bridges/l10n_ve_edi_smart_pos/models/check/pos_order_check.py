"""What the pre-flight would say of an order, said before the money.

The documents are made as they will be when the order is paid, checked, and undone: so nothing is
said here that confirming does not say, and the other way round.
"""

from uuid import uuid4

from odoo import Command, api, models
from odoo.exceptions import UserError

from ..customer.problem import as_told
from ..invoicing.pos_order import PART


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def smart_check_before_payment(self, values):
        """Return what stands against invoicing an order that is not paid yet; ``[]`` is nothing.

        :param dict values: ``config_id``, ``partner_id``, ``to_invoice``, ``is_refund``,
            ``fiscal_position_id``, ``lines`` as the till hands them in; ``smart_new_customer``
            instead of a partner
        :returns: see :func:`problem.as_told`
        :rtype: list[dict]
        """
        shop = self.env["res.partner"]._smart_shop(values["config_id"])
        if not shop.smart_is_fiscal:
            return []
        # What is told of a customer is told to who may read it.
        self._smart_buyer(values).check_access("read")
        if why := self._smart_why_not_returned(values):
            return [{"text": why, "model": False, "id": False}]
        if not values.get("to_invoice"):
            return []
        savepoint = self.env.cr.savepoint()
        try:
            return self._smart_problems_of_order(shop, values)
        except UserError as error:  # of Odoo, or of another addon
            return [{"text": str(error), "model": False, "id": False}]
        finally:
            savepoint.close(rollback=True)

    @api.model
    def _smart_buyer(self, values):
        return self.env["res.partner"].browse(values.get("partner_id") or ()).exists()

    @api.model
    def _smart_why_not_returned(self, values):
        """Return in words why what an order takes back cannot be, or ``""``."""
        ids = [line.get("refunded_orderline_id") for line in values["lines"]]
        # Of what is sold the till says ``False``, which Python counts as a number.
        known = [one for one in ids if one and isinstance(one, int)]
        returned = self.env["pos.order.line"].browse(known).exists()
        returned.check_access("read")
        taken = [
            (
                returned.browse(line["refunded_orderline_id"]),
                -line["qty"],
                -self._smart_signed(line["price_subtotal_incl"], line["qty"], line["price_unit"]),
            )
            for line in values["lines"]
            if line.get("refunded_orderline_id") in returned.ids
        ]
        partner = self._smart_buyer(values)
        why = returned.order_id._smart_why_no_return(partner, values.get("to_invoice"))
        return why or self._smart_why_not_so_much(taken)

    @api.model
    def _smart_problems_of_order(self, shop, values):
        """Make the order's documents and return what is wrong with them; undone by the caller."""
        partner = self._smart_buyer(values)
        if not partner and values.get("smart_new_customer"):
            partner = partner._smart_at_counter(shop, values["smart_new_customer"])
        if not partner:
            words = self.env._("The customer is missing. Choose one.")
            return [{"text": words, "model": False, "id": False}]
        # sudo: as Odoo makes documents of tills, and cashiers see none of them
        order = self.sudo().with_company(shop.company_id)
        order = order.with_context(tracking_disable=True).create(
            self._smart_provisional(shop, partner, values)
        )
        moves = self.env["account.move"].sudo().with_company(shop.company_id)
        for part in order._smart_parts():
            if part.origin and not part.origin.smart_document_id:
                continue  # from before SMART: the note waits for its number
            vals = order.with_context(**{PART: (part, True)})._prepare_invoice_vals()
            moves |= moves.with_context(
                default_move_type=part.move_type, linked_to_pos=True, tracking_disable=True
            ).create(vals)
        moves = moves.filtered(lambda move: move._smart_is_fiscal() and not move._smart_is_free())
        moves._smart_propose_origin()
        told = []
        for conversion in self.env["smart.payload"].sudo()._check(moves):
            for problem in conversion.errors:
                said = as_told(problem, conversion.owner, self.env)
                told += [said] if said not in told else []
        return told

    @api.model
    def _smart_provisional(self, shop, partner, values):
        """Return the values of an order as the till has it; none takes a number of a sequence.

        What belongs to the lines of the till alone, or is not stored yet, is left out.
        """
        lines = values["lines"]
        fields = self.env["pos.order.line"]._fields
        left_out = {"id", "uuid", "order_id", "combo_parent_id", "combo_line_ids"}
        kept = []
        for line in lines:
            one = {}
            for name, value in line.items():
                field = fields.get(name)
                if not field or not field.store or name in left_out or field.type == "one2many":
                    continue
                if field.type == "many2one" and value:
                    if not isinstance(value, int):
                        continue
                    value = self.env[field.comodel_name].browse(value).exists().id
                one[name] = value
            kept.append(Command.create({**one, "uuid": str(uuid4())}))
        total = sum(line["price_subtotal_incl"] for line in lines)
        untaxed = sum(line["price_subtotal"] for line in lines)
        return {
            "uuid": str(uuid4()),
            "pos_reference": "/",
            "tracking_number": "/",
            "sequence_number": 1,
            "session_id": shop.current_session_id.id,
            "company_id": shop.company_id.id,
            "partner_id": partner.id,
            "is_refund": bool(values.get("is_refund")),
            "fiscal_position_id": values.get("fiscal_position_id"),
            "amount_total": total,
            "amount_tax": total - untaxed,
            "amount_paid": total,
            "amount_return": 0,
            "lines": kept,
        }
