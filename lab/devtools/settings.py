"""What the environment and the checkout say, read once."""

import ast
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from .say import Failure

ADDON = "l10n_ve_edi_smart"
CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_HTTP_PORT = 8069


def digest(*parts):
    """Return a short stable hash of texts, for names of folders and databases."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


def _port(environ, name, default):
    text = environ.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Failure(f"{name}={text} is not a port", f"give a number such as {name}={default}")
    return int(text)


@dataclass(frozen=True)
class Settings:
    """The choices that a user makes by environment variables."""

    cache_root: Path
    odoo_home: Path | None
    pg_host: str | None
    pg_port: int
    pg_user: str
    pg_password: str | None
    http_port: int
    is_root: bool
    is_ci: bool
    checkout: Path = CHECKOUT
    checkout_key: str = field(default=digest(CHECKOUT))

    @classmethod
    def from_environ(cls, environ=None):
        """Read ``ODOO_HOME``, ``PG…``, ``HTTP_PORT``, ``XDG_CACHE_HOME`` and ``CI``."""
        environ = os.environ if environ is None else environ
        caches = environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        odoo_home = environ.get("ODOO_HOME")
        return cls(
            cache_root=Path(os.path.abspath(caches)) / ADDON,
            odoo_home=Path(os.path.abspath(odoo_home)) if odoo_home else None,
            pg_host=environ.get("PGHOST") or None,
            pg_port=_port(environ, "PGPORT", 5432),
            pg_user=environ.get("PGUSER") or "odoo",
            pg_password=environ.get("PGPASSWORD"),
            http_port=_port(environ, "HTTP_PORT", DEFAULT_HTTP_PORT),
            is_root=os.geteuid() == 0,
            is_ci=environ.get("CI", "").lower() in ("1", "true", "yes"),
        )


#: Bridges to addons that change what everybody may do: they are tried without the others.
APART = ("l10n_ve_edi_smart_fiscal_document", "l10n_ve_edi_smart_einvoice")


def bridges(checkout=CHECKOUT, apart=None):
    """Return the folders of the bridges: addons of their own, named by their folders.

    :param apart: of those that are tried apart alone, or of the others alone; of all by default
    """
    folders = sorted(path.parent for path in (checkout / "bridges").glob("*/__manifest__.py"))
    return [path for path in folders if apart is None or (path.name in APART) == apart]


def read_manifest(folder=CHECKOUT):
    """Return the manifest of an addon, this one or a bridge, as a dictionary."""
    path = folder / "__manifest__.py"
    if not path.is_file():
        raise Failure(f"{path} is missing", "run ./dev from a complete checkout")
    return ast.literal_eval(path.read_text(encoding="utf-8"))
