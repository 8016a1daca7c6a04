"""What the links of a chain say: each key, and the column that it is about. Plain Python.

A key never changes its meaning; another meaning gets another key. So a link of any age is
compared by its own keys. A key that this code no longer knows is not compared, but the
fingerprint still protects it.
"""

import re

from ...smart_api.rates import PARTS
from ..terms import ANNULMENT, ANNULMENT_REQUEST, EXCHANGE, FILE, ISSUE, RESOLUTION
from .content import digest, moment


def number(value):
    return value or 0


def text(value):
    return str(value) if value else ""


def money(value):
    return f"{(value or 0.0) + 0.0:.2f}"


def rate(value):
    return f"{value or 0.0:.4f}"


def day(value):
    return value.isoformat() if value else ""


def sha256(value):
    return digest(text(value))


def issued(state):
    return state in ("issued", "annulled")


def annulled(state):
    return state == "annulled"


def owner(model, record_id):
    """Return an owner as facts name it."""
    return f"{model},{record_id}" if record_id else ""


#: Not a column, but which of them points to an owner, in the words of :func:`owner`.
ISSUED_FOR = "owner"

#: What a request of version 1 named, by its id.
OWNER_OF_VERSION_1 = "account.move"

#: Of a document, in its currency and in bolívares.
AMOUNTS = [name + ending for ending in ("", "_signed") for name in (*PARTS, "amount_total")]

#: Whose chain it is, and the record's own company.
WHOSE = {
    "issuer": ("issuer_id", number),
    "environment": ("environment", text),
    "company": ("company_id", number),
}

#: Kind -> key -> (column, form). Facts also have the key ``id``, and keys that are no column: see
#: the methods that append links.
SAYS = {
    EXCHANGE: {
        **WHOSE,
        "document": ("document_id", number),
        "operation": ("operation", text),
        "outcome": ("outcome", text),
        "code": ("code", number),
        "reason": ("reason", text),
        "message": ("message", text),
        "url": ("url", text),
        "http_status": ("http_status", number),
        "request_sha256": ("request_hash", text),
        "answer_sha256": ("answer_hash", text),
        "started_at": ("started_at", moment),
        "duration_ms": ("duration_ms", number),
        "user": ("user_id", number),
        "created_by": ("create_uid", number),
        "created_at": ("create_date", moment),
        "written_by": ("write_uid", number),
        "written_at": ("write_date", moment),
    },
    ISSUE: {
        **WHOSE,
        "control_number": ("control_number", text),
        "issued": ("state", issued),
        "type": ("document_type", text),
        "name": ("name", text),
        "internal_number": ("internal_number", text),
        "internal_sequence": ("internal_sequence", number),
        "related": ("related_document_id", number),
        "owner": (ISSUED_FOR, text),
        "content_sha256": ("owner_digest", text),
        "partner": ("partner_id", number),
        "customer_name": ("customer_name", text),
        "customer_vat": ("customer_vat", text),
        "issued_at": ("issued_at", moment),
        "date": ("issue_date", day),
        "branch": ("branch_code", text),
        "currency": ("currency_id", number),
        "bolivar": ("bolivar_id", number),
        "exchange_rate": ("exchange_rate", rate),
        "request_sha256": ("request_body", sha256),
        "footer_sha256": ("legal_footer", sha256),
        "url": ("document_url", text),
        "queue_position": ("queue_position", number),
        "queued_at": ("queued_at", moment),
        "sent_at": ("sent_at", moment),
        "attempts": ("attempts", number),
        "repeatable": ("repeatable", bool),
        "created_by": ("create_uid", number),
        "created_at": ("create_date", moment),
        **{name: (name, money) for name in AMOUNTS},
    },
    ANNULMENT_REQUEST: {
        **WHOSE,
        "wanted": ("annulment_state", bool),
        "reason": ("annulment_reason", text),
        "user": ("annulment_user_id", number),
        "requested_at": ("annulment_requested_at", moment),
        "unreconcile": ("annulment_unreconcile", bool),
    },
    ANNULMENT: {
        **WHOSE,
        "control_number": ("control_number", text),
        "annulled": ("state", annulled),
        "annulled_at": ("annulled_at", moment),
        "reason": ("annulment_reason", text),
        "user": ("annulment_user_id", number),
        "requested_at": ("annulment_requested_at", moment),
        "unreconcile": ("annulment_unreconcile", bool),
        "attempts": ("annulment_attempts", number),
        "sent_at": ("annulment_sent_at", moment),
        "in_doubt": ("annulment_in_doubt", bool),
    },
    RESOLUTION: {
        **WHOSE,
        "resolved_by": ("resolved_by", number),
        "resolved_at": ("resolved_at", moment),
        "explanation": ("resolution", text),
    },
    FILE: {
        **WHOSE,
    },
}

#: The type that a form gives, if it is not text.
TYPES = {number: int, bool: bool, issued: bool, annulled: bool}

#: The types of keys that are no column.
TYPES_BESIDE = {
    "v": int,
    "id": int,
    "at": str,
    "kind": str,
    "decision": str,
    "file_sha256": str,
    "file_size": int,
    "exchanges": list,
    "before": str,
    "model": str,
    "from": list,
    "to": int,
}

LARGEST = 2**31

OWNER = re.compile(r"([a-z._]+),([0-9]{1,9})")

#: Keys of an issued document that a resolution may change: the number that was recorded by
#: mistake, and what belongs to it.
RESOLVABLE = frozenset({"control_number", "issued_at", "date", "footer_sha256", "url", "at"})


def columns(kind):
    """Return the columns that links of a kind tell of, apart from those that point to owners."""
    return sorted({column for column, _form in SAYS[kind].values()} - {ISSUED_FOR})


def fact(kind, row):
    """Return what a link of this version says about a record.

    :param kind: of :data:`SAYS`
    :param row: mapping of columns to values
    """
    return {key: form(row[column]) for key, (column, form) in SAYS[kind].items()}


def is_readable(said):
    """Tell whether a link's fact has the right types; anybody may have written it."""
    forms = SAYS.get(str(said.get("kind")), {})
    for key, value in said.items():
        if key in forms:
            expected = TYPES.get(forms[key][1], str)
        else:
            expected = TYPES_BESIDE.get(key, type(value))
        if type(value) is not expected:
            return False
        for one in value if expected is list else [value]:
            if type(one) is int and not -LARGEST <= one < LARGEST:
                return False
            if expected is list and type(one) is not int:
                return False
    return True


def owner_of(said):
    """Return (model, id) of the owner that an issue's fact names; ``None`` if it names none."""
    match = OWNER.fullmatch(said.get("owner", ""))
    return match and (match[1], int(match[2]))


def changes(kind, said, row):
    """Return where a record now differs from its link: [(key, before, now)].

    :param dict said: the link's fact, of any version
    :param row: mapping of columns to values, as the record is now
    """
    found = []
    for key, (column, form) in SAYS[kind].items():
        if key in said and said[key] != (now := form(row[column])):
            found.append((key, said[key], now))
    return found
