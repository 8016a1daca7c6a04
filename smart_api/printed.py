"""The printed document as a witness: what a PDF says, beside a request whose outcome is in doubt.

Templates differ per issuer, so nothing here knows a layout: the *values* are looked for in the
text, each as a whole, in any order and in the usual notations. What would prove too much proves
nothing: a second control number, or another internal number than those that the request itself
explains, is a contradiction.
"""

import io
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from pypdf import PdfReader

from .schemas import NOTES, DocumentType, stated

_logger = logging.getLogger(__name__)

#: A document of SMART has a few pages and some kilobytes.
MOST_BYTES = 4 * 1024 * 1024
MOST_PAGES = 40
MOST_CHARACTERS = 400_000

CONTROL_NUMBER = re.compile(
    r"(?<![0-9])(?<![0-9][.,/-])([0-9]{2}) ?- ?([0-9]{8,9})(?![0-9]|[.,/-][0-9])"
)
#: The legal footer names the issuer's lot of control numbers.
LOT = re.compile(r"DESDE[^0-9]{0,40}[0-9]{2} ?- ?[0-9]{8,9}[^0-9]{0,40}[0-9]{2} ?- ?[0-9]{8,9}")
#: What a note prints of the document that it is about (O2).
REFERENCE = re.compile(r"APLICA A (?:LA )?FACTURA")
IDENTIFICATION = re.compile(
    r"(?<![\w-])([VEJPGC])[ .:-]{0,2}([0-9][0-9.]{4,10}[0-9](?: ?- ?[0-9])?)(?![0-9])"
)
MOMENT = re.compile(
    r"(?<![0-9])(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{2})[/-]([0-9]{2})[/-]([0-9]{4}))"
    r"[ T,]{1,3}(?:HORA:? ?)?([0-9]{1,2})[:.]([0-9]{2})[:.]([0-9]{2})(?: ?([AP])\.? ?M\b)?"
)
ANNULLED = re.compile(r"\bANULAD[OA]\b")

_DELIVERY = re.compile(r"\b(?:GUIA DE DESPACHO|(?:ORDEN|NOTA) DE ENTREGA)\b")
#: By what a document calls itself. Manual and print disagree about which of the two delivery
#: documents is which (O2), so they count as one.
WORDS = {
    DocumentType.INVOICE: re.compile(r"\bFACTURA\b"),
    DocumentType.DEBIT_NOTE: re.compile(r"\bNOTA DE DEBITO\b"),
    DocumentType.CREDIT_NOTE: re.compile(r"\bNOTA DE CREDITO\b"),
    DocumentType.DISPATCH_GUIDE: _DELIVERY,
    DocumentType.DELIVERY_NOTE: _DELIVERY,
}

#: What a request says and the document does not print.
NOT_PRINTED = frozenset({"internal_number", "tracking_id", "customer_email"})


class Finding(str, Enum):
    """What a printed document says about one fact."""

    FOUND = "found"
    MISSING = "missing"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True)
class Doubt:
    """The request whose outcome is not known.

    :param request_body: as it was sent
    :param related_internal_number: of the document that a note refers to, or ``""``
    :param issuer_rif: as it stands on the document
    """

    request_body: str
    related_internal_number: str = ""
    issuer_rif: str = ""


@dataclass(frozen=True)
class Testimony:
    """What a printed document says about a request, fact by fact."""

    control_number: Finding
    internal_number: Finding
    document_type: Finding
    customer: Finding
    total: Finding

    @property
    def is_full(self) -> bool:
        """Whether it proves that the request was issued under the control number asked for."""
        return all(finding is Finding.FOUND for finding in vars(self).values())


