from odoo import api, fields, models
from odoo.tools import SQL

from .chain_content import canonical, digest, moment
from .res_company import ENVIRONMENTS
from .smart_document import ANNULLED, ISSUED
from .smart_document_amounts import PARTS

EXCHANGE = "exchange"
ISSUE = "issue"
ANNULMENT = "annulment"
SHORTENING = "shortening"

#: Of a document, in its currency and in bolívares.
AMOUNTS = [name + ending for ending in ("", "_signed") for name in (*PARTS, "amount_total")]

#: What an issue's link tells of its document, beside what every transition reads.
READ_TO_LINK = (
    "document_type",
    "name",
    "internal_number",
    "related_document_id",
    "issued_at",
    "customer_name",
    "customer_vat",
    "branch_code",
    "currency_id",
    "exchange_rate",
    "request_body",
    "legal_footer",
    "document_url",
    *AMOUNTS,
)

KINDS = [
    (EXCHANGE, "Exchange"),
    (ISSUE, "Issue"),
    (ANNULMENT, "Annulment"),
    (SHORTENING, "Shortening of bodies"),
]


class SmartChainLink(models.Model):
    """One fact in an issuer's chain: an exchange, an issue, an annulment.

    A link is written in the transaction of its fact, with the fact's canonical text, and
    neither waits for nor locks anything: no control number is ever delayed for the chain's
    sake. It gets its position and fingerprint when it is sealed, right after
    (``smart.chain``).
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
    # Of the fact: what record rules go by.
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
    content = fields.Text(
        required=True, readonly=True, help="What the fingerprint is computed of."
    )
    previous_hash = fields.Char(string="Fingerprint before", readonly=True)
    hash = fields.Char(string="Fingerprint", readonly=True)

    _position_unique = models.UniqueIndex(
        "(issuer_id, environment, position) WHERE position IS NOT NULL",
        "There is one link at each position of a chain.",
    )
    _pending_index = models.Index("(issuer_id, environment, id) WHERE position IS NULL")

    @api.model
    def _append(self, record, kind, fact, **targets):
        """Write a link for a fact; it is sealed after the transaction.

        In SQL: it happens for every document, and nothing of the ORM's is needed.

        :param record: whose issuer, company and environment the link has
        :param dict fact: see :mod:`chain_content`
        :param targets: ``exchange_id`` or ``document_id``
        :returns: the id of the link
        """
        fact = {
            "kind": kind,
            "issuer": record.issuer_id.id,
            "environment": record.environment,
            **fact,
        }
        [[link_id]] = self.env.execute_query(
            SQL(
                """
                INSERT INTO smart_chain_link (issuer_id, company_id, environment, kind,
                                              exchange_id, document_id, content, create_date)
                     VALUES (%s, %s, %s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC')
                  RETURNING id
                """,
                record.issuer_id.id,
                record.company_id.id,
                record.environment,
                kind,
                targets.get("exchange_id"),
                targets.get("document_id"),
                canonical(fact),
            )
        )
        return link_id


class SmartExchange(models.Model):
    _inherit = "smart.exchange"

    request_hash = fields.Char(
        string="Request: SHA-256", readonly=True, help="Of the whole request, as it was sent."
    )
    answer_hash = fields.Char(
        string="Answer: SHA-256", readonly=True, help="Of the whole answer, as it came."
    )
    chain_link_ids = fields.One2many(
        comodel_name="smart.chain.link", inverse_name="exchange_id", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        for vals in vals_list:
            vals["request_hash"] = digest(vals.get("request_body"))
            vals["answer_hash"] = digest(vals.get("answer_body"))
        exchanges = super().create(vals_list)
        for exchange in exchanges:
            self.env["smart.chain.link"]._append(
                exchange, EXCHANGE, exchange._chain_fact(), exchange_id=exchange.id
            )
        return exchanges

    def _chain_fact(self):
        """Return what never changes about the call."""
        self.ensure_one()
        return {
            "id": self.id,
            "company": self.company_id.id,
            "document": self.document_id.id or 0,
            "operation": self.operation,
            "outcome": self.outcome,
            "code": self.code or 0,
            "reason": self.reason or "",
            "message": self.message or "",
            "url": self.url or "",
            "http_status": self.http_status or 0,
            "request_sha256": self.request_hash or "",
            "answer_sha256": self.answer_hash or "",
            "started_at": moment(self.started_at),
            "duration_ms": self.duration_ms or 0,
            "user": self.user_id.id or 0,
        }


class SmartDocument(models.Model):
    _inherit = "smart.document"

    chain_link_ids = fields.One2many(
        comodel_name="smart.chain.link", inverse_name="document_id", readonly=True
    )

    @api.model
    def _fields_to_settle(self):
        # EXTENDS 'l10n_ve_edi_smart' by what the link of the issue tells
        return (*super()._fields_to_settle(), *READ_TO_LINK)

    def write(self, vals):
        # EXTENDS 'base'
        res = super().write(vals)
        kinds = [ISSUE] * bool(vals.get("control_number"))
        kinds += [ANNULMENT] * (vals.get("state") == ANNULLED)
        for document in self if kinds else ():
            for kind in kinds:
                self.env["smart.chain.link"]._append(
                    document, kind, document._chain_fact(kind), document_id=document.id
                )
        return res

    def _chain_fact(self, kind):
        """Return what never changes about the issue, or the annulment, of the document."""
        self.ensure_one()
        fact = {
            "id": self.id,
            "company": self.company_id.id,
            "control_number": self.control_number or "",
        }
        if kind == ANNULMENT:
            return {
                **fact,
                "annulled": self.state == ANNULLED,
                "annulled_at": moment(self.annulled_at),
                "reason": self.annulment_reason or "",
                "user": self.annulment_user_id.id or 0,
            }
        return {
            **fact,
            "issued": self.state in (ISSUED, ANNULLED),
            "type": self.document_type,
            "name": self.name or "",
            "internal_number": self.internal_number or "",
            "related": self.related_document_id.id or 0,
            "issued_at": moment(self.issued_at),
            "customer_name": self.customer_name or "",
            "customer_vat": self.customer_vat or "",
            "branch": self.branch_code or "",
            "currency": self.currency_id.id or 0,
            "exchange_rate": f"{self.exchange_rate:.4f}",
            "request_sha256": digest(self.request_body),
            "footer_sha256": digest(self.legal_footer and str(self.legal_footer)),
            "url": self.document_url or "",
            **{name: f"{self[name] + 0.0:.2f}" for name in AMOUNTS},
        }
