"""The records that a batch of links is compared with, read in a few queries."""

import hashlib
import json
from collections import defaultdict
from functools import cached_property

from odoo.tools import SQL

from ...smart_api.answers import control_number_of
from ...smart_api.schemas import tracking_id_of
from ..chain import anchor as chain_anchor
from ..chain import facts
from ..chain.content import GENESIS
from ..terms import ANNULMENT, EXCHANGE, FILE, ISSUE, RESOLUTION, SHORTENING

#: What is read of documents beside what their links tell.
WORKING_COLUMNS = {"id", "state", "annulment_state", "conflicting_number"}


class Batch:
    """Links in the order of the chain, and the records that they are about.

    These records are read when they are first needed, all of a kind at once.

    :param env: an environment that may read everything
    :param links: rows of ``smart.chain.link``; each gets its ``fact``
    """

    def __init__(self, env, links):
        self._env = env
        self.links = links
        for link in links:
            link["fact"] = _parsed(link["content"])
        self._chain = (links[0]["issuer_id"], links[0]["environment"])

    def _ids(self, column, *kinds):
        return list(
            {
                link[column]
                for link in self.links
                if link[column] and (not kinds or link["kind"] in kinds)
            }
        )

    def _rows(self, query):
        self._env.cr.execute(query)
        return self._env.cr.dictfetchall()

    @cached_property
    def exchanges(self):
        """Return the calls by id, with their bodies."""
        columns = {*facts.columns(EXCHANGE), "id", "request_body", "answer_body"}
        columns |= {"shortened_at", "shortening_link_id"}
        return self._by_id("smart_exchange", columns, self._ids("exchange_id", EXCHANGE))

    @cached_property
    def documents(self):
        """Return the fiscal documents by id."""
        kinds = {link["kind"] for link in self.links} & facts.SAYS.keys() - {EXCHANGE}
        owners = self._env["smart.document"]._owner_fields()
        columns = WORKING_COLUMNS.union(owners, *map(facts.columns, kinds))
        rows = self._by_id("smart_document", columns, self._ids("document_id"))
        for row in rows.values():
            named = (facts.owner(model, row[field]) for field, model in owners.items())
            row[facts.ISSUED_FOR] = next(filter(None, named), "")
        return rows

    def _by_id(self, table, columns, ids):
        rows = self._rows(
            SQL(
                "SELECT %s FROM %s WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, sorted(columns))),
                SQL.identifier(table),
                ids,
            )
        )
        return {row["id"]: row for row in rows}

    @cached_property
    def history(self):
        """Return the documents' links of this chain, by document and kind, in order of writing.

        Links of other chains are left out: they may be forged, and only a walk of their own
        chain finds that.
        """
        history = defaultdict(lambda: defaultdict(list))
        rows = self._rows(
            SQL(
                """
                SELECT id, document_id, kind, position,
                       CASE WHEN kind = %s THEN content END AS content
                  FROM smart_chain_link
                 WHERE document_id = ANY(%s)
                   AND issuer_id = %s
                   AND environment = %s
                   AND (position > 0 OR position IS NULL AND rejected_at IS NULL)
              ORDER BY id
                """,
                RESOLUTION,
                self._ids("document_id"),
                *self._chain,
            )
        )
        for row in rows:
            row["fact"] = _parsed(row["content"] or "{}")
            history[row["document_id"]][row["kind"]].append(row)
        return history

    def is_last(self, link):
        """Tell whether the document has no later link of the same kind."""
        return self.history[link["document_id"]][link["kind"]][-1]["id"] == link["id"]

    def before(self, link, kind):
        """Return the sealed links of a kind that the document had before."""
        return [
            one
            for one in self.history[link["document_id"]][kind]
            if one["position"] and one["position"] < link["position"]
        ]

    @cached_property
    def repeated(self):
        """Return the earlier fact, by position, if a document has several links of a kind."""
        positions = [
            before[-1]["position"]
            for link in self.links
            if link["kind"] in (ISSUE, ANNULMENT) and (before := self.before(link, link["kind"]))
        ]
        return {
            row["position"]: _parsed(row["content"])
            for row in self._of_chain("position, content", positions)
        }

    @cached_property
    def evidence(self):
        """Return by document the accepted calls and what people stated, with link positions."""
        evidence = defaultdict(list)
        for row in self._rows(
            SQL(
                """
                SELECT exchange.document_id, exchange.operation, exchange.request_hash,
                       link.position,
                       CASE WHEN exchange.operation = 'issue' THEN exchange.answer_body END
                            AS answer
                  FROM smart_exchange AS exchange
                  JOIN smart_chain_link AS link ON link.exchange_id = exchange.id
                 WHERE exchange.document_id = ANY(%s)
                   AND exchange.operation IN ('issue', 'annul', 'resolve')
                   AND exchange.outcome = 'accepted'
                   AND link.position > 0
                   AND link.issuer_id = %s
                   AND link.environment = %s
                """,
                self._ids("document_id", ISSUE, ANNULMENT),
                *self._chain,
            )
        ):
            row["control_number"] = control_number_of(row.pop("answer"))
            evidence[row["document_id"]].append(row)
        return evidence

    @cached_property
    def contents(self):
        """Return what owners say now: (model, id) -> ``OwnerContent``."""
        owners = defaultdict(set)
        for link in self.links:
            if link["kind"] != ISSUE or not facts.is_readable(link["fact"]):
                continue
            model, owner_id = facts.owner_of(link["fact"]) or ("", 0)
            if self._env["smart.document"]._is_owner(model):
                owners[model].add(owner_id)
        return {
            (model, owner_id): content
            for model, ids in owners.items()
            for owner_id, content in self._env[model]._smart_contents(ids).items()
        }

    @cached_property
    def files(self):
        """Return the printed documents that are kept: by document [(SHA-256, size)]."""
        return self._files(
            SQL(
                "SELECT res_id, store_fname, db_datas FROM ir_attachment WHERE"
                " res_model = 'smart.document' AND res_field = 'document_file'"
                " AND res_id = ANY(%s)",
                self._ids("document_id", FILE),
            )
        )

    @cached_property
    def witnesses(self):
        """Return the printed documents that are kept as evidence, see :meth:`files`."""
        return self._files(
            SQL(
                "SELECT witness.document_id AS res_id, file.store_fname, file.db_datas"
                " FROM ir_attachment AS file JOIN smart_witness AS witness"
                " ON witness.id = file.res_id WHERE file.res_model = 'smart.witness'"
                " AND file.res_field = 'file' AND witness.document_id = ANY(%s)",
                self._ids("document_id", RESOLUTION),
            )
        )

    def _files(self, query):
        files = defaultdict(list)
        Attachment = self._env["ir.attachment"]
        for row in self._rows(query):
            # One at a time, and without a cache: files may be large.
            content = (
                Attachment._file_read(row["store_fname"])
                if row["store_fname"]
                else bytes(row["db_datas"] or b"")
            )
            if content:
                found = (hashlib.sha256(content).hexdigest(), len(content))
                files[row["res_id"]].append(found)
        return files

    @cached_property
    def shortenings(self):
        """Return the facts of the links that tell of removed texts, by link id."""
        ids = {row["shortening_link_id"] for row in self.exchanges.values()} - {None}
        rows = self._rows(
            SQL(
                "SELECT id, content FROM smart_chain_link WHERE kind = %s AND position > 0"
                " AND issuer_id = %s AND environment = %s AND id = ANY(%s)",
                SHORTENING,
                *self._chain,
                list(ids),
            )
        )
        return {row["id"]: _shortening(row) for row in rows}

    @cached_property
    def kept_requests(self):
        """Return by document the SHA-256 of the request it keeps, if its calls are shortened."""
        ids = {
            row["document_id"] for row in self.exchanges.values() if row["shortening_link_id"]
        } - {None}
        rows = self._rows(
            SQL(
                "SELECT id, encode(sha256(convert_to(request_body, 'UTF8')), 'hex') AS sha256"
                "  FROM smart_document WHERE id = ANY(%s)",
                list(ids),
            )
        )
        return {row["id"]: row["sha256"] for row in rows}

    @cached_property
    def anchored(self):
        """Return the fingerprints at the positions that anchors in requests name."""
        positions = []
        for document_id in self._ids("document_id", ISSUE):
            body = self.documents.get(document_id, {}).get("request_body")
            if anchor := chain_anchor.read(tracking_id_of(body)):
                positions.append(anchor[0])
        rows = self._of_chain("position, hash", positions)
        return {row["position"]: row["hash"] or "" for row in rows} | {0: GENESIS}

    def _of_chain(self, columns, positions):
        return self._rows(
            SQL(
                "SELECT %s FROM smart_chain_link"
                " WHERE issuer_id = %s AND environment = %s AND position = ANY(%s)",
                SQL(columns),
                *self._chain,
                list(set(positions)),
            )
        )


def _parsed(content):
    """Return the fact of a link; an empty one if somebody has made it unreadable."""
    try:
        fact = json.loads(content)
    except ValueError:
        return {}
    return fact if isinstance(fact, dict) else {}


def _shortening(row):
    fact = _parsed(row["content"])
    if not facts.is_readable(fact):
        return {"exchanges": frozenset()}
    return {**fact, "exchanges": frozenset(fact.get("exchanges", ()))}
