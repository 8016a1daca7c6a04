"""What the service's ledger says beside what Odoo says."""

import json
import re
from collections import Counter, defaultdict

from smart_api.doubts import VAIN_ATTEMPTS

from .owners import OWNERS
from .plan import POISONS, REFUSED
from .said import in_english

DOCUMENTS = """
    SELECT document.id, owner.id, owner.name, owner.state, document.state,
           document.document_type, document.internal_number, document.internal_sequence,
           document.reserved_sequence,
           document.control_number, document.proven_issued, document.last_error,
           document.request_body, document.witness_id, related.name, related.state,
           (SELECT code FROM smart_exchange WHERE document_id = document.id
             AND operation = 'issue' AND outcome = 'refused' ORDER BY id DESC LIMIT 1),
           (SELECT count(*) FROM smart_exchange WHERE document_id = document.id
             AND operation = 'issue' AND outcome = 'unknown')
      FROM {table} AS owner
 LEFT JOIN smart_document AS document ON document.{field} = owner.id
 LEFT JOIN smart_document AS related ON related.id = document.related_document_id
     WHERE owner.id = ANY(%s)
  ORDER BY owner.id
"""
COLUMNS = [
    "id",
    "owner_id",
    "name",
    "owner_state",
    "state",
    "document_type",
    "internal_number",
    "internal_sequence",
    "reserved_sequence",
    "control_number",
    "proven_issued",
    "last_error",
    "request_body",
    "witness_id",
    "related_name",
    "related_state",
    "refusal_code",
    "vain_attempts",
]
TYPES = {
    "invoice": 1,
    "debit_note": 2,
    "credit_note": 3,
    "dispatch_guide": 4,
    "delivery_note": 5,
}

#: The only refusal that a plan asks for: of a note about a document that the service does not
#: know. The faults that answer with a refusal (401, code 12) are about the issuer: they stop
#: the queue, and no document may end by them.
UNKNOWN_RELATED = 11

#: Faults are many: three in a row may meet one document, which looks then as if the service could
#: not take it. Up to this share of documents, which are not issued, are set aside by that.
MOST_SET_ASIDE = 0.005


