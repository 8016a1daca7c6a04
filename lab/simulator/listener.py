"""A listening socket that can stop listening for a while and come back."""

import asyncio
import contextlib

from aiohttp import web

_RETRY_SECONDS = 0.05
_LONGEST_CALL_SECONDS = 3600
_IDLE_CLOSE_SECONDS = 0.1
#: After so long without a call a kept-alive connection is closed, as over there.
IDLE_SECONDS = 5


class Listener:
    """One aiohttp application on one port.

    While it refuses, nothing listens at all: clients get a real ECONNREFUSED.
    """

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.5, keepalive_timeout=IDLE_SECONDS
        )
        self._host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._reopening: asyncio.Task | None = None
        self._hanging_up: set[asyncio.Task] = set()

    @property
    def url(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._host, self._host)  # noqa: S104 - read, not bound
        return f"http://{host}:{self.port}"

    @property
    def refusing(self) -> bool:
        return self._server is None

    async def start(self) -> None:
        """Listen; port 0 becomes the port that was free. Raises OSError when taken."""
        await self._runner.setup()
        await self._listen()
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        await self._cancel_reopening()
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()

    async def refuse(self, seconds: float) -> None:
        """Stop listening and drop idle connections; listen again after ``seconds``.

        Calls in flight are still answered, on connections that close after that.
        """
        await self._cancel_reopening()
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._hang_up()
        self._reopening = asyncio.create_task(self._reopen_after(seconds))

    async def reopen(self) -> None:
        """End a refusal now."""
        await self._cancel_reopening()
        if self._server is None:
            await self._reopen_after(0)

    async def _hang_up(self) -> None:
        """Close every open connection, each as soon as its call in flight is answered.

        Those without one are closed on return: else a client might still send on them,
        and meet a reset where it was promised a refusal.
        """
        for connection in self._runner.server.connections:
            connection.close()  # takes no further call, but leaves an idle socket open
            task = asyncio.create_task(connection.shutdown(_LONGEST_CALL_SECONDS))
            self._hanging_up.add(task)
            task.add_done_callback(self._hanging_up.discard)
        if self._hanging_up:
            await asyncio.wait(self._hanging_up, timeout=_IDLE_CLOSE_SECONDS)

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._runner.server, self._host, self.port, backlog=1024, reuse_address=True
        )

    async def _reopen_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        while self._server is None:
            # An outgoing connection of someone else may hold the port for a moment.
            with contextlib.suppress(OSError):
                await self._listen()
                return
            await asyncio.sleep(_RETRY_SECONDS)

    async def _cancel_reopening(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reopening
            self._reopening = None
