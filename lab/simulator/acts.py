"""How each fault is carried out on the wire.

An act decides itself when, and whether, the call is processed: calling
``exchange.process()`` checks the request and commits what it asks for. An act that
never calls it leaves nothing behind.
"""

import asyncio
import contextlib
import json
import os
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from . import operations, reading, refusals
from .operations import Answer

REDIRECTED_PATH = "/desviado"
HUGE_BYTES = 64 * 1024 * 1024
_BLOCK = b"x" * 65536
_HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class Exchange:
    """One call on its way: the HTTP request, the way to process it, the fault's length."""

    request: web.Request
    process: Callable[[], Answer]
    seconds: float | None = None

    def pause(self, default: float = 2.0) -> Awaitable[None]:
        return asyncio.sleep(default if self.seconds is None else self.seconds)


Act = Callable[[Exchange], Awaitable[web.StreamResponse]]


def respond(answer: Answer) -> web.Response:
    if answer.status == 400:
        return web.Response(status=400, text=answer.payload)
    text = json.dumps(answer.complete(), ensure_ascii=False)
    return web.Response(status=answer.status, text=text, content_type="application/json")


def abort(request: web.Request) -> web.Response:
    """Cut the connection with a reset; the response returned is never seen."""
    transport = request.transport
    if transport is not None:
        # Lingering for zero seconds turns the close into a RST.
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        transport.abort()
    return web.Response(status=499)


def die() -> None:
    """End the process at once, as an uncaught exception ends the real service."""
    os._exit(1)


async def die_after_answering(response: web.StreamResponse, request: web.Request) -> None:
    """Send a whole answer, then end the process; other calls in flight get none."""
    with contextlib.suppress(ConnectionError):  # the client may have gone
        await response.prepare(request)
        await response.write_eof()
    die()


async def too_large(exchange: Exchange) -> web.StreamResponse:
    return reading.too_large()


async def drop_before(exchange: Exchange) -> web.StreamResponse:
    return abort(exchange.request)


async def drop_after(exchange: Exchange) -> web.StreamResponse:
    exchange.process()
    return abort(exchange.request)


async def delay(exchange: Exchange) -> web.StreamResponse:
    answer = exchange.process()
    await exchange.pause()
    return respond(answer)


async def delay_before(exchange: Exchange) -> web.StreamResponse:
    await exchange.pause()
    return respond(exchange.process())


async def text_400_before(exchange: Exchange) -> web.StreamResponse:
    return web.Response(status=400, text="Bad Request")


async def text_400(exchange: Exchange) -> web.StreamResponse:
    exchange.process()
    return web.Response(status=400, text=operations.FAILED)


async def error_500_before(exchange: Exchange) -> web.StreamResponse:
    return web.Response(status=500, text="Internal Server Error")


async def error_500(exchange: Exchange) -> web.StreamResponse:
    exchange.process()
    return await error_500_before(exchange)


async def html(exchange: Exchange) -> web.StreamResponse:
    return web.Response(text=_HTML, content_type="text/html")


async def html_after(exchange: Exchange) -> web.StreamResponse:
    exchange.process()
    return await html(exchange)


async def cut_json(exchange: Exchange) -> web.StreamResponse:
    """The first half of the answer, announced as if it were the whole."""
    response = respond(exchange.process())
    response.body = response.body[: len(response.body) // 2]
    return response


async def cut_body(exchange: Exchange) -> web.StreamResponse:
    """Half of the announced bytes, then the end of the connection."""
    answer = respond(exchange.process())
    response = await _start_like(answer, exchange.request)
    await response.write(answer.body[: len(answer.body) // 2])
    # Let the half leave before the cut, or the client might see no answer at all.
    await asyncio.sleep(0.05)
    abort(exchange.request)
    return response


async def slow_drip(exchange: Exchange) -> web.StreamResponse:
    """The whole answer, one byte per ``seconds`` (default 1)."""
    answer = respond(exchange.process())
    response = await _start_like(answer, exchange.request)
    with contextlib.suppress(ConnectionError):  # the client has had enough
        for byte in answer.body:
            await response.write(bytes([byte]))
            await exchange.pause(1.0)
    return response


async def garbage_json(exchange: Exchange) -> web.StreamResponse:
    exchange.process()
    return respond(Answer(200, [{"estado": "procesado"}, 1, None]))


async def huge(exchange: Exchange) -> web.StreamResponse:
    """A JSON string that does not end before 64 MiB, unless the client closes."""
    exchange.process()
    response = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
    await response.prepare(exchange.request)
    with contextlib.suppress(ConnectionError):  # the client has had enough
        await response.write(b'{"success": true, "data": "')
        for _ in range(HUGE_BYTES // len(_BLOCK)):
            await response.write(_BLOCK)
    return response


async def redirect(exchange: Exchange) -> web.StreamResponse:
    location = f"http://{exchange.request.host}{REDIRECTED_PATH}"
    return web.Response(status=302, headers={"Location": location})


async def unauthorized(exchange: Exchange) -> web.StreamResponse:
    return respond(Answer(401, operations.DENIED))


async def out_of_control_numbers(exchange: Exchange) -> web.StreamResponse:
    return respond(operations.refused(refusals.out_of_control_numbers()))


async def die_before(exchange: Exchange) -> web.StreamResponse:
    die()
    raise AssertionError("unreachable")


async def die_after(exchange: Exchange) -> web.StreamResponse:
    exchange.process()
    return await die_before(exchange)


async def answer_then_die(exchange: Exchange) -> web.StreamResponse:
    """What a failure of the PDF or of the mail does: it comes after the answer."""
    response = respond(exchange.process())
    await die_after_answering(response, exchange.request)
    return response


async def text_400_then_die(exchange: Exchange) -> web.StreamResponse:
    response = await text_400(exchange)
    await die_after_answering(response, exchange.request)
    return response


async def _start_like(answer: web.Response, request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(
        status=answer.status, headers={"Content-Type": answer.headers["Content-Type"]}
    )
    response.content_length = len(answer.body)
    await response.prepare(request)
    return response


ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        drop_before,
        drop_after,
        delay,
        delay_before,
        text_400_before,
        text_400,
        error_500_before,
        error_500,
        html,
        html_after,
        cut_json,
        cut_body,
        slow_drip,
        garbage_json,
        huge,
        redirect,
        unauthorized,
        out_of_control_numbers,
        die_before,
        answer_then_die,
        text_400_then_die,
    )
} | {"die": die_after}

#: What a document can do by what it says, at every attempt.
POISONS = ACTS | {"too_large": too_large}
