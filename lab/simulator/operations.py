"""The four operations of the service: from a request's body to an answer.

Everything here is synchronous and runs on the one event loop, from the first check
to the commit. That is what keeps two simultaneous requests with one internal number
from both passing.
"""

import json
from dataclasses import dataclass
from typing import Any

from . import checks, refusals, strictness, tokens
from .clock import Clock
from .conversion import to_bolivares
from .ledger import Issuer, Ledger, NewDocument

DENIED = "Acceso denegado"
_MAILED = {"mensaje": "Correo enviado con éxito"}
_FOOTER = (
    "Este documento se emite bajo la providencia administrativa Nro. SNAT/2014/0032 de fecha"
    " 31/07/2014.<br>Imprenta SMART INNOVACIONES TECNOLOGICAS, C.A. RIF J-50375790-6,"
    " Autorizada según Providencia Administrativa Nro. SENIAT/INTI/011 de fecha 10/11/2023."
    "<br> Desde Nro. de Control {first} Hasta Nro. {last} de fecha {date}."
)


class FatalRequestError(Exception):
    """The request is one of those that kill the process of the real service."""


@dataclass(frozen=True)
class Answer:
    """A status and the JSON value to send with it."""

    status: int
    payload: Any

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
        value = checks.internal_value(internal_number)
        return self._ledger.is_internal_number_used(
            self._issuer, document_type, internal_number, value
        )

    def last_internal_number(self, document_type: int) -> int | None:
        return self._ledger.last_internal_value(self._issuer, document_type)


def refused(refusal: refusals.RefusalError) -> Answer:
    error = {"code": refusal.code, "message": refusal.message}
    return Answer(202, {"success": False, "data": None, "error": error})


def _done(data: dict) -> Answer:
    return Answer(200, {"success": True, "error": None, "data": data})


class Operations:
    """The service without its web server. ``strict`` adds the manual's contract."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._operations = {
            "/facturacion": self._issue,
            "/anulacion": self._annul,
            "/email": self._email,
            "/facturacion/numerointerno": self._next_internal_number,
        }
        self.strict = True

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._operations)

    def perform(self, path: str, call: Call) -> Answer:
        """Check, do and commit what a call asks for. Raises FatalRequestError."""
        if call.authorization is None:
            return Answer(401, DENIED)
        try:
            issuer, claims = self._authenticate(call)
            return self._operations[path](call, issuer, claims)
        except refusals.RefusalError as refusal:
            return refused(refusal)

    def _authenticate(self, call: Call) -> tuple[Issuer, dict]:
        scheme, _, token = call.authorization.partition(" ")
        claims = tokens.read(token, self._ledger.secret) if scheme == "Bearer" else None
        issuer = self._ledger.issuer(str(claims.get("rif"))) if claims else None
        if issuer is None:
            raise refusals.invalid_token()
        if call.body.get("rif") != claims["rif"]:
            raise refusals.wrong_rif()
        return issuer, claims

    def _issue(self, call: Call, issuer: Issuer, claims: dict) -> Answer:
        body = call.body
        enforced = checks.amount(claims, "validarinterno") > 0
        checks.check_document(body, IssuerHistory(self._ledger, issuer), enforced)
        if self.strict:
            strictness.check_document(body)
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
                "urlpdf": (
                    f"{call.base_url}/archivos/{issuer.rif}/{now:%Y-%m}"
                    f"/{issuer.rif}{control_number}"
                ),
            }
        )

    def _next_internal_number(self, call: Call, issuer: Issuer, claims: dict) -> Answer:
        kind = checks.document_type(call.body)
        last = self._ledger.last_internal_value(issuer, kind) or 0
        return _done({"numerointerno": f"{last + 1:08d}"})

    def _annul(self, call: Call, issuer: Issuer, claims: dict) -> Answer:
        number = checks.text(call.body, "numerodocumento")
        if len(number) < 11:
            raise refusals.invalid("NUMERO DOCUMENTO")
        document = self._ledger.document(issuer, number)
        if document is None:
            raise refusals.RefusalError(
                refusals.UNKNOWN_DOCUMENT,
                "NUMERO DOCUMENTO no corresponde al tipo ni al cliente emisor!",
            )
        if self.strict:
            strictness.check_annulment(call.body)
        self._ledger.annul(document["id"], checks.text(call.body, "observacion"))
        return _done(_MAILED)

    def _email(self, call: Call, issuer: Issuer, claims: dict) -> Answer:
        document = self._ledger.document(issuer, checks.text(call.body, "numerodocumento"))
        if document is None:
            raise FatalRequestError
        addresses = _addresses(call.body, "email")
        if not addresses:
            raise refusals.RefusalError(
                refusals.NO_EMAIL, "El cliente no tiene CORREO ELECTRONICO!"
            )
        self._ledger.add_emails(document["id"], addresses)
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


def parse(text: str) -> dict:
    """Return the object in a request's body; raises ValueError when it is not JSON."""
    body = json.loads(text, parse_constant=_no_constant)
    return body if isinstance(body, dict) else {}


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