def read_text(content: bytes) -> str | None:
    """Return the text of a PDF in the form that all comparisons here take, ``None`` if unreadable.

    Whatever is wrong with a file that came from outside, it is no reason to fail: it is no witness.
    """
    if len(content) > MOST_BYTES:
        return None
    try:
        pages = PdfReader(io.BytesIO(content)).pages
        if len(pages) > MOST_PAGES:
            return None
        text = "\n".join(page.extract_text() for page in pages)
    except Exception:
        # Any: pypdf raises what the file's defects lead to, recursion and memory included.
        _logger.info("A PDF of %s bytes cannot be read", len(content), exc_info=True)
        return None
    return normalized(text[:MOST_CHARACTERS]) or None


def normalized(text: str) -> str:
    """Return text in capitals, without accents, with plain digits, dashes and single spaces."""
    text = re.sub("[ºª°]", " ", text)  # as in “Nº”: no letter of a number
    text = unicodedata.normalize("NFKD", text)
    text = "".join(one for one in text if not unicodedata.combining(one)).upper()
    text = re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", text).split())


def compare(text: str, control_number: str, doubt: Doubt) -> Testimony:
    """Compare a printed document with a request in doubt.

    :param text: see :func:`read_text`
    :param control_number: that the document was asked for by
    """
    said = stated(doubt.request_body)
    own_words = _own_words(said)
    plain = LOT.sub(" ¦ ", text)
    numbers = CONTROL_NUMBER.sub(" ¦ ", plain)
    customer = _identification_form(normalized(said["customer_identification"]))
    without_customer = re.sub(customer, " ¦ ", numbers)
    return Testimony(
        control_number=_control_number(plain, own_words, control_number),
        internal_number=_internal_number(without_customer, own_words, said, doubt),
        document_type=_document_type(text, own_words, DocumentType(said["document_type"])),
        customer=_customer(numbers, customer, doubt.issuer_rif),
        total=_total(without_customer, Decimal(str(said["total"]))),
    )


def moment_of_issue(text: str, earliest: datetime, latest: datetime) -> datetime | None:
    """Return the only moment between two that a printed document states; all in its local time."""
    found = set()
    for match in MOMENT.finditer(text):
        year, month, day, day2, month2, year2, hour, minute, second, half = match.groups()
        hour = int(hour) % 12 + 12 * (half == "P") if half else int(hour)
        try:
            moment = datetime(int(year or year2), int(month or month2), int(day or day2),
                              hour, int(minute), int(second))  # fmt: skip
        except ValueError:
            continue
        if earliest <= moment <= latest:
            found.add(moment)
    return found.pop() if len(found) == 1 else None


def bears_annulment(text: str, doubt: Doubt) -> bool:
    """Tell whether a printed document says that it is annulled, and not its own lines do."""
    own_words = _own_words(stated(doubt.request_body))
    return bool(ANNULLED.search(text)) and not ANNULLED.search(own_words)


# -- the facts -------------------------------------------------------------------------------


def _control_number(text: str, own_words: str, asked: str) -> Finding:
    own = set(_control_numbers(own_words))
    named = set(_control_numbers(text)) - own
    if named - {asked} or asked in own:
        return Finding.CONTRADICTED
    return Finding.FOUND if asked in named else Finding.MISSING


def _control_numbers(text: str) -> list[str]:
    return ["-".join(match) for match in CONTROL_NUMBER.findall(text)]


def _internal_number(text: str, own_words: str, said: dict, doubt: Doubt) -> Finding:
    """Look for the document's own number among all that look like one.

    What it refers to is printed in the same form: so every number of that form must be explained.
    """
    own = said.get("internal_number") or ""
    if not own:
        return Finding.MISSING
    form = rf"0[0-9]{{{len(own) - 1}}}|{own}"
    explained, named = set(_whole(form, own_words)), Counter(_whole(form, text))
    is_note = said["document_type"] in NOTES
    wanted = [own, doubt.related_internal_number] if is_note else [own]
    if own in explained or set(named) - explained - set(wanted):
        return Finding.CONTRADICTED
    # The same number may stand there twice: as its own, and as what it refers to.
    return Finding.MISSING if Counter(filter(None, wanted)) - named else Finding.FOUND


