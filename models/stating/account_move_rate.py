from datetime import timezone

from odoo import api, fields, models

from ..terms import CARACAS


class AccountMove(models.Model):
    """The rate of exchange of an invoice: which one it is, and who put it there."""

    _inherit = "account.move"

    smart_rate_words = fields.Char(
        string="Exchange Rate",
        compute="_compute_smart_rate_words",
        help="Which rate of which day the fiscal document states.",
        groups="base.group_user",
    )

    @api.depends(
        "company_id",
        "currency_id",
        "invoice_currency_rate",
        "invoice_date",
        "journal_id",
        "smart_document_id",
        "smart_note_origin_id",
        "state",
    )
    @api.depends_context("lang")
    def _compute_smart_rate_words(self):
        for move in self:
            # sudo: for the rate only; whoever sees invoices need not read fiscal documents
            move.smart_rate_words = move.smart_document_id.sudo().exchange_rate_words
            if conversion := move._smart_check_rate():
                quote = conversion.quote
                move.smart_rate_words = quote and quote.words(self.env)

    def _smart_check_rate(self):
        """Return what a draft states, and what is wrong with that; ``None`` for other invoices.

        :rtype: conversion.problem.Conversion | None
        """
        self.ensure_one()
        if self.state != "draft" or not self.currency_id:
            return None
        if self._smart_is_fiscal():
            return self.env["smart.payload"]._check_rate(self)
        if self._smart_is_on_paper():
            return self.env["smart.payload"]._check_rate_on_paper(self)
        return None

    def _smart_check_rates_on_paper(self, problems):
        """Name what is wrong with the rates of documents that go on numbered paper."""
        shared = {"owners": self}
        for move in self:
            problems[move] += self.env["smart.payload"]._check_rate_on_paper(move, shared).errors

    def _smart_stated_rate(self):
        """Return the rate that stays when the draft is confirmed; 0 if that of the day is taken."""
        if not self.invoice_date and self._smart_has_rate_when_made():
            return 0.0
        return self.invoice_currency_rate

    def _smart_origin_rate(self):
        """Return the rate of the document that this one corrects, in the same currency, or 0."""
        origin = self.smart_note_origin_id
        return origin.invoice_currency_rate if origin.currency_id == self.currency_id else 0.0

    def _smart_has_rate_when_made(self):
        """Tell whether it has a rate that Odoo may have filled in when the invoice was made."""
        self.ensure_one()
        if self.currency_id == self.company_currency_id:
            return True
        made = self.create_date or fields.Datetime.now()
        in_caracas = made.replace(tzinfo=timezone.utc).astimezone(CARACAS)
        days = {made.date(), in_caracas.date()}
        # That of the day may have been entered since.
        present = self.env["res.currency.rate"].search(
            [
                *self.env["smart.payload"]._rates_of(self.currency_id, self.company_id),
                ("name", "<=", max(days)),
                ("create_date", "<=", made),
            ],
            order="name desc",
            limit=1,
        )
        days.update(present.mapped("name"))
        return self.invoice_currency_rate in {
            self._get_expected_currency_rate_at(day) for day in days
        }
