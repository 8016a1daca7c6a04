"""What the service remembers: issuers, issued documents, and its own settings.

One SQLite database. A document is committed by :meth:`Ledger.issue` before the
caller can answer, so that killing the process loses nothing that was issued.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS issuer (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rif TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    address TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
    enforce_numbering INTEGER NOT NULL, lot_from INTEGER NOT NULL, lot_to INTEGER NOT NULL,
    lot_date TEXT NOT NULL, identifier TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    id INTEGER PRIMARY KEY AUTOINCREMENT, issuer_id INTEGER NOT NULL REFERENCES issuer,
    document_type INTEGER NOT NULL, internal_number TEXT NOT NULL, internal_value INTEGER NOT NULL,
    control_value INTEGER NOT NULL, control_number TEXT NOT NULL, issued_at TEXT NOT NULL,
    footer TEXT NOT NULL, annulled INTEGER NOT NULL DEFAULT 0, annul_reason TEXT,
    request TEXT NOT NULL, converted TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS document_control ON document (issuer_id, control_value);
CREATE INDEX IF NOT EXISTS document_control_number ON document (issuer_id, control_number);
CREATE INDEX IF NOT EXISTS document_internal
    ON document (issuer_id, document_type, internal_number);
CREATE INDEX IF NOT EXISTS document_internal_value
    ON document (issuer_id, document_type, internal_value);
CREATE TABLE IF NOT EXISTS email (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL REFERENCES document,
    address TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS call_count (path TEXT PRIMARY KEY, calls INTEGER NOT NULL);
"""
_SAVE_ISSUER = """
INSERT INTO issuer (rif, name, address, email, phone, enforce_numbering, lot_from, lot_to,
    lot_date, identifier)
VALUES (:rif, :name, :address, :email, :phone, :enforce_numbering, :lot_from, :lot_to,
    :lot_date, :identifier)
ON CONFLICT (rif) DO UPDATE SET name = excluded.name, address = excluded.address,
    email = excluded.email, phone = excluded.phone,
    enforce_numbering = excluded.enforce_numbering, lot_from = excluded.lot_from,
    lot_to = excluded.lot_to, lot_date = excluded.lot_date, identifier = excluded.identifier
"""


@dataclass(frozen=True)
class Issuer:
    """A taxpayer and the lot of control numbers that the printing house gave it."""

    id: int
    rif: str
    name: str
    address: str
    email: str
    phone: str
    enforce_numbering: bool
    lot_from: int
    lot_to: int
    lot_date: str
    identifier: str

    def control_number(self, value: int) -> str:
        return f"{self.identifier}-{value:08d}"

    def as_dict(self) -> dict:
        return asdict(self) | {"enforce_numbering": bool(self.enforce_numbering)}


@dataclass(frozen=True)
class NewDocument:
    """What is stored of a document that passed the checks."""

    document_type: int
    internal_number: str
    internal_value: int
    issued_at: str
    footer: str
    request: str
    converted: dict | None
    mailed_to: tuple[str, ...]


