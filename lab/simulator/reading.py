"""What the service makes of a request's bytes, before any of its operations sees them."""

import json
import re
from dataclasses import dataclass

from aiohttp import web

from .ends import BadRequestError

#: The largest body that it takes, in bytes.
MAX_BODY = 102_400
_JSON = "application/json"
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Error</title></head>
<body><pre>{}</pre></body>
</html>
"""


@dataclass(frozen=True)
class Body:
    """A body as text, and the object in it; empty where nothing was read."""

    text: str = "{}"
    value: dict | None = None

    @property
    def object(self) -> dict:
        return self.value or {}


def page(status: int, words: str) -> web.Response:
    """Return an error as the web server itself answers it, before any handler: in HTML."""
    return web.Response(status=status, text=_PAGE.format(words), content_type="text/html")


def too_large() -> web.Response:
    return page(413, "PayloadTooLargeError: request entity too large")


async def read(request: web.Request) -> Body | web.Response:
    """Read a request; return the answer instead where the web server does not take it.

    :raises BadRequestError: it is not JSON, or no object or array
    """
    content = await request.read()
    if not content or request.content_type != _JSON or "Content-Type" not in request.headers:
        return Body()  # no other kind of body is read at all
    charset = request.charset or "utf-8"
    if charset.lower() != "utf-8":
        return page(415, f"UnsupportedMediaTypeError: unsupported charset &quot;{charset}&quot;")
    if len(content) > MAX_BODY:
        return too_large()
    text = content.decode("utf-8-sig", "replace")
    if not re.match(r"\s*[\[{]", text):
        raise BadRequestError
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequestError from error
    return Body(text, value) if isinstance(value, dict) else Body()


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
