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

#: What accountants use beside this addon: of Odoo, and of the community (PyPI, for 19.0).
NEIGHBOURS = {
    "Odoo": (
        "account_debit_note",
        "sale_management",
        "purchase",
        "stock_account",
        "hr_expense",
        "payment_demo",
        "website_sale",
        "spreadsheet_account",
    ),
    "OCA": (
        "account_asset_management",
        "account_chart_update",
        "account_financial_report",
        "account_invoice_constraint_chronology",
        "account_invoice_fixed_discount",
        "account_invoice_merge",
        "account_invoice_refund_link",
        "account_invoice_start_end_dates",
        "account_invoice_transmit_method",
        "account_invoice_tree_currency",
        "account_invoice_triple_discount",
        "account_journal_restrict_mode",
        "account_move_cancel_confirm",
        "account_move_name_sequence",
        "account_move_post_date_user",
        "account_move_tier_validation",
        "account_payment_order",
        "account_reconcile_oca",
        "account_tax_balance",
        "auditlog",
        "base_tier_validation",
        "currency_rate_update",
        "date_range",
        "mis_builder",
        "partner_firstname",
        "partner_identification",
        "partner_statement",
        "partner_vat_unique",
        "queue_job",
        "report_xlsx",
        "sale_order_general_discount",
        "server_action_mass_edit",
    ),
}


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
