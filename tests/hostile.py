"""A service that means harm: what it answers is up to the test."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GIGABYTE = 1024**3


class HostileService:
    """Answers every request with ``answer``; counts the bytes that were taken from it.

    :ivar answer: what issuing comes back with, over the defaults
    :ivar redirect: an address to send everybody on to
    :ivar flood: how many bytes to answer with
    :ivar echo: the status to quote a request's headers with, for 202 in the words of a refusal
    """

    def __init__(self):
        self.answer, self.redirect, self.flood, self.echo = {}, None, 0, None
        self.requests, self.taken = [], 0
        hostile = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                hostile._respond(self)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *args):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self):
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()

    def _respond(self, handler):
        self.requests.append((handler.path, dict(handler.headers)))
        if self.redirect:
            handler.send_response(302)
            handler.send_header("Location", self.redirect)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        elif self.flood:
            self._drown(handler)
        elif self.echo == 202:
            error = {"code": 99, "message": f"No: {handler.headers['Authorization']}"}
            self._say(handler, 202, json.dumps({"success": False, "error": error}))
        elif self.echo:
            self._say(handler, self.echo, f"<h1>Oops</h1><pre>{handler.headers}</pre>")
        else:
            data = {
                "numerodocumento": f"00-{len(self.requests):08d}",
                "datatime": "2026-11-22 23:53:31",
                **self.answer,
            }
            self._say(handler, 200, json.dumps({"success": True, "data": data}))

    def _say(self, handler, status, text):
        body = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _drown(self, handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(self.flood))
        handler.end_headers()
        chunk = b"%PDF-" + b"x" * (256 * 1024)
        with contextlib.suppress(OSError):  # the reader hangs up
            while self.taken < self.flood:
                handler.wfile.write(chunk)
                self.taken += len(chunk)
