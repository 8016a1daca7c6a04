"""What is seen under the addresses of printed documents, and whom it speaks for. Plain Python.

Nothing here needs the database: no transaction is open while the network is waited for.
"""

import hashlib
import re
import time
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ...smart_api.document_file import FileError, FileProblem, fetch_pdf
from ...smart_api.printed import Doubt, Testimony, bears_annulment, compare, read_text

#: Other documents wait behind these: shorter than for a file that is known to be there.
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 15, "total_timeout": 30}

#: Fetched in one go, at most; and how long that may take, for a host that is slow.
MOST_ADDRESSES = 60
MOST_SECONDS = 90

ADDRESS = re.compile(r"(?P<files>.+/)[0-9]{4}-(?:0[1-9]|1[0-2])/(?P<rif>[^/]+)")


def address_of(known, known_number, number, month, rif):
    """Return the address of a document, from that of another one of the issuer (O2).

    ``<files>/<rif>/<YYYY-MM>/<rif><control number>``, the month being that of the issue in Caracas.

    :param str month: ``2026-11``
    :returns: ``None`` if the known address is not of this form
    """
    match = known.endswith(known_number) and ADDRESS.fullmatch(known.removesuffix(known_number))
    if not match or match["rif"] != rif:
        return None
    return f"{match['files']}{month}/{rif}{number}"


@dataclass
class Suspect:
    """A document in doubt.

    :param doubt: see :mod:`smart_api.printed`
    :param numbers: control numbers that it may have
    :param kept: the text of its printed document, as it was kept; for annulments
    """

    document_id: int
    doubt: Doubt
    numbers: set = field(default_factory=set)
    kept: str = ""


@dataclass
class Sight:
    """One look at the places where a document may lie."""

    control_number: str
    about: str
    urls: tuple
    url: str = ""
    asked_at: datetime = None
    problem: FileProblem = None
    content: bytes = b""
    text: str = None
    _testimonies: dict = field(default_factory=dict)
    _proves: set = field(default_factory=set)

    @property
    def file(self):
        return self.content and b64encode(self.content)

    @property
    def sha256(self):
        return self.content and hashlib.sha256(self.content).hexdigest()

    def look(self, base_url):
        """Fetch what is there.

        :returns: whether the service was reached
        """
        self.asked_at = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
        for url in self.urls:
            self.url = url
            try:
                self.content, self.problem = fetch_pdf(url, base_url, **TIMEOUTS), None
                break
            except FileError as error:
                self.problem = error.problem
                if error.problem is FileProblem.NOT_REACHED:
                    return False
        self.text = self.content and read_text(self.content)
        return True

    def question(self, suspect):
        """Compare it with a document in doubt."""
        if not self.text:
            return
        testimony = compare(self.text, self.control_number, suspect.doubt)
        self._testimonies[suspect.document_id] = testimony
        annulled = self.about == "annul" and (
            bool(suspect.kept)
            and not bears_annulment(suspect.kept, suspect.doubt)
            and bears_annulment(self.text, suspect.doubt)
        )
        if testimony.is_full and (annulled or self.about == "issue"):
            self._proves.add(suspect.document_id)

    def testimony_about(self, document_id) -> Testimony | None:
        return self._testimonies.get(document_id)

    def proves(self, document_id):
        return document_id in self._proves


@dataclass
class Hearing:
    """All that is looked at together, of one issuer.

    :param str base_url: of the service
    :param list suspects: documents in doubt, of which one may have been printed there
    :param list sights: places where a document in doubt may lie
    :param list pending: (:class:`Suspect`, :class:`Sight`) of annulments that are in doubt
    """

    base_url: str
    suspects: list
    sights: list
    pending: list

    def hold(self):
        """Look at every address, then compare all with all.

        :returns: whether all was seen; if not, nothing is said at all: what was not seen might
            have fitted as well
        """
        deadline = time.monotonic() + MOST_SECONDS
        for sight in [*self.sights, *(sight for _suspect, sight in self.pending)]:
            if time.monotonic() > deadline or not sight.look(self.base_url):
                return False
        for sight in self.sights:
            for suspect in self.suspects:
                sight.question(suspect)
        for suspect, sight in self.pending:
            sight.question(suspect)
        return True

    def decisive(self):
        """Return (document id, sight) of those that fit each other, and nothing else."""
        pairs = [
            (suspect.document_id, sight)
            for sight in self.sights
            for suspect in self.suspects
            if sight.proves(suspect.document_id)
        ]
        documents = Counter(document_id for document_id, _sight in pairs)
        numbers = Counter(sight.control_number for _document_id, sight in pairs)
        return [
            (document_id, sight)
            for document_id, sight in pairs
            if documents[document_id] == numbers[sight.control_number] == 1
        ]
