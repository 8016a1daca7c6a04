"""The control API: issuers, the ledger, faults. On a port of its own."""

import json
import os
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from . import tokens
from .acts import ACTS, POISONS
from .faults import Fault
from .ledger import Issuer
from .listener import Listener
from .prints import LAYOUT_NAMES, Print
from .service import Service

REFUSE = "refuse"
_ISSUER_DEFAULTS = {
    "address": "Caracas",
    "email": "",
    "phone": "",
    "enforce_numbering": True,
    "lot_from": 1,
    "lot_to": 100_000,
    "identifier": "00",
}
_ISSUER_TYPES = {
    "rif": str,
    "name": str,
    "address": str,
    "email": str,
    "phone": str,
    "enforce_numbering": bool,
    "lot_from": int,
    "lot_to": int,
    "identifier": str,
}
_LAST_CONTROL_VALUE = 99_999_999


class BadRequestError(Exception):
    """The control request cannot be carried out: HTTP 400 with the reason."""


@web.middleware
async def _errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadRequestError as error:
        return web.json_response({"error": str(error)}, status=400)


async def _body(request: web.Request, allowed: dict[str, type | tuple]) -> dict:
    """Return the JSON object of a request; raises BadRequestError for anything unexpected."""
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise BadRequestError(f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise BadRequestError("a JSON object is expected")
    body = {key: value for key, value in body.items() if value is not None}
    for key, value in body.items():
        if key not in allowed:
            raise BadRequestError(f"unknown key {key!r}; known are {', '.join(allowed)}")
        expected = allowed[key]
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            raise BadRequestError(f"{key!r} has the wrong type")
    return body


def _issuer_values(values: dict) -> dict:
    if not 1 <= values["lot_from"] <= _LAST_CONTROL_VALUE:
        raise BadRequestError("lot_from must be a number of up to eight digits")
    if not 0 <= values["lot_to"] <= _LAST_CONTROL_VALUE:
        raise BadRequestError("lot_to must be a number of up to eight digits")
    if len(values["identifier"]) != 2 or not values["identifier"].isdigit():
        raise BadRequestError("identifier must be two digits")
    return values


class Control:
    """Handlers of the control API over a service and its listener."""

    def __init__(self, service: Service, listener: Listener) -> None:
        self._service = service
        self._listener = listener

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_errors])
        app.add_routes(
            [
                web.get("/health", self.health),
                web.post("/issuers", self.mint_issuer),
                web.get("/issuers", self.list_issuers),
                web.patch("/issuers/{rif}", self.change_issuer),
                web.get("/ledger", self.ledger),
                web.get("/calls", self.calls),
                web.post("/faults", self.add_fault),
                web.get("/faults", self.list_faults),
                web.delete("/faults", self.clear_faults),
                web.post("/poisons", self.add_poison),
                web.post("/prints", self.set_print),
                web.post("/latency", self.set_latency),
                web.post("/strict", self.set_strict),
                web.post("/reset", self.reset),
            ]
        )
        return app

    async def health(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "status": "ok",
                "pid": os.getpid(),
                "url": self._listener.url,
                "refusing": self._listener.refusing,
                "strict": self._service.operations.strict,
                "latency_ms": self._service.latency * 1000,
            }
        )

    # -- issuers --------------------------------------------------------------

    async def mint_issuer(self, request: web.Request) -> web.Response:
        body = await _body(request, _ISSUER_TYPES)
        for key in ("rif", "name"):
            if not body.get(key):
                raise BadRequestError(f"{key!r} is required")
        return self._save(_ISSUER_DEFAULTS | body)

    async def change_issuer(self, request: web.Request) -> web.Response:
        known = self._service.ledger.issuer(request.match_info["rif"])
        if known is None:
            raise web.HTTPNotFound(text='{"error": "unknown issuer"}')
        changes = await _body(
            request,
            {key: _ISSUER_TYPES[key] for key in ("lot_from", "lot_to", "enforce_numbering")},
        )
        values = known.as_dict() | changes
        del values["id"], values["lot_date"]
        return self._save(values)

    async def list_issuers(self, request: web.Request) -> web.Response:
        issuers = [issuer.as_dict() for issuer in self._service.ledger.issuers()]
        return web.json_response({"issuers": issuers})

    def _save(self, values: dict) -> web.Response:
        ledger = self._service.ledger
        known = ledger.issuer(values["rif"])
        same_lot = known and (known.lot_from, known.lot_to) == (
            values["lot_from"],
            values["lot_to"],
        )
        today = self._service.clock.now().strftime("%d/%m/%Y")
        lot_date = known.lot_date if same_lot else today
        issuer = ledger.save_issuer(_issuer_values(values) | {"lot_date": lot_date})
        return web.json_response(issuer.as_dict() | {"token": self._token(issuer)})

    def _token(self, issuer: Issuer) -> str:
        user = {
            "id": issuer.id,
            "rif": issuer.rif,
            "razonsocial": issuer.name,
            "direccion": issuer.address,
            "email": issuer.email,
            "telefono": issuer.phone,
            # The manual's own sample token has a string here.
            "validarinterno": "2" if issuer.enforce_numbering else 0,
        }
        return tokens.mint({"user": user, "iat": int(time.time())}, self._service.ledger.secret)

    # -- what happened --------------------------------------------------------

    async def ledger(self, request: web.Request) -> web.Response:
        with_request = request.query.get("summary", "0") in ("", "0")
        ledger = self._service.ledger
        documents = list(ledger.documents(request.query.get("rif"), with_request))
        return web.json_response({"documents": documents, "calls": ledger.call_counts()})

    async def calls(self, request: web.Request) -> web.Response:
        limit = request.query.get("limit")
        if limit is not None and not limit.isdigit():
            raise BadRequestError("limit must be a number")
        return web.json_response({"calls": self._service.calls.last(limit and int(limit))})

    # -- faults and settings --------------------------------------------------

    async def add_fault(self, request: web.Request) -> web.Response:
        body = await _body(
            request, {"fault": str, "count": int, "seconds": (int, float), "path": str}
        )
        names = (REFUSE, *ACTS)
        if body.get("fault") not in names:
            raise BadRequestError(f"fault must be one of {', '.join(names)}")
        if body.get("count", 1) < 1 or body.get("seconds", 0) < 0:
            raise BadRequestError("count must be at least 1, and seconds not negative")
        paths = self._service.operations.paths
        if body.get("path", paths[0]) not in paths:
            raise BadRequestError(f"path must be one of {', '.join(paths)}")
        fault = Fault(**body)
        if fault.fault == REFUSE:
            # Nothing that arrives could trigger it: it starts now and ends by the clock.
            await self._listener.refuse(2.0 if fault.seconds is None else fault.seconds)
            self._service.faults.note(REFUSE)
        else:
            self._service.faults.add(fault)
        return await self.list_faults(request)

    async def list_faults(self, request: web.Request) -> web.Response:
        state = self._service.faults.state()
        return web.json_response(state | {"refusing": self._listener.refusing})

    async def clear_faults(self, request: web.Request) -> web.Response:
        self._service.faults.clear()
        await self._listener.reopen()
        return await self.list_faults(request)

    async def add_poison(self, request: web.Request) -> web.Response:
        body = await _body(request, {"marker": str, "fault": str})
        if not body.get("marker") or body.get("fault") not in POISONS:
            raise BadRequestError(f"a marker is required, and a fault of {', '.join(POISONS)}")
        self._service.poisons.add(body["marker"], body["fault"])
        return web.json_response(self._service.poisons.state())

    async def set_print(self, request: web.Request) -> web.Response:
        """Have documents printed in another layout, late, never, or wrong; see ``prints``."""
        body = await _body(
            request,
            {
                "control_number": str,
                "layout": str,
                "missing": int,
                "shows": str,
                "content": str,
                "values": dict,
            },
        )
        if body.get("layout", LAYOUT_NAMES[0]) not in LAYOUT_NAMES:
            raise BadRequestError(f"layout must be one of {', '.join(LAYOUT_NAMES)}")
        if number := body.pop("control_number", None):
            self._service.prints.set(number, Print(**body))
        elif body.keys() == {"layout"}:
            self._service.prints.set_layout(body["layout"])
        else:
            raise BadRequestError("'control_number' is required, * for all")
        return await self.health(request)

    async def set_latency(self, request: web.Request) -> web.Response:
        body = await _body(request, {"ms": (int, float)})
        if body.get("ms", -1) < 0:
            raise BadRequestError("ms must be a number, not negative")
        self._service.set_latency(body["ms"] / 1000)
        return await self.health(request)

    async def set_strict(self, request: web.Request) -> web.Response:
        body = await _body(request, {"on": bool})
        if "on" not in body:
            raise BadRequestError("'on' is required")
        self._service.set_strict(body["on"])
        return await self.health(request)

    async def reset(self, request: web.Request) -> web.Response:
        self._service.reset()
        await self._listener.reopen()
        return await self.health(request)
