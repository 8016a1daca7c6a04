from odoo import api, models

from ...smart_api import amounts
from ...smart_api.rates import ADDENDS, PARTS
from ...smart_api.schemas import MAX_BODY_BYTES, IssueRequest


class SmartDocument(models.Model):
    _inherit = "smart.document"

    def _state_payments(self):
        """State on a request that has not left how its document was paid since."""
        self.ensure_one()
        request = IssueRequest.from_json(self.request_body)
        request = request.paid(self.env["smart.payload"]._payments(self._owner()))
        if request.largest_body() <= MAX_BODY_BYTES:
            self._engine_write({"request_body": request.to_json()})

    @api.model
    def _stated_vals(self, conversion):
        """Return what the document of a converted owner says, in columns.

        :param conversion: a :class:`conversion.problem.Conversion` without errors
        """
        owner, stated, values = conversion.owner, conversion.stated, conversion.values
        issuer = stated.company.smart_issuer_id
        sign = -1 if conversion.document_type == "credit_note" else 1
        parts = {part: values.get(part) or amounts.ZERO for part in PARTS}
        bolivares = owner._smart_bolivares(conversion)
        return {
            "name": stated.name,
            owner._fields["smart_document_ids"].inverse_name: owner.id,
            "company_id": stated.company.id,
            "issuer_id": issuer.id,
            # sudo: the issuer may be a parent company that the user cannot read
            "environment": issuer.sudo().smart_environment,
            "partner_id": stated.customer.id,
            "document_type": conversion.document_type,
            "currency_id": stated.currency.id,
            "amount_total": stated.total,
            "related_document_id": conversion.related and conversion.related.id,
            "request_body": conversion.request.to_json(),
            "customer_name": values["customer_name"],
            "customer_vat": values["customer_identification"],
            "branch_code": values.get("branch"),
            "exchange_rate": values["exchange_rate"],
            **self._quote_vals(conversion.quote),
            "bolivar_id": self.env["smart.payload"]._bolivar(conversion).id,
            **parts,
            **{f"{part}_signed": sign * amount for part, amount in bolivares.items()},
            "amount_total_signed": sign * sum(bolivares[part] for part in ADDENDS),
        }

    @api.model
    def _quote_vals(self, quote):
        """Return where the rate is from, in columns.

        :type quote: conversion.problem.Quote | None
        """
        if not quote:
            return {}
        return {
            "exchange_rate_currency_id": quote.currency.id,
            "exchange_rate_source": quote.source or False,
            "exchange_rate_day": quote.day,
        }
