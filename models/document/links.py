from odoo import api, fields, models
from odoo.fields import Domain

from ..base.said import as_kept
from ..chain import facts
from ..terms import EXCHANGE, MERGE


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
            said = {"id": document.id, **facts.fact(kind, _DocumentRow(document)), **more}
            self.env["smart.chain.link"]._append(document, kind, said, document_id=document.id)

    @api.model
    def _paths_to(self, model):
        """Return by which paths documents' owners name records of a model."""
        return [
            f"{field}.{path}"
            for field, owner in self._owner_fields().items()
            for path in self.env[owner]._smart_references.get(model, ())
        ]


class SmartChain(models.Model):
    _inherit = "smart.chain"

    @api.model
    def _note_merge(self, gone, target):
        """Write into the chains that records became another one, so that nothing looks changed.

        To be called by whatever does that with contacts, accounts or products, in the same
        transaction, once all references are changed.

        :param gone: the records that were merged, which are deleted
        :param target: the record that they have become
        """
        Document = self.env["smart.document"]
        # By then documents and their owners refer to what has become of them.
        paths = Document._paths_to(target._name)
        if target._name == "res.partner":
            paths.append("partner_id")
        concerned = Domain.OR(Domain(path, "=", target.id) for path in paths)
        for issuer, environment in Document._read_group(concerned, ["issuer_id", "environment"]):
            carrier = Document.new(
                {"issuer_id": issuer.id, "company_id": issuer.id, "environment": environment}
            )
            self.env["smart.chain.link"]._append(
                carrier, MERGE, {"model": gone._name, "from": sorted(gone.ids), "to": target.id}
            )


class _Row:
    """A record, read as a row of its table."""

    def __init__(self, record):
        self._record = record

    def __getitem__(self, column):
        value = as_kept(self._record[column])
        return value.id if self._record._fields[column].relational else value


class _DocumentRow(_Row):
    """A fiscal document, with its owner as facts name it."""

    def __getitem__(self, column):
        if column != facts.ISSUED_FOR:
            return super().__getitem__(column)
        owner = self._record._owner()
        return facts.owner(owner._name, owner.id)
