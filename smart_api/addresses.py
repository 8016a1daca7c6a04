"""Addresses of the service: which may be used, and which are this machine itself.

An address is read by a grammar of our own, which is much narrower than that of URLs; an address
that does not fit it as a whole is refused. Parsers of URLs are lenient, each in its own way: one
of them may read ``::1`` where another one connects to somewhere else.
"""

import ipaddress
import re
from enum import Enum
from typing import NamedTuple

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    r"(?P<scheme>[Hh][Tt][Tt][Pp][Ss]?)://"
    rf"(?P<host>\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL})*)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^\s\x00-\x1f\x7f\\?#]*)?"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class ConfigurationFault(str, Enum):
    """Why an address or a token cannot be used; the value says it in English."""

    NO_HOST = "it must begin with https:// and name a host"
    MORE_THAN_AN_ADDRESS = "it must not carry a user, a query or a fragment"
    NOT_ENCRYPTED = "http is allowed to this machine itself only: use https://"
    UNUSABLE = "the token is empty or holds characters that no token has"


class ConfigurationError(ValueError):
    """The address or the token cannot be used.

    :ivar fault: a :class:`ConfigurationFault`, for callers that put it into another language
    """

    def __init__(self, fault):
        super().__init__(fault.value)
        self.fault = fault


class Address(NamedTuple):
    """Where the service is: ``host`` in lower case, IPv6 in brackets; ``path`` may be empty."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port in one form: equal for addresses of one place."""
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def base_url(self) -> str:
        """The address in one form, without a trailing slash."""
        return (self.origin + self.path).rstrip("/")

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine itself."""
        return is_loopback(self.host.strip("[]"))


def read_address(url: str) -> Address:
    """Read an address of the service.

    :raises ConfigurationError: unless it is https, or http to this machine itself
    """
    url = (url or "").strip()
    match = _ADDRESS.fullmatch(url)
    if not match:
        more = re.match(r"https?://[^/]", url, re.IGNORECASE) and re.search(r"[@?#]", url)
        raise ConfigurationError(
            ConfigurationFault.MORE_THAN_AN_ADDRESS if more else ConfigurationFault.NO_HOST
        )
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"] or _DEFAULT_PORTS[scheme])
    if not 0 < port < 2**16 or not _names_one_host(host):
        raise ConfigurationError(ConfigurationFault.NO_HOST)
    address = Address(scheme, host, port, match["path"] or "")
    if scheme == "http" and not address.is_loopback:
        raise ConfigurationError(ConfigurationFault.NOT_ENCRYPTED)
    return address


def _names_one_host(host):
    """Tell whether all systems read the same in ``host``: a name, or an address in full.

    Systems take ``0x7f.1``, ``2130706433`` and ``0177.0.0.1`` for addresses, too.
    """
    try:
        if host.startswith("["):
            ipaddress.IPv6Address(host[1:-1])
        elif re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]):
            ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine: ``localhost``, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback and (address.version == 4 or int(address) == 1)
