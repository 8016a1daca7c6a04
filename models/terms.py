"""The shared vocabulary: states, kinds and sets that several rooms use. Plain Python."""

import zlib
from zoneinfo import ZoneInfo

from ..smart_api import rates, schemas

CARACAS = ZoneInfo("America/Caracas")

# -- where and what ------------------------------------------------------------------------

ENVIRONMENTS = [
    ("disabled", "Disabled"),
    ("test", "Test"),
    ("production", "Production"),
    ("custom", "Custom address"),
]

DOCUMENT_TYPES = [
    ("invoice", "Invoice"),
    ("debit_note", "Debit Note"),
    ("credit_note", "Credit Note"),
    ("dispatch_guide", "Dispatch Guide"),
    ("delivery_note", "Delivery Note"),
]
#: What is sold, so that its amounts count; the others say only what is on the road.
SALES_TYPES = ("invoice", "debit_note", "credit_note")
WIRE_DOCUMENT_TYPES = {key: schemas.DocumentType[key.upper()] for key, _label in DOCUMENT_TYPES}

# -- a document's way ----------------------------------------------------------------------

QUEUED = "queued"
SENDING = "sending"
ISSUED = "issued"
REFUSED = "refused"
UNKNOWN = "unknown"
ANNULLED = "annulled"
WITHDRAWN = "withdrawn"

STATES = [
    (QUEUED, "Waiting"),
    (SENDING, "Being sent"),
    (ISSUED, "Issued"),
    (REFUSED, "Refused"),
    (UNKNOWN, "Unknown"),
    (ANNULLED, "Annulled"),
    (WITHDRAWN, "Withdrawn"),
]

#: SMART has the document, or may have it: nothing about it can change in Odoo.
LOCKED_STATES = (SENDING, UNKNOWN, ISSUED, ANNULLED)

#: Its invoice is confirmed: it has a control number, or waits for one.
CONFIRMED_STATES = tuple(state for state, _label in STATES if state != WITHDRAWN)

#: It has its control number for good.
NUMBERED_STATES = (ISSUED, ANNULLED)

#: Confirmed, and without control number so far.
UNNUMBERED_STATES = (QUEUED, SENDING, REFUSED, UNKNOWN)

# -- how a sales journal issues ------------------------------------------------------------

DIGITAL = "digital"
CONTINGENCY = "contingency"
OTHER_CHANNEL = "other"

CHANNELS = [
    (DIGITAL, "Digital, through SMART"),
    (CONTINGENCY, "Contingency, on numbered paper"),
    (OTHER_CHANNEL, "Other: fiscal machine, free form"),
]

#: What became of a numbered sheet of paper. None is ever blank again.
SHEET_USED = "used"
SHEET_ANNULLED = "annulled"
SHEET_SPOILT = "spoilt"
SHEET_LOST = "lost"

SHEET_STATES = [
    (SHEET_USED, "Issued on paper"),
    (SHEET_ANNULLED, "Annulled"),
    (SHEET_SPOILT, "Spoilt"),
    (SHEET_LOST, "Lost"),
]

# -- what follows the issue -----------------------------------------------------------------

#: The owner is to be told that its document is legal, then that it can be sent.
LEGAL = "legal"
PRINT = "print"

# -- annulling -----------------------------------------------------------------------------

REQUESTED = "requested"
CALLING = "calling"
PENDING = "pending"
ANNULMENT_REFUSED = "refused"
CANCELLING = "cancelling"
UNCANCELLED = "uncancelled"
DONE = "done"

ANNULMENT_STATES = [
    (REQUESTED, "To be annulled"),
    (CALLING, "Being annulled"),
    (PENDING, "Annulment pending"),
    (ANNULMENT_REFUSED, "Not annulled"),
    (CANCELLING, "Annulled, being cancelled in Odoo"),
    (UNCANCELLED, "Annulled at SMART, still posted in Odoo"),
    (DONE, "Annulled"),
]

#: SMART was or will be asked to annul it: nothing new may depend on the document.
ANNULMENT_UNDER_WAY = (REQUESTED, CALLING, PENDING)