class Ledger:
    """The database. ``path`` None keeps everything in memory.

    Raises sqlite3.OperationalError when the file cannot be opened or another process
    holds it.
    """

    def __init__(self, path: str | None = None) -> None:
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=2)
        self._db.row_factory = sqlite3.Row
        # Two services on one ledger would hand out control numbers twice.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode = WAL")
        # WAL with NORMAL survives the death of the process; only a power cut could lose.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self.secret = self.setting("secret") or secrets.token_hex(32)
        self.set_setting("secret", self.secret)

    def close(self) -> None:
        self._db.close()

    def reset(self) -> None:
        """Forget issuers, documents and counts; the secret of the tokens stays."""
        self._db.executescript(
            "BEGIN; DELETE FROM email; DELETE FROM document; DELETE FROM issuer;"
            " DELETE FROM call_count; COMMIT;"
        )

    # -- settings -------------------------------------------------------------

    def setting(self, name: str, default=None):
        row = self._one("SELECT value FROM setting WHERE name = ?", name)
        return json.loads(row["value"]) if row else default

    def set_setting(self, name: str, value) -> None:
        self._db.execute("REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    # -- issuers --------------------------------------------------------------

    def issuer(self, rif: str) -> Issuer | None:
        row = self._one("SELECT * FROM issuer WHERE rif = ?", rif)
        return Issuer(**row) if row else None

    def issuers(self) -> list[Issuer]:
        return [Issuer(**row) for row in self._db.execute("SELECT * FROM issuer ORDER BY id")]

    def save_issuer(self, values: dict) -> Issuer:
        """Store an issuer, or update the one of the same ``rif``; return it."""
        self._db.execute(_SAVE_ISSUER, values)
        return self.issuer(values["rif"])

    # -- documents ------------------------------------------------------------

    def next_control_value(self, issuer: Issuer) -> int:
        row = self._one(
            "SELECT max(control_value) AS last FROM document WHERE issuer_id = ?", issuer.id
        )
        return max((row["last"] or 0) + 1, issuer.lot_from)

    def document(self, issuer: Issuer, control_number: str) -> dict | None:
        row = self._one(
            "SELECT * FROM document WHERE issuer_id = ? AND control_number = ?",
            issuer.id,
            control_number,
        )
        return dict(row) if row else None

    def is_internal_number_used(
        self, issuer: Issuer, document_type: int, internal_number: str
    ) -> bool:
        """Tell whether a document of a type has a number, to the letter."""
        row = self._one(
            "SELECT 1 FROM document WHERE issuer_id = ? AND document_type = ?"
            " AND internal_number = ? LIMIT 1",
            issuer.id,
            document_type,
            internal_number,
        )
        return row is not None

    def highest_internal_value(self, issuer: Issuer, document_type: int) -> int | None:
        """Return the highest number of a type, None where there is none."""
        row = self._one(
            "SELECT max(internal_value) AS highest FROM document"
            " WHERE issuer_id = ? AND document_type = ?",
            issuer.id,
            document_type,
        )
        return row["highest"]

    def issue(self, issuer: Issuer, new: NewDocument) -> str:
        """Commit a document under the next control number; return that number."""
        value = self.next_control_value(issuer)
        control_number = issuer.control_number(value)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            document_id = self._db.execute(
                "INSERT INTO document (issuer_id, document_type, internal_number,"
                " internal_value, control_value, control_number, issued_at, footer, request,"
                " converted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    issuer.id,
                    new.document_type,
                    new.internal_number,
                    new.internal_value,
                    value,
                    control_number,
                    new.issued_at,
                    new.footer,
                    new.request,
                    json.dumps(new.converted) if new.converted else None,
                ),
            ).lastrowid
            self._insert_emails(document_id, new.mailed_to)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return control_number

    def annul(self, document_id: int, reason: str) -> None:
        """Mark a document as annulled; a second annulment leaves the first reason."""
        self._db.execute(
            "UPDATE document SET annul_reason = coalesce(annul_reason, ?), annulled = 1"
            " WHERE id = ?",
            (reason, document_id),
        )

    def add_emails(self, document_id: int, addresses: tuple[str, ...]) -> None:
        self._insert_emails(document_id, addresses)

    def _insert_emails(self, document_id: int, addresses: tuple[str, ...]) -> None:
        self._db.executemany(
            "INSERT INTO email (document_id, address) VALUES (?, ?)",
            [(document_id, address) for address in addresses],
        )

    def documents(self, rif: str | None, with_request: bool) -> Iterator[dict]:
        """Yield the issued documents in the order of issue, as ``GET /ledger`` shows them."""
        emails: dict[int, list[str]] = {}
        for row in self._db.execute("SELECT document_id, address FROM email ORDER BY id"):
            emails.setdefault(row["document_id"], []).append(row["address"])
        rows = self._db.execute(
            "SELECT document.*, issuer.rif FROM document"
            " JOIN issuer ON issuer.id = document.issuer_id"
            " WHERE ? IS NULL OR issuer.rif = ? ORDER BY document.id",
            (rif, rif),
        )
        for row in rows:
            request = json.loads(row["request"])
            shown = {
                "rif": row["rif"],
                "document_type": row["document_type"],
                "internal_number": row["internal_number"],
                "control_number": row["control_number"],
                "issued_at": row["issued_at"],
                "tracking_id": request.get("trackingid"),
                "currency": request.get("tipomoneda"),
                "total": request.get("total"),
                "annulled": bool(row["annulled"]),
                "annul_reason": row["annul_reason"],
                "emails": emails.get(row["id"], []),
                "converted": json.loads(row["converted"]) if row["converted"] else None,
            }
            yield shown | {"request": request} if with_request else shown

    # -- counts ---------------------------------------------------------------

    def count_call(self, path: str) -> None:
        self._db.execute(
            "INSERT INTO call_count VALUES (?, 1)"
            " ON CONFLICT (path) DO UPDATE SET calls = calls + 1",
            (path,),
        )

    def call_counts(self) -> dict[str, int]:
        return {row["path"]: row["calls"] for row in self._db.execute("SELECT * FROM call_count")}

    def _one(self, query: str, *values) -> sqlite3.Row | None:
        return self._db.execute(query, values).fetchone()