class Verdict:
    """Lists of sentences; every list but ``drawn`` and ``for_a_person`` must be empty.

    ``drawn`` has the refusals that the plan itself asked for.

    :param database: to read from
    :param owners: what was to be issued: pairs of (model, id)
    :param kinds: what the plan drew each of them as, or as which poison; in the same order
    :param ledger: the simulator's documents, in the order of issue
    :param bool enforced: whether the service enforces the numbering
    """

    def __init__(self, database, owners, kinds, ledger, enforced):
        self._enforced = enforced
        self._kinds = dict(zip(owners, kinds, strict=True))
        self._documents = [
            dict(zip(COLUMNS, row, strict=True), model=model)
            for model, kind in OWNERS.items()
            if (ids := [owner_id for its_model, owner_id in owners if its_model == model])
            for row in database.rows(DOCUMENTS.format(table=kind.table, field=kind.field), ids)
        ]
        for document in self._documents:
            document["last_error"] = in_english(document["last_error"])
        self._ledger = ledger
        self.duplicates = self._duplicates()
        self.lost = []
        self.wrong = []
        #: Documents in doubt, and the control numbers that no evidence has brought here.
        self.unseen = {}
        self._pair()
        self.gaps = self._gaps()
        self.drawn, self.for_a_person = {}, {}
        self.unexplained = []
        self.set_aside = {}
        self._explain()
        if len(self.set_aside) > max(1, MOST_SET_ASIDE * len(self._documents)):
            self.unexplained += [f"{name}: {why}" for name, why in self.set_aside.items()]

    @property
    def holds(self):
        return not (self.duplicates or self.lost or self.wrong or self.unexplained or self.gaps)

    @property
    def witnessed(self):
        """How many were settled by their printed document, without anybody's help."""
        return sum(bool(document["witness_id"]) for document in self._documents)

    def states(self):
        return dict(Counter(document["state"] for document in self._documents))

    def _duplicates(self):
        found = []
        for what, key in (
            ("the same Odoo document", lambda one: _document_id(one) or one["tracking_id"]),
            ("internal number", lambda one: (one["document_type"], one["internal_number"])),
        ):
            groups = defaultdict(list)
            for one in self._ledger:
                groups[key(one)].append(one["control_number"])
            found += [
                f"{what} {name}: control numbers {', '.join(numbers)}"
                for name, numbers in groups.items()
                if len(numbers) > 1
            ]
        return found

    def _pair(self):
        """Compare what was issued there with what is known here, both ways."""
        by_id = {document["id"]: document for document in self._documents}
        known = {document["control_number"]: document for document in self._documents}
        issued = {one["control_number"]: one for one in self._ledger}
        for number, one in issued.items():
            document = by_id.get(_document_id(one))
            if document is None:
                self.wrong.append(f"{number} was issued for {one['tracking_id']}, unknown here")
            elif number in known:
                self.wrong += _differences(number, known[number], document, one)
            elif document["state"] != "unknown":
                self.lost.append(f"{number} of {document['name']}, {document['state']} here")
            elif document["internal_number"] != one["internal_number"]:
                self.wrong.append(
                    f"{document['name']} is unknown under {document['internal_number']}, but was "
                    f"issued under {one['internal_number']}"
                )
            else:
                self.unseen[document["name"]] = number
        for document in self._documents:
            number = document["control_number"]
            if number and number not in issued:
                self.wrong.append(f"{document['name']} has {number}, which was never issued")
            if document["proven_issued"] and not any(
                (one["document_type"], one["internal_number"])
                == (TYPES[document["document_type"]], document["internal_number"])
                for one in self._ledger
            ):
                self.wrong.append(f"{document['name']} is called proven, but was not issued")

    def _gaps(self):
        gaps = []
        ours, theirs = defaultdict(Counter), defaultdict(list)
        for document in self._documents:
            if document["state"] in ("sending", "unknown", "issued"):
                ours[TYPES[document["document_type"]]][document["internal_sequence"]] += 1
        for one in self._ledger:
            theirs[one["document_type"]].append(int(one["internal_number"]))
        for kind, numbers in ours.items():
            highest = max(numbers)
            # The next document of the kind takes what is kept for one that was refused.
            kept = {
                document["reserved_sequence"]
                for document in self._documents
                if document["state"] == "refused" and TYPES[document["document_type"]] == kind
            }
            missing = sorted(set(range(1, highest + 1)) - set(numbers) - kept)
            gaps += [f"type {kind}: number {number} is missing in Odoo" for number in missing]
            gaps += [
                f"type {kind}: number {number} was used {times} times in Odoo"
                for number, times in numbers.items()
                if times > 1
            ]
        if self._enforced:
            for kind, numbers in theirs.items():
                if numbers != list(range(1, len(numbers) + 1)):
                    gaps.append(f"type {kind}: the service has not issued 1 to {len(numbers)}")
        return gaps

    def _explain(self):
        for document in self._documents:
            name, state = document["name"], document["state"]
            if document["owner_state"] != OWNERS[document["model"]].confirmed or state is None:
                self.unexplained.append(f"{name}: {document['owner_state']}, {state}")
            elif state == "issued":
                if not document["control_number"]:
                    self.unexplained.append(f"{name}: issued without a control number")
            elif state in ("refused", "unknown"):
                if self._is_set_aside(document):
                    self.set_aside[name] = f"{state}: {document['last_error']}"
                elif flaw := self._why_not(document):
                    self.unexplained.append(f"{name}: {flaw}: {document['last_error']}")
                else:
                    left = self.drawn if state == "refused" else self.for_a_person
                    left[name] = f"{state}: {document['last_error']}"
            elif state == "queued" and document["related_state"] not in (None, "issued"):
                self.for_a_person[name] = (
                    f"queued: waits for {document['related_name']}, {document['related_state']}"
                )
            else:
                self.unexplained.append(f"{name}: {state}, {document['last_error']}")

    def _is_set_aside(self, document):
        """Tell whether faults met each attempt at it, and not the plan set it aside."""
        kind = self._kinds.get((document["model"], document["owner_id"]))
        return (
            document["state"] == "refused"
            and kind not in POISONS
            and document["refusal_code"] is None
            and document["vain_attempts"] >= VAIN_ATTEMPTS
            and bool(document["last_error"])
        )

    def _why_not(self, document):
        """Return in words why a document may not have ended refused or unknown, or None."""
        state = document["state"]
        if not document["last_error"]:
            return f"{state} without a reason"
        if state == "unknown":
            # Repeating it is safe: that issues it, or proves that it was issued.
            if self._enforced and not document["proven_issued"]:
                return "unknown, and nobody has found out"
        elif (kind := self._kinds.get((document["model"], document["owner_id"]))) in POISONS:
            # Its number must prove free, or that the sequence has no place for it.
            if POISONS[kind]:
                return f"refused, though it may be issued ({kind})"
        elif kind != REFUSED:
            return "refused, which nothing planned"
        elif document["refusal_code"] != UNKNOWN_RELATED:
            return f"refused with code {document['refusal_code']}"
        return None


def _document_id(issued):
    """Return the id of the fiscal document that a request was made for: the end of its anchor."""
    match = re.search(r"\.(\d+)$", issued["tracking_id"] or "")
    return int(match[1]) if match else None


def _differences(number, holder, document, issued):
    """Yield how the holder of a control number differs from what it was issued for."""
    if holder is not document:
        yield f"{number} of {document['name']} stands on {holder['name']}"
    expected = {
        "document type": (TYPES[holder["document_type"]], issued["document_type"]),
        "internal number": (holder["internal_number"], issued["internal_number"]),
        "total": (json.loads(holder["request_body"])["total"], issued["total"]),
        "state": (holder["state"], "issued"),
    }
    for what, (here, there) in expected.items():
        if here != there:
            yield f"{number} ({holder['name']}): {what} {here} here, {there} there"