def _whole(number: str, text: str) -> list[str]:
    """Return the numbers of a form that are no part of a longer one, nor of an identification."""
    form = rf"(?<![0-9])(?<![0-9][.,/-])(?<!\b[VEJPGC]-)(?:{number})(?![0-9]|[.,/-][0-9])"
    return re.findall(form, text)


def _document_type(text: str, own_words: str, wanted: DocumentType) -> Finding:
    text = REFERENCE.sub(" ¦ ", text)
    more = {
        words: len(words.findall(text)) - len(words.findall(own_words)) for words in WORDS.values()
    }
    own = WORDS[wanted]
    others = set(WORDS.values()) - {own}
    if wanted is not DocumentType.INVOICE:
        others.discard(WORDS[DocumentType.INVOICE])  # what a note, or a delivery, belongs to
    if any(more[words] > 0 for words in others):
        return Finding.CONTRADICTED
    return Finding.FOUND if more[own] > 0 else Finding.MISSING


def _customer(text: str, form: str, issuer_rif: str) -> Finding:
    if re.search(form, text):
        return Finding.FOUND
    others = {
        letter + re.sub(r"[^0-9]", "", digits).lstrip("0")
        for letter, digits in IDENTIFICATION.findall(text)
    }
    issuer = re.sub(r"[^A-Z0-9]", "", normalized(issuer_rif))
    printing_house = 1  # stands in every legal footer
    is_other = len(others - {issuer}) > printing_house
    return Finding.CONTRADICTED if is_other else Finding.MISSING


def _identification_form(identification: str) -> str:
    """Return the expression for an identification with or without dots, dashes, spaces, zeros."""
    match = re.fullmatch(r"([VEJPGC])-([0-9]+)(?:-([0-9]))?", identification)
    start, end = r"(?:(?<![\w-])|(?<=\bRIF)|(?<=\bCI))", r"(?![\w]|[.-][0-9])"
    if not match:  # a passport
        return rf"(?<![\w-]){re.escape(identification)}(?![\w-])"
    letter, body, check = match.groups()
    body = body.lstrip("0") or "0"
    head = len(body) % 3
    groups = [body[:head]] * bool(head) + [body[n : n + 3] for n in range(head, len(body), 3)]
    spaced = rf"{letter}[ .:-]{{0,3}}0*{'[. ]?'.join(groups)}"
    if check is None:
        # The RIF of a natural person is the cédula and one digit more.
        return rf"{start}{spaced}{end}(?! ?- ?[0-9])"
    # A space alone before the last digit only where one stands after the letter, too.
    loose = rf"{letter} 0*{'[. ]?'.join(groups)} {check}"
    return rf"{start}(?:{spaced}(?: ?- ?|\.)?{check}|{loose}){end}"


def _total(text: str, total: Decimal) -> Finding:
    whole, cents = f"{total:.2f}".split(".")
    head = len(whole) % 3 or 3
    groups = [whole[:head], *(whole[n : n + 3] for n in range(head, len(whole), 3))]
    form = rf"(?:{'[.]'.join(groups)},|{','.join(groups)}[.]|{whole}[.,]){cents}"
    for match in re.finditer(rf"(?<![0-9])(?<![0-9][.,']){form}(?![0-9]|[.,'][0-9]| ?%)", text):
        before = text[: match.start()]
        # "1 234,56" is one number in some templates and two in others: it proves nothing.
        if head < 3 or not re.search(r"(?:^|[^0-9.,'-])[0-9]{1,3} $", before[-5:]):
            return Finding.FOUND
    return Finding.MISSING


def _own_words(said: dict) -> str:
    """Return the texts of a request that its document prints."""
    return normalized(" ¦ ".join(_printed_texts(said)))


def _printed_texts(said: dict) -> Iterable[str]:
    for name, value in said.items():
        if name in ("lines", "payments"):
            for one in value:
                yield from (text for text in one.values() if isinstance(text, str))
        elif isinstance(value, str) and name not in NOT_PRINTED:
            yield value