#: Value in the context: the move is cancelled because SMART has annulled its document. It is an
#: object, so no call from outside can send it.
CANCEL_ANNULLED = object()

# -- e-mails by SMART ----------------------------------------------------------------------

TO_MAIL = "to_mail"
MAILING = "mailing"
MAILED = "mailed"
PERHAPS_MAILED = "perhaps_mailed"
NOT_MAILED = "not_mailed"

EMAIL_STATES = [
    (TO_MAIL, "Waiting"),
    (MAILING, "Being sent"),
    (MAILED, "Sent"),
    (PERHAPS_MAILED, "May have been sent"),
    (NOT_MAILED, "Not sent"),
]

# -- the log of calls ----------------------------------------------------------------------

OPERATIONS = [
    ("issue", "Issue"),
    ("annul", "Annul"),
    ("email", "E-mail"),
    ("next_number", "Next internal number"),
    ("resolve", "Doubt resolved"),
    ("witness", "Proven by its printed document"),
    ("renumber", "Numbering changed"),
]
OUTCOMES = [
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("not_sent", "Not sent"),
    ("unknown", "Unknown"),
]

# -- links of the integrity chain ----------------------------------------------------------

EXCHANGE = "exchange"
ISSUE = "issue"
ANNULMENT_REQUEST = "annulment_request"
ANNULMENT = "annulment"
RESOLUTION = "resolution"
FILE = "file"
SHORTENING = "shortening"
MERGE = "merge"

#: What a resolution has decided.
DECIDED_ISSUED = "issued"
DECIDED_NOT_ISSUED = "not_issued"
DECIDED_ANNULLED = "annulled"
#: A person does not believe the printed document that settled it: it is in doubt again.
DECIDED_CONTESTED = "contested"

# -- printed documents as witnesses ---------------------------------------------------------

PROOF = "proof"
AMBIGUOUS = "ambiguous"
PARTIAL = "partial"
OTHER = "other"
UNREADABLE = "unreadable"
NOT_THERE = "missing"
CONTESTED = "contested"

VERDICTS = [
    (PROOF, "Proves it"),
    (AMBIGUOUS, "More than one fits"),
    (PARTIAL, "Does not say enough"),
    (OTHER, "Another document"),
    (UNREADABLE, "Cannot be read"),
    (NOT_THERE, "Not there, or not yet"),
    (CONTESTED, "Contested"),
]
FINDINGS = [
    ("found", "Fits"),
    ("missing", "Not found"),
    ("contradicted", "Contradicts"),
]

#: Context of what follows from what SMART has said. By it addons that freeze what somebody has
#: approved (OCA's ``base_tier_validation``) let it be written.
PAST_APPROVALS = {"skip_validation_check": True}

# -- amounts -------------------------------------------------------------------------------

TAX_KINDS = [*((rate.kind, rate.label) for rate in rates.VAT), (rates.EXEMPT, "Exempt")]

#: Where a document has its rate of exchange from.
RATE_OF_TABLE, RATE_OF_ORIGIN, RATE_BY_HAND = "table", "origin", "hand"
RATE_SOURCES = [
    (RATE_OF_TABLE, "Rates of the currency"),
    (RATE_OF_ORIGIN, "Document that it corrects"),
    (RATE_BY_HAND, "Entered by hand"),
]

#: What SMART can say of a quantity.
UNITS = [
    ("unit", "Unit"),
    ("kilo", "Kilogram"),
    ("litre", "Litre"),
    ("metre", "Metre"),
    ("box", "Box"),
]
WIRE_UNITS = {key: schemas.Unit[key.upper()] for key, _label in UNITS}

# -- advisory locks ------------------------------------------------------------------------

#: First half of a lock's key in PostgreSQL (a signed int4); the second is the issuer's id.
LOCK_CLASS = zlib.crc32(b"l10n_ve_edi_smart.lane") - 2**31
ERRANDS_LOCK_CLASS = zlib.crc32(b"l10n_ve_edi_smart.errands") - 2**31
EMAIL_LOCK_CLASS = zlib.crc32(b"l10n_ve_edi_smart.email") - 2**31
