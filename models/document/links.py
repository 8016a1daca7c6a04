from odoo import fields, models

from ..chain import facts
from ..terms import EXCHANGE


class SmartExchange(models.Model):
    _inherit = "smart.exchange"

    chain_link_ids = fields.One2many(
        comodel_name="smart.chain.link", inverse_name="exchange_id", readonly=True
    )

    def _chain(self):
        """Write the links of calls that were just logged."""
        for exchange in self:
            said = {"id": exchange.id, **facts.fact(EXCHANGE, _Row(exchange))}
            self.env["smart.chain.link"]._append(exchange, EXCHANGE, said, exchange_id=exchange.id)


class SmartDocument(models.Model):
    _inherit = "smart.document"

    chain_link_ids = fields.One2many(
        comodel_name="smart.chain.link", inverse_name="document_id", readonly=True
    )

    def _chain(self, kind, **more):
        """Write a link about what has just happened to the documents.

        :param str kind: one that is about a document, see ``facts``
        :param more: keys of the fact that are no column
        """
        for document in self:
            said = {"id": document.id, **facts.fact(kind, _Row(document)), **more}
            self.env["smart.chain.link"]._append(document, kind, said, document_id=document.id)


class _Row:
    """A record, read as a row of its table."""

    def __init__(self, record):
        self._record = record

    def __getitem__(self, column):
        value = self._record[column]
        return value.id if self._record._fields[column].relational else value
