"""The four operations of the service: from a request's body to an answer.

Everything here is synchronous and runs on the one event loop, from the first check
to the commit. That is what keeps two simultaneous requests with one internal number
from both passing.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from . import checks, refusals, storing, strictness, tokens
from .clock import Clock
from .conversion import to_bolivares
from .ends import BadRequestError, FatalRequestError
from .ledger import Issuer, Ledger, NewDocument

ISSUE_PATH = "/facturacion"
DENIED = "Acceso denegado"
FAILED = "Error: no se pudo completar la operación"
_MAILED = {"mensaje": "Correo enviado con éxito"}
_FOOTER = (
    "Este documento se emite bajo la providencia administrativa Nro. SNAT/2014/0032 de fecha"
    " 31/07/2014.<br>Imprenta SMART INNOVACIONES TECNOLOGICAS, C.A. RIF J-50375790-6,"
    " Autorizada según Providencia Administrativa Nro. SENIAT/INTI/011 de fecha 10/11/2023."
    "<br> Desde Nro. de Control {first} Hasta Nro. {last} de fecha {date}."
)


@dataclass(frozen=True)
class Answer:
    """A status and the JSON value to send with it; with 400 it is plain text.

    ``late`` has what is known only when the answer leaves: keys of ``payload["data"]``.
    ``dies``: the process ends once the answer has left, and cuts all other calls.
    """

    status: int
    payload: Any
    late: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    dies: bool = False

    def complete(self) -> Any:
        """Return the value to send, now that it leaves."""
        if not self.late:
            return self.payload
        now = {key: value() for key, value in self.late.items()}
        return self.payload | {"data": self.payload["data"] | now}

    @property
    def code(self) -> int | None:
        error = self.payload.get("error") if isinstance(self.payload, dict) else None
        return error["code"] if error else None


@dataclass(frozen=True)
class Call:
    """One received request: its text, the object in it, its Authorization header."""

    text: str
    body: dict
    authorization: str | None
    base_url: str


class IssuerHistory:
    """The ledger as the checks see it (:class:`lab.simulator.checks.History`)."""

    def __init__(self, ledger: Ledger, issuer: Issuer) -> None:
        self._ledger = ledger
        self._issuer = issuer

    def has_control_numbers(self) -> bool:
        return self._ledger.next_control_value(self._issuer) <= self._issuer.lot_to

    def is_issued(self, control_number: str) -> bool:
        return self._ledger.document(self._issuer, control_number) is not None

    def is_internal_number_used(self, document_type: int, internal_number: str) -> bool:
        return self._ledger.is_internal_number_used(self._issuer, document_type, internal_number)

    def highest_internal_number(self, document_type: int) -> int | None:
        return self._ledger.highest_internal_value(self._issuer, document_type)


def refused(refusal: refusals.RefusalError) -> Answer:
    error = {"code": refusal.code, "message": refusal.message}
    return Answer(202, {"success": False, "data": None, "error": error})


def _done(data: dict, **late: Callable[[], Any]) -> Answer:
    return Answer(200, {"success": True, "error": None, "data": data}, late)


class Operations:
    """The service without its web server. ``strict`` adds the manual's contract."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._operations = {
            ISSUE_PATH: self._issue,
            "/anulacion": self._annul,
            "/email": self._email,
            "/facturacion/numerointerno": self._next_internal_number,
        }
        self.strict = True

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._operations)

    def perform(self, path: str, call: Call) -> Answer:
        """Check, do and commit what a call asks for.

        Where the service would stumble or die, ``strict`` looks first for a rule of the manual
        that says why.

        :raises FatalRequestError: the process dies
        """
        try:
            if path == "/email" and not self.strict:
                # The running service e-mails for whoever names issuer and number.
                return self._email(call, self._ledger.issuer(checks.text(call.body, "rif")), {})
            if call.authorization is None:
                return Answer(401, DENIED)
            issuer, claims = self._authenticate(call)
            return self._operations[path](call, issuer, claims)
        except refusals.RefusalError as refusal:
            return refused(refusal)
        except BadRequestError:
            return Answer(400, FAILED)

    def _authenticate(self, call: Call) -> tuple[Issuer, dict]:
        # Of the header only the second word counts.
        _scheme, token, *_more = [*call.authorization.split(" "), ""]
        claims = tokens.read(token, self._ledger.secret)
        issuer = self._ledger.issuer(str(claims.get("rif"))) if claims else None
        if issuer is None:
            raise refusals.invalid_token()
        if call.body.get("rif") != claims["rif"]:
            raise refusals.wrong_rif()
        return issuer, claims

    def _issue(self, call: Call, issuer: Issuer, claims: dict) -> Answer:
        body = call.body
        enforced = checks.amount(claims, "validarinterno") > 0
        with self._contract(strictness.check_document, body):
            checks.check_document(body, IssuerHistory(self._ledger, issuer), enforced)
        storing.check_storable(body)
        now = self._clock.now()
        internal_number = checks.text(body, "numerointerno")
        recipients = _addresses(body, "emailcliente") if body.get("sendmail") == 1 else ()
        new = NewDocument(
            document_type=checks.document_type(body),
            internal_number=internal_number,
            internal_value=checks.internal_value(internal_number),
            issued_at=now.strftime("%Y-%m-%d %H:%M:%S"),
            footer=_footer(issuer),
            request=call.text,
            converted=to_bolivares(body),
            mailed_to=recipients,
        )
        control_number = self._ledger.issue(issuer, new)
        if storing.kills_after_commit(body):
            raise FatalRequestError
        if storing.fails_after_commit(body):
            return Answer(400, FAILED, dies=True)
        identifier, sequence = control_number.split("-")
        return _done(
            {
                "numerodocumento": control_number,
                "piedepagina": new.footer,
                "identificador": identifier,
                "corelativo": sequence,
                "datatime": new.issued_at,
                "fecha": now.strftime("%Y%m%d"),
                "hora": now.strftime("%H:%M:%S"),
            },
            # The file is kept under the month of the issue: at its end the two can differ.
            urlpdf=lambda: (
                f"{call.base_url}/archivos/{issuer.rif}/{self._clock.now():%Y-%m}"
                f"/{issuer.rif}{control_number}"
            ),
        )

    @contextmanager
    def _contract(self, check: Callable[[Mapping], None], body: Mapping) -> Iterator[None]:
        """Add the manual's contract to what was observed, which comes first."""
        try:
            yield
        except (BadRequestError, FatalRequestError):
            if self.strict:
                check(body)
            raise
        if self.strict:
            check(body)

    def _next_internal_number(self, call: Call, issuer: Issuer, claims: dict) -> Answer:
        kind = checks.amount(call.body, "idtipodocumento")
        if math.isnan(kind):
            raise BadRequestError
        highest = self._ledger.highest_internal_value(issuer, checks.integer(kind)) or 0
        return _done({"numerointerno": f"{highest + 1:08d}"})

    def _annul(self, call: Call, issuer: Issuer, claims: dict) -> Answer:
        with self._contract(strictness.check_annulment, call.body):
            document = self._to_annul(call.body, issuer)
        self._ledger.annul(document["id"], checks.text(call.body, "observacion"))
        return _done(_MAILED)

    def _to_annul(self, body: dict, issuer: Issuer) -> dict:
        number = body.get("numerodocumento")
        if number is None:
            raise BadRequestError
        if isinstance(number, list) or (isinstance(number, str) and len(number) < 11):
            raise refusals.invalid("NUMERO DOCUMENTO")
        document = self._ledger.document(issuer, checks.text(body, "numerodocumento"))
        if document is None:
            raise refusals.RefusalError(
                refusals.UNKNOWN_DOCUMENT,
                "NUMERO DOCUMENTO no corresponde al tipo ni al cliente emisor!",
            )
        return document

    def _email(self, call: Call, issuer: Issuer | None, claims: dict) -> Answer:
        with self._contract(strictness.check_email, call.body):
            if call.body.get("email") is None:
                raise BadRequestError
            number = checks.text(call.body, "numerodocumento")
            document = issuer and self._ledger.document(issuer, number)
            if not document:
                raise FatalRequestError
        # Without an address it says that it mailed, and does not.
        self._ledger.add_emails(document["id"], _addresses(call.body, "email"))
        return _done(_MAILED)


def _addresses(body: dict, key: str) -> tuple[str, ...]:
    parts = (part.strip() for part in checks.text(body, key).split("|"))
    return tuple(part for part in parts if part)


def _footer(issuer: Issuer) -> str:
    return _FOOTER.format(
        first=issuer.control_number(issuer.lot_from),
        last=issuer.control_number(issuer.lot_to),
        date=issuer.lot_date,
    )
