"""Orders that are paid in the back office: the IGTF that a till would ask for."""

from odoo import Command, models

from odoo.addons.l10n_ve_edi_smart.smart_api import amounts

from ...igtf import foreign_part, igtf_of


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _smart_pays_igtf_by_hand(self):
        """Tell whether paying this order in foreign currency costs IGTF."""
        self.ensure_one()
        shop = self.config_id
        return self.state == "draft" and shop._smart_collects_igtf() and self._smart_goods() > 0

    def _smart_goods(self):
        """Return the total without the IGTF that is collected.

        :rtype: decimal.Decimal
        """
        return amounts.money(
            self._smart_total(self.lines.filtered(lambda line: line.smart_igtf_base <= 0))
        )

    def _smart_igtf_base_with(self, method, amount):
        """Return of what the IGTF is once an amount is paid too: zero for none.

        :param method: the ``pos.payment.method`` that it is paid with
        :rtype: decimal.Decimal
        """
        self.ensure_one()
        paid = [
            (amounts.money(payment.amount), payment.payment_method_id.smart_collects_igtf)
            for payment in self.payment_ids.sorted("id")
        ]
        paid.append((amounts.money(amount), method.smart_collects_igtf))
        return foreign_part(self._smart_goods(), paid)

    def _smart_due_in(self, method):
        """Return what is left to be paid, if all of it is paid with a method."""
        goods = self._smart_goods()
        due = goods + igtf_of(self._smart_igtf_base_with(method, goods))
        return float(due - amounts.money(self.amount_paid))

    def _smart_book_igtf(self, base):
        """Have this order the line of its IGTF, or none if the base is zero."""
        self.ensure_one()
        booked = self.lines.filtered(lambda line: line.smart_igtf_base > 0)
        commands = [Command.delete(line.id) for line in booked]
        if base:
            commands.append(Command.create(self._smart_igtf_line(self.config_id, base, False)))
        if commands:
            # sudo: cashiers set no IGTF by hand
            self.sudo().write({"lines": commands, "smart_igtf_base": float(base)})
            self._compute_prices()

    def _smart_igtf_in_words(self, base):
        """Return what a person is told who pays in foreign currency."""
        tax = igtf_of(base)
        return self.env._(
            "%(tax)s: 3 %% of %(base)s, which is paid in foreign currency. The order costs "
            "%(total)s with it.",
            tax=self.currency_id.format(float(tax)),
            base=self.currency_id.format(float(base)),
            total=self.currency_id.format(float(self._smart_goods() + tax)),
        )
