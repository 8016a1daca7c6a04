"""Posts the demo documents in a real Odoo and waits until each is issued.

Run by ``./dev demo`` with the Python that can import Odoo; not part of the command.
"""

import argparse
import json
import re
import sys
import time
import urllib.request
from zoneinfo import ZoneInfo

import demo_deliveries

import odoo.tools
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

ADDON = "l10n_ve_edi_smart"
CARACAS = ZoneInfo("America/Caracas")
PATIENCE = 60  # seconds for one document
UNFINISHED = (False, "queued", "sending")
TYPES = {
    "invoice": "Invoice",
    "credit_note": "Credit note",
    "debit_note": "Debit note",
    "dispatch_guide": "Dispatch guide",
    "delivery_note": "Delivery note",
}


def main():
    """Run, and return the exit status: 0 when every document was issued."""
    options = _options()
    odoo.tools.config.parse_config(
        ["-c", options.config, "-d", options.database, "--no-http"], setup_logging=True
    )
    with Registry(options.database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        company = env.ref(f"{ADDON}.demo_company_ve", raise_if_not_found=False) or env.company
        env = Environment(cr, SUPERUSER_ID, {"allowed_company_ids": company.ids, "lang": "en_US"})
        company = company.with_env(env)
        connect(company, options)
        env.cr.commit()
        for move in drafts(company):
            move.action_post()
            issue(move)
        if not env["smart.document"].search_count(
            [("company_id", "=", company.id), ("picking_id", "!=", False)]
        ):
            for owner in demo_deliveries.steps(company):
                issue(owner)
        rows = [_row(document) for document in _documents(company)]
    with open(options.result, "w", encoding="utf-8") as file:
        json.dump(rows, file)
    return 0 if all(row["control_number"] for row in rows) else 1


def _options():
    parser = argparse.ArgumentParser()
    for name in ("config", "database", "url", "control-url", "result"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


def connect(company, options):
    """Register the company with the simulator and enter the token that it hands out."""
    partner = company.partner_id
    issuer = {
        "rif": _rif(company.vat),
        "name": company.name,
        "address": partner._display_address(without_company=True).replace("\n", ", "),
        "email": company.email or "",
        "phone": company.phone or "",
        "enforce_numbering": True,
    }
    request = urllib.request.Request(
        f"{options.control_url.rstrip('/')}/issuers",
        data=json.dumps(issuer).encode(),
        headers={"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as response:
        token = json.load(response)["token"]
    # The user who logs in is in that company at once.
    company.env.ref("base.user_admin").company_id = company
    company.write(
        {"smart_environment": "custom", "smart_base_url": options.url, "smart_token": token}
    )


def _rif(vat):
    """Return a RIF as the service writes it, ``J-12345678-9``."""
    plain = re.sub(r"[^A-Z0-9]", "", (vat or "").upper()).removeprefix("VE")
    return f"{plain[0]}-{plain[1:-1]}-{plain[-1]}"


def drafts(company):
    """Return the drafts of the demo data, a note always after its document."""
    env = company.env
    data = env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", "account.move")])
    drafts = env["account.move"].search(
        [
            ("id", "in", data.mapped("res_id")),
            ("company_id", "=", company.id),
            ("state", "=", "draft"),
        ],
        order="id",
    )
    return drafts.sorted(lambda move: bool(move.reversed_entry_id or move.debit_origin_id))


def issue(owner):
    """Commit what was confirmed, and wait until it has left the queue; any process may send it."""
    # The addon sends once this commit is through, on a cursor of its own.
    owner.env.cr.commit()
    deadline = time.monotonic() + PATIENCE
    while owner.smart_state in UNFINISHED and time.monotonic() < deadline:
        time.sleep(0.2)
        owner.env.cr.rollback()  # a new transaction sees what others committed
        owner.env.invalidate_all()


def _documents(company):
    """Return the company's documents in the order of their control numbers."""
    return company.env["smart.document"].search(
        [("company_id", "=", company.id)], order="control_number, id"
    )


def _row(document):
    issued = document.issued_at
    if issued:
        issued = issued.replace(tzinfo=ZoneInfo("UTC")).astimezone(CARACAS).isoformat()
    return {
        "type": TYPES[document.document_type],
        "number": document.internal_number or document.name,
        "customer": document.partner_id.name,
        "currency": document.currency_id.name,
        "total": document.amount_total,
        "control_number": document.control_number or "",
        "issued_at": issued or "",
        "state": document.state,
        "error": document.last_error or "",
    }


if __name__ == "__main__":
    sys.exit(main())
