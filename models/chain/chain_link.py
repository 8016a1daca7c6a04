from odoo import api, fields, models
from odoo.tools import SQL

from ..terms import (
    ANNULMENT,
    ANNULMENT_REQUEST,
    ENVIRONMENTS,
    EXCHANGE,
    FILE,
    ISSUE,
    MERGE,
    RESOLUTION,
    SHORTENING,
)
from .content import VERSION, canonical, moment
from .mark import Marker, said_by

KINDS = [
    (EXCHANGE, "Exchange"),
    (ISSUE, "Issue"),
    (ANNULMENT_REQUEST, "Request to annul"),
    (ANNULMENT, "Annulment"),
    (RESOLUTION, "Resolution"),
    (FILE, "Printed document"),
    (SHORTENING, "Shortening of bodies"),
    (MERGE, "Merged records"),
]


class SmartChainLink(models.Model):
    """One fact in an issuer's chain: an exchange, an issue, an annulment.

    A link is written in the transaction of its fact, with the fact's canonical text. It waits
    for nothing and locks nothing, so the chain never delays a control number. It gets its
    position and fingerprint when it is sealed, right after (``smart.chain``).
    """

    _name = "smart.chain.link"
    _description = "Link of the Integrity Chain"
    _order = "position desc, id desc"
    _inherit = ["smart.record"]
    _rec_name = "position"
    _smart_append_only = True

    issuer_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    # The company of the fact, for record rules.
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    position = fields.Integer(
        readonly=True, aggregator=None, help="Empty until it is sealed, right after it was written."
    )
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    exchange_id = fields.Many2one(
        comodel_name="smart.exchange", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    document_id = fields.Many2one(
        comodel_name="smart.document",
        string="Fiscal Document",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    content = fields.Text(required=True, readonly=True, help="What the fingerprint is computed of.")
    previous_hash = fields.Char(string="Fingerprint before", readonly=True)
    hash = fields.Char(string="Fingerprint", readonly=True)
    mark = fields.Char(readonly=True, help="What Odoo, and not plain SQL, gives what it writes.")
    seal = fields.Char(
        readonly=True, help="Of its place in the chain, with the server's key if it has one."
    )
    rejected_at = fields.Datetime(
        readonly=True, help="When it was found not to be written by Odoo, and left out."
    )

    _position_unique = models.UniqueIndex(
        "(issuer_id, environment, position) WHERE position IS NOT NULL",
        "There is one link at each position of a chain.",
    )
    _pending_index = models.Index("(issuer_id, environment, id) WHERE position IS NULL")

    @api.model
    def _append(self, record, kind, fact, **targets):
        """Write a link for a fact; it is sealed after the transaction.

        In SQL, because it runs for every document and needs nothing of the ORM.

        :param record: the link gets its issuer, company and environment from it
        :param dict fact: see :mod:`.content`
        :param targets: ``exchange_id`` or ``document_id``
        :returns: the id of the link
        """
        link = {
            "issuer_id": record.issuer_id.id,
            "company_id": record.company_id.id,
            "environment": record.environment,
            "kind": kind,
            "exchange_id": targets.get("exchange_id"),
            "document_id": targets.get("document_id"),
            "create_date": self.env.cr.now(),
        }
        link["content"] = canonical(
            {
                "v": VERSION,
                "kind": kind,
                "issuer": record.issuer_id.id,
                "environment": record.environment,
                "at": moment(link["create_date"]),
                **fact,
            }
        )
        link["mark"] = Marker().mark(said_by(link))
        [[link_id]] = self.env.execute_query(
            SQL(
                "INSERT INTO smart_chain_link (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, link)),
                tuple(link.values()),
            )
        )
        return link_id
