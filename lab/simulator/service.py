"""The web server of the service itself: four operations, the documents, the faults."""

import asyncio
import html
import json
import logging

from aiohttp import web

from . import acts, reading
from .calls import CallLog
from .clock import Clock
from .ends import BadRequestError, FatalRequestError
from .faults import Fault, FaultQueue, Poisons
from .ledger import Ledger
from .operations import ISSUE_PATH, Answer, Call, Operations
from .prints import Prints

#: What is read of a body at all; how much the service takes of it, see ``reading``.
_MAX_READ = 16 * 1024 * 1024

log = logging.getLogger("simulator")


class Service:
    """The handlers, and the state that the control API looks into."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self.ledger = ledger
        self.clock = clock
        self.operations = Operations(ledger, clock)
        self.operations.strict = ledger.setting("strict", True)
        self.latency = ledger.setting("latency", 0.0)
        self.faults = FaultQueue(ledger)
        self.poisons = Poisons(ledger)
        self.calls = CallLog()
        self.prints = Prints(ledger)

    def set_strict(self, on: bool) -> None:
        self.operations.strict = on
        self.ledger.set_setting("strict", on)

    def set_latency(self, seconds: float) -> None:
        self.latency = seconds
        self.ledger.set_setting("latency", seconds)

    def reset(self) -> None:
        self.ledger.reset()
        self.faults.reset()
        self.poisons.clear()
        self.prints.reset()
        self.calls.clear()

    def application(self) -> web.Application:
        app = web.Application(client_max_size=_MAX_READ)
        app.router.add_route("*", acts.REDIRECTED_PATH, self.handle_redirected)
        app.router.add_get("/archivos/{rif}/{month}/{name}", self.handle_document)
        app.router.add_route("*", "/{path:.*}", self.handle)
        return app

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one call, through the next pending fault if there is one."""
        # Upper case, and a slash at the end, make no other path.
        path = request.path.lower().removesuffix("/")
        if request.method != "POST" or path not in self.operations.paths:
            return reading.page(404, f"Cannot {request.method} {html.escape(request.path)}")
        try:
            read = await reading.read(request)
        except BadRequestError:
            read = web.Response(status=400, text="Bad Request: el cuerpo no es JSON")
        record = self._open_record(request, path)
        self.ledger.count_call(path)
        poison = None
        if path == ISSUE_PATH and isinstance(read, reading.Body):
            poison = self.poisons.find(read.text)
        fault = Fault(poison) if poison else self.faults.take(path)
        record["fault"] = fault and fault.fault
        if isinstance(read, web.Response):
            record["status"] = read.status
            return read
        body = read.object
        record["rif"] = body.get("rif")
        record["document_type"] = body.get("idtipodocumento")
        record["internal_number"] = body.get("numerointerno")
        authorization = request.headers.get("Authorization")
        call = Call(read.text, body, authorization, f"http://{request.host}")
        doomed = []

        def process() -> Answer:
            answer = self._process(path, call, record)
            doomed.extend([True] * answer.dies)
            return answer

        if fault is None:
            act = self._answer
            exchange = acts.Exchange(request, process)
        else:
            act = acts.POISONS[fault.fault]
            exchange = acts.Exchange(request, process, fault.seconds)
        response = await act(exchange)
        if doomed:
            await acts.die_after_answering(response, request)
        record["status"] = response.status if _is_connected(request) else None
        log.info(
            "%(path)s %(internal_number)s -> %(status)s %(code)s %(control_number)s %(fault)s",
            record,
        )
        return response

    def _process(self, path: str, call: Call, record: dict) -> Answer:
        try:
            answer = self.operations.perform(path, call)
        except FatalRequestError:
            log.error("%s: a request that kills the process", path)
            acts.die()
            raise
        record["code"] = answer.code
        data = answer.payload.get("data") if isinstance(answer.payload, dict) else None
        record["control_number"] = (data or {}).get("numerodocumento")
        return answer

    async def _answer(self, exchange: acts.Exchange) -> web.StreamResponse:
        answer = exchange.process()
        if self.latency:
            await asyncio.sleep(self.latency)
        return acts.respond(answer)

    async def handle_redirected(self, request: web.Request) -> web.StreamResponse:
        """A trap: it looks like a success, and only the call log knows who fell in."""
        record = self._open_record(request, request.path)
        record["status"] = 200
        data = {"numerodocumento": "99-99999999"}
        return acts.respond(Answer(200, {"success": True, "error": None, "data": data}))

    async def handle_document(self, request: web.Request) -> web.StreamResponse:
        """Render the PDF of an issued document, or what a test wants to be seen instead of it."""
        rif, month = request.match_info["rif"], request.match_info["month"]
        control_number = request.match_info["name"].removeprefix(rif)
        print_ = self.prints.of(control_number)
        issuer = self.ledger.issuer(rif)
        document = issuer and self.ledger.document(issuer, print_.shows or control_number)
        if not document or print_.is_missing() or not document["issued_at"].startswith(month):
            return web.json_response({"message": "Archivo no encontrado!"}, status=202)
        if print_.content is not None:
            return web.Response(body=print_.content.encode(), content_type="application/pdf")
        if related := json.loads(document["request"]).get("relacionado"):
            document["related"] = self.ledger.document(issuer, related)
        # Imported here, because only this request needs the PDF library.
        from .pdf import render

        document = print_.over(document)
        layout = print_.layout or self.prints.layout
        content = await asyncio.to_thread(render, issuer, document, layout)
        return web.Response(body=content, content_type="application/pdf")

    def _open_record(self, request: web.Request, path: str) -> dict:
        peer = request.transport and request.transport.get_extra_info("peername")
        time = self.clock.now().isoformat(timespec="milliseconds")
        return self.calls.open(path, time, peer[1] if peer else None)


def _is_connected(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()
