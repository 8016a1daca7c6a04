"""What the tests of the integrity chain have in common."""

import base64
import json
from contextlib import contextmanager
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields

from ..models.base.said import as_kept
from ..models.chain.content import GENESIS, digest, fingerprint
from ..models.document.exchange import SmartExchange
from .common import SmartCommon


class ChainCommon(SmartCommon):
    @property
    def chain(self):
        self.env.invalidate_all()
        return self.env["smart.chain"].sudo().search([("issuer_id", "=", self.company.id)])

    def links(self, *kinds):
        """Return the links in the order of writing."""
        domain = [("issuer_id", "=", self.company.id)]
        domain += [("kind", "in", kinds)] if kinds else []
        return self.env["smart.chain.link"].sudo().search(domain, order="id")

    def sql(self, query, *params):
        """Change the database behind Odoo's back."""
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def ask(self, query, *params):
        """Return the only value of a query."""
        self.sql(query, *params)
        return self.env.cr.fetchone()[0]

    @contextmanager
    def undone(self):
        """Undo at the end whatever was changed."""
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()

    def drop_foreign_keys(self, *columns):
        """Let rows be deleted that others point to, as somebody may who owns the tables."""
        for column in columns:
            self.sql(f"ALTER TABLE smart_chain_link DROP CONSTRAINT smart_chain_link_{column}_fkey")

    def seal(self):
        self.env.flush_all()
        self.env["smart.chain"]._seal_all(self.registry)
        self.env.invalidate_all()

    def finding(self):
        """Check the chain and return what was found."""
        self.seal()
        walked = self.chain._check()
        chain = self.chain
        self.assertEqual(chain.broken, bool(walked.findings))
        self.assertEqual(chain.finding or "", "\n".join(walked.findings))
        return chain.finding

    def run_cron(self, model, method):
        """Run a scheduled action as its worker would."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            getattr(self.env(cr=cr, user=self.env.ref("base.user_root"))[model], method)()
        self.env.invalidate_all()

    # -- documents -------------------------------------------------------------------------

    def issue(self, count=3):
        return self.env["account.move"].union(*(self.confirm() for _number in range(count)))

    def document(self, move=None):
        """Return the fiscal document of an invoice, or of one that is issued for it."""
        return (move or self.issue(1)).smart_document_id.sudo()

    def annul(self, document, reason="Sold twice"):
        document._request_annulment(reason, True)
        self.commit()
        self.assertEqual(document.state, "annulled")

    def doubted(self):
        """Return a document of which nobody knows whether it is issued."""
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after")
        document = self.document(self.confirm())
        self.assertEqual(document.state, "unknown")
        return document

    def fetch(self, document):
        """Fetch the printed document; return what was kept."""
        document._engine_write({"file_next_at": fields.Datetime.now()})
        self.env.flush_all()
        document._fetch_file(self.registry, document.id)
        self.env.invalidate_all()
        return base64.b64decode(document.document_file)

    @contextmanager
    def long_ago(self, months):
        """Have calls logged as if they had been made so many months ago."""
        append = SmartExchange._append

        def appending(exchanges, *args, started_at, **values):
            before = started_at - relativedelta(months=months)
            return append(exchanges, *args, started_at=before, **values)

        with patch.object(SmartExchange, "_append", appending):
            yield

    # -- the version before ----------------------------------------------------------------

    def make_version_1(self):
        """Have everything as the version before has left it: links, requests, columns."""
        self.seal()
        self.sql("DELETE FROM smart_chain_link")
        self.sql("DELETE FROM smart_chain")
        for document in self.env["smart.document"].sudo().search([]):
            request = json.loads(document.request_body)
            request["trackingid"] = f"{document.name} #{document.move_id.id}"
            body = json.dumps(request, ensure_ascii=False, separators=(",", ":"))
            self.sql(
                "UPDATE smart_document SET request_body = %s, owner_digest = NULL WHERE id = %s",
                body,
                document.id,
            )
            self.sql(
                "UPDATE smart_exchange SET request_body = %s, request_hash = %s"
                " WHERE document_id = %s AND operation = 'issue'",
                body,
                digest(body),
                document.id,
            )
        self.sql(
            "UPDATE smart_document SET resolved_at = resolved_at - interval '1 day',"
            " annulment_requested_at = annulment_requested_at - interval '1 day'"
        )
        position, previous = 0, GENESIS
        for exchange in self.env["smart.exchange"].sudo().search([], order="id"):
            contents = [version_1_exchange(exchange)]
            document = exchange.document_id
            if exchange.operation == "annul":
                contents.append(version_1_annulment(document))
            elif document.control_number and (
                exchange.outcome == "accepted" and exchange.operation in ("issue", "resolve")
            ):
                contents.append(version_1_issue(document))
            for content in contents:
                position += 1
                kind = json.loads(content)["kind"]
                self.sql(
                    "INSERT INTO smart_chain_link (issuer_id, company_id, environment, position,"
                    " kind, exchange_id, document_id, content, previous_hash, hash, create_date)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, now())",
                    exchange.issuer_id.id,
                    exchange.company_id.id,
                    exchange.environment,
                    position,
                    kind,
                    exchange.id if kind == "exchange" else None,
                    None if kind == "exchange" else document.id,
                    content,
                    previous,
                    current := fingerprint(position, previous, content),
                )
                previous = current
        self.sql(
            "INSERT INTO smart_chain (issuer_id, environment, position, hash, broken)"
            " VALUES (%s, 'custom', %s, %s, false)",
            self.company.id,
            position,
            previous,
        )


def _text(fact):
    return json.dumps({"v": 1, **fact}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _moment(value):
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def version_1_exchange(exchange):
    """Return the text of a link as version 1 has written it."""
    return _text(
        {
            "kind": "exchange",
            "issuer": exchange.issuer_id.id,
            "environment": exchange.environment,
            "id": exchange.id,
            "company": exchange.company_id.id,
            "document": exchange.document_id.id or 0,
            "operation": exchange.operation,
            "outcome": exchange.outcome,
            "code": exchange.code or 0,
            "reason": exchange.reason or "",
            "message": as_kept(exchange.message) or "",
            "url": exchange.url or "",
            "http_status": exchange.http_status or 0,
            "request_sha256": exchange.request_hash or "",
            "answer_sha256": exchange.answer_hash or "",
            "started_at": _moment(exchange.started_at),
            "duration_ms": exchange.duration_ms or 0,
            "user": exchange.user_id.id or 0,
        }
    )


def version_1_issue(document):
    """Return the text of a link as version 1 has written it."""
    parts = (
        "exempt", "general_base", "general_tax", "reduced_base", "reduced_tax", "luxury_base",
        "luxury_tax", "igtf_base", "igtf_tax", "amount_total",
    )  # fmt: skip
    return _text(
        {
            "kind": "issue",
            "issuer": document.issuer_id.id,
            "environment": document.environment,
            "id": document.id,
            "company": document.company_id.id,
            "control_number": document.control_number or "",
            "issued": document.state in ("issued", "annulled"),
            "type": document.document_type,
            "name": document.name or "",
            "internal_number": document.internal_number or "",
            "related": document.related_document_id.id or 0,
            "issued_at": _moment(document.issued_at),
            "customer_name": document.customer_name or "",
            "customer_vat": document.customer_vat or "",
            "branch": document.branch_code or "",
            "currency": document.currency_id.id or 0,
            "exchange_rate": f"{document.exchange_rate:.4f}",
            "request_sha256": digest(document.request_body),
            "footer_sha256": digest(document.legal_footer and str(document.legal_footer)),
            "url": document.document_url or "",
            **{name: f"{document[name] + 0.0:.2f}" for name in parts},
            **{f"{name}_signed": f"{document[name + '_signed'] + 0.0:.2f}" for name in parts},
        }
    )


def version_1_annulment(document):
    """Return the text of a link as version 1 has written it."""
    return _text(
        {
            "kind": "annulment",
            "issuer": document.issuer_id.id,
            "environment": document.environment,
            "id": document.id,
            "company": document.company_id.id,
            "control_number": document.control_number or "",
            "annulled": document.state == "annulled",
            "annulled_at": _moment(document.annulled_at),
            "reason": document.annulment_reason or "",
            "user": document.annulment_user_id.id or 0,
        }
    )
