"""What the server alone notes on an order: which documents it has, by what channel it was sold.

Cashiers may write orders, for the till does so in their name. By a call of their own they could
show any document on a ticket, have a sale issued twice, or not at all.
"""

from odoo import Command, api, models
from odoo.exceptions import AccessError
from odoo.tools import format_list

#: What a till hands in with an order, and so may write until that is paid.
HANDED_IN = frozenset({"smart_igtf_back_base", "smart_igtf_base", "smart_new_customer"})


class SmartPosServer(models.AbstractModel):
    """Records of which cashiers write all but what the server notes; that is written by ``sudo``.

    Name it before the model, as ``smart.lock``.
    """

    _name = "smart.pos.server"
    _inherit = "smart.own.defaults"
    _description = "Written by Tills, but for What the Server Notes"

    @api.model
    def _smart_is_servers(self, name):
        """Tell whether the server alone writes a field."""
        field = self._fields.get(name)
        return bool(field and field.store and name.startswith("smart_"))

    @api.model
    def _smart_is_closed(self, name):
        # EXTENDS 'smart.own.defaults': a default is nothing that the server has noted
        return self._smart_is_servers(name) or super()._smart_is_closed(name)

    def _smart_may_hand_in(self):
        """Return the names of such fields that a till may write on these records all the same."""
        return frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS the model
        self._smart_refuse_to_set({name for vals in vals_list for name in vals if vals[name]})
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS the model
        if not self.env.su:
            names = filter(self._smart_is_servers, vals)
            self._smart_refuse_to_set(name for name in names if self._smart_sets(name, vals[name]))
        return super().write(vals)

    def _smart_sets(self, name, value):
        """Tell whether a value differs from the present one: tills send back what they loaded."""
        field = self._fields[name]
        present = (field.convert_to_write(record[name], record) for record in self)
        return any((one or False) != (value or False) for one in present)

    def _smart_refuse_to_set(self, names):
        """Refuse what the server alone writes.

        :raises AccessError: naming the fields
        """
        if self.env.su:
            return
        names = set(filter(self._smart_is_servers, names)) - self._smart_may_hand_in()
        if names:
            labels = self.fields_get(names, ["string"])
            raise AccessError(
                self.env._(
                    "What the server has noted on an order cannot be set by hand: %s.",
                    format_list(self.env, [labels[name]["string"] for name in sorted(labels)]),
                )
            )


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["smart.pos.server", "pos.order"]

    @api.model
    def _smart_is_servers(self, name):
        # EXTENDS 'smart.pos.server': without its invoice, a sale would get a second one
        return name == "account_move" or super()._smart_is_servers(name)

    def _smart_may_hand_in(self):
        # EXTENDS 'smart.pos.server'
        return HANDED_IN if all(order.state == "draft" for order in self) else frozenset()

    @api.model
    def _smart_take_handed_in(self, order):
        """Leave out of an order that is handed in what the server alone writes.

        A till sends back all fields that it has loaded.

        :param dict order: is changed
        """
        # Superuser is the self-service, where anybody hands in orders.
        kept = frozenset() if self.env.su else HANDED_IN
        for name in [one for one in order if self._smart_is_servers(one)]:
            if name not in kept:
                del order[name]
        lines = self.env["pos.order.line"]
        for command, _id, *values in order.get("lines") or ():
            if command in (Command.CREATE, Command.UPDATE):
                for name in [one for one in values[0] if lines._smart_is_servers(one)]:
                    del values[0][name]


class PosOrderLine(models.Model):
    _name = "pos.order.line"
    _inherit = ["smart.pos.server", "pos.order.line"]


class PosPayment(models.Model):
    _name = "pos.payment"
    _inherit = ["smart.pos.server", "pos.payment"]

    def _smart_may_hand_in(self):
        # EXTENDS 'smart.pos.server': what was paid in dollars is looked at when the order is paid
        draft = all(payment.pos_order_id.state == "draft" for payment in self)
        return frozenset({"smart_foreign_amount", "smart_rate"}) if draft else frozenset()
