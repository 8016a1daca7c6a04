from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.conversion.problem import Conversion
from ..models.terms import QUEUED, REFUSED
from ..smart_api import amounts, rates
from ..smart_api.line_amounts import decimal


class SmartIgtf(models.TransientModel):
    """Add the IGTF on what a customer pays in foreign currency."""

    _name = "smart.igtf"
    _description = "IGTF on Payments in Foreign Currency"
    _inherit = "smart.wizard"
    _smart_inputs = frozenset({"move_id", "currency_id", "amount_paid"})
    _smart_fixed = frozenset({"move_id"})

    move_id = fields.Many2one(comodel_name="account.move", required=True, readonly=True)
    document_currency_id = fields.Many2one(
        related="move_id.currency_id", related_sudo=False, string="Currency of the Document"
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Paid in",
        required=True,
        compute="_compute_currency_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
    )
    amount_paid = fields.Monetary(
        currency_field="currency_id",
        compute="_compute_amount_paid",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="What the customer pays in foreign currency, VAT included and without the IGTF. "
        "Zero removes the IGTF.",
    )
    base = fields.Monetary(currency_field="document_currency_id", compute="_compute_base")
    tax = fields.Monetary(
        string="IGTF", currency_field="document_currency_id", compute="_compute_base"
    )
    total = fields.Monetary(
        string="Total with IGTF", currency_field="document_currency_id", compute="_compute_base"
    )

    @api.depends("move_id")
    def _compute_currency_id(self):
        for wizard in self:
            currency, company = wizard.move_id.currency_id, wizard.move_id.company_id
            if currency.name in ("VES", "VEF"):
                currency = company.smart_additional_currency_id or self.env.ref("base.USD")
            wizard.currency_id = currency

    @api.depends("move_id", "currency_id")
    def _compute_amount_paid(self):
        for wizard in self:
            rate = wizard._rate()
            total = wizard._total_without()
            wizard.amount_paid = rate and wizard.currency_id.round(total / float(rate))

    @api.depends("move_id", "currency_id", "amount_paid")
    def _compute_base(self):
        for wizard in self:
            base = amounts.money(decimal(wizard.amount_paid) * wizard._rate())
            total = amounts.money(wizard._total_without())
            # If everything is paid in another currency, rounding must not exceed the total.
            if abs(base - total) <= decimal(wizard.currency_id.rounding or 0.01) * wizard._rate():
                base = total
            wizard.base = float(base)
            wizard.tax = float(amounts.service_tax(base, rates.IGTF_RATE))
            wizard.total = float(total) + wizard.tax

    def _total_without(self):
        """Return the document's total without IGTF."""
        move = self.move_id
        igtf = sum(move._smart_igtf_lines().mapped("price_subtotal"))
        return move.currency_id.round(move.amount_total - igtf)

    def _rate(self):
        """Return what a unit of the payment's currency is worth in the document's.

        :rtype: decimal.Decimal
        """
        self.ensure_one()
        payload = self.env["smart.payload"]
        move = self.move_id
        if not self.currency_id or self.currency_id == move.currency_id:
            return Decimal(1)
        conversion = Conversion(move, stated=move._smart_stated())
        quotes = [
            payload._bolivares_for(conversion, currency)
            for currency in (self.currency_id, move.currency_id)
        ]
        return round(quotes[0].units / quotes[1].units, 4) if all(quotes) else Decimal(0)

    def action_apply(self):
        """Button: put the IGTF on the document, in place of what was there before."""
        wizard = self._acting()
        move = wizard.move_id
        move.check_access("write")
        wizard._check(move)
        payments = self.env["account.move.line"]
        confirmed = move.state == "posted"
        if confirmed:
            for line in move.line_ids.filtered(lambda one: one.display_type == "payment_term"):
                payments += line.matched_credit_ids.credit_move_id
                payments += line.matched_debit_ids.debit_move_id
            move.button_draft()
        commands = [Command.delete(line.id) for line in move._smart_igtf_lines()]
        if wizard.tax:
            commands.append(Command.create(wizard._prepare_line()))
        base = wizard.base if wizard.tax else 0.0
        move.write({"invoice_line_ids": commands, "smart_igtf_base": base})
        if confirmed:
            move.action_post()
            for payment in payments:
                move.js_assign_outstanding_line(payment.id)
        return {"type": "ir.actions.act_window_close"}

    def _check(self, move):
        company = move.company_id
        if not company.smart_collects_igtf:
            raise UserError(
                self.env._(
                    "%s does not collect the IGTF. Switch it on in the Invoicing settings if it "
                    "is a special taxpayer.",
                    company.display_name,
                )
            )
        if move.state != "draft" and move.smart_state not in (QUEUED, REFUSED):
            raise UserError(
                self.env._("%s was issued: its IGTF can no longer be changed.", move.display_name)
            )
        if self.currency_id.name in ("VES", "VEF"):
            raise UserError(self.env._("What is paid in bolívares is not subject to the IGTF."))
        if self.amount_paid and not self._rate():
            raise UserError(
                self.env._(
                    "There is no exchange rate for %s: enter it under Invoicing > Configuration > "
                    "Currencies.",
                    self.currency_id.name,
                )
            )
        if self.base < 0 or move.currency_id.compare_amounts(self.base, self._total_without()) > 0:
            raise UserError(
                self.env._(
                    "The amount paid must be between zero and the total of the document, %s.",
                    move.currency_id.format(self._total_without()),
                )
            )

    def _prepare_line(self):
        company = self.move_id.company_id
        return {
            "product_id": company.smart_igtf_product_id.id,
            "name": self.env._("IGTF 3 %% of %s", self.document_currency_id.format(self.base)),
            "quantity": 1.0,
            "price_unit": self.tax,
            "account_id": company._smart_igtf_account().id,
            "tax_ids": [Command.clear()],
            "sequence": 9999,
        }
