"""``./dev chaos``: exits with 0 if nothing was issued twice, lost or left without a reason."""

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from .plan import POISONS, POSTGRES_FAULTS, draw
from .postgres import own_postgres

# The company and the servers are those of the tests on real servers.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/real"))

#: Creates the plan's drafts (a file of JSON) and prints them: pairs of (model, id). Refused ones
#: are about a document that only Odoo knows: a service that was reset, or a database from
#: elsewhere.
MAKE = """
import json
with open(os.environ["CHAOS_DOCUMENTS"], encoding="utf-8") as file:
    plan = json.load(file)
foreign = invoice(10_000_000)
foreign.action_post()
cr.postcommit.clear()
foreign.smart_document_id.sudo()._engine_write({
    "state": "issued", "control_number": "00-09999999", "internal_number": "09999999",
})
made = {}
taxes = env["account.tax"].search([
    ("company_id", "=", company.id), ("type_tax_use", "=", "sale"), ("amount", "=", 16),
], limit=1)
def values(kind, price, origin, poison):
    vals = {
        "move_type": "out_invoice", "partner_id": customer.id,
        "currency_id": env.ref("base.VES").id,
        "invoice_date": env["account.move"]._smart_today(),
        "invoice_line_ids": [(0, 0, {
            "name": f"VENENO {poison}." if poison else "Line",
            "price_unit": price, "tax_ids": [(6, 0, taxes.ids)],
        })],
    }
    if kind == "debit_note":
        vals["debit_origin_id"] = made[origin].id
    elif kind not in ("invoice", "poison"):
        vals["move_type"] = "out_refund"
        vals["reversed_entry_id"] = foreign.id if kind == "refused" else made[origin].id
    return vals
from odoo import fields
invoices = [n for n, one in enumerate(plan) if one["kind"] == "invoice"]
moved = {"dispatch_guide": "delivery", "delivery_note": "transfer"}
for n, one in enumerate(plan):
    if one["kind"] in moved:
        made[n] = globals()[moved[one["kind"]]](one["price"], name=f"Guía {n}")
others = [n for n, one in enumerate(plan) if one["kind"] not in ("invoice", *moved)]
for numbers in (invoices, others):
    moves = env["account.move"].create([values(**plan[n]) for n in numbers])
    made.update(zip(numbers, moves))
cr.commit()
cr.close()
print(json.dumps([(made[n]._name, made[n].id) for n in range(len(plan))]))
"""


def parse(arguments=None):
    parser = argparse.ArgumentParser(prog="./dev chaos", description=__doc__)
    parser.add_argument("--documents", type=int, default=200, metavar="N", help="%(default)s")
    parser.add_argument("--faults", type=int, default=60, metavar="M", help="%(default)s")
    parser.add_argument(
        "--seed", type=int, help="draws the same documents and faults again; by default another"
    )
    parser.add_argument(
        "--servers", type=int, default=3, metavar="K",
        help="%(default)s; the second one has worker processes",
    )  # fmt: skip
    parser.add_argument(
        "--no-numbering", action="store_true", help="the service does not enforce the numbering"
    )
    parser.add_argument(
        "--no-prints", action="store_true", help="the service prints nothing: there is no witness"
    )
    parser.add_argument("--json", metavar="FILE", help="write the same figures")
    options = parser.parse_args(arguments)
    if options.documents < 1 or options.faults < 0 or options.servers < 1:
        parser.error("there must be at least one document and one server")
    if options.seed is None:
        options.seed = int.from_bytes(os.urandom(4), "big")
    return options


def say(text):
    print(f"→ {text}", flush=True)


def main():
    options = parse()
    # Ending this process must also end its servers.
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(128 + signal.SIGTERM))
    template = os.environ["SMART_DEV_TEMPLATE_DB"]
    print(f"seed {options.seed}: {options.documents} documents, {options.faults} faults")
    say("preparing a PostgreSQL of its own, the company and the documents")
    with own_postgres(template) as own:
        if own is None:
            say("PostgreSQL is not restarted: the one of PGHOST is somebody else's")
        figures = carry_out(options, template, own)
    report(options, figures)
    return 0 if figures["holds"] else 1


def carry_out(options, template, own):
    """Draw a plan, run it and return the figures."""
    # Only now, because on their import they read where PostgreSQL is.
    from conftest import RIF, SET_UP, TOOLS, checked, connect
    from deliveries import DELIVERIES
    from preloaded import run_script
    from servers import copied, psql

    from lab.simulator.testing import SimulatorProcess

    from .conduct import flaws, met_share
    from .run import Run
    from .verdict import Verdict
    from .world import Database, World

    logs = Path(os.environ["SMART_DEV_CACHE"], "logs", f"chaos-{options.seed}")
    logs.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="smart-chaos-")))
        simulator = SimulatorProcess("--respawn", "--state", str(folder / "ledger.sqlite"))
        stack.callback(simulator.stop)
        # Nobody else needs the template of a cluster of its own.
        name = template if own else stack.enter_context(copied(template))
        goods = psql("SELECT to_regclass('stock_picking') IS NOT NULL", name) == "t"
        plan = draw(
            options.seed, options.documents, options.faults, postgres=own is not None,
            deliveries=goods,
        )  # fmt: skip
        checked(run_script(name, SET_UP))
        connect(name, simulator, enforce_numbering=not options.no_numbering)
        for poison in POISONS:
            simulator.poison(f"VENENO {poison}.", poison)
        if options.no_prints:
            simulator.print("*", missing=-1)
        documents = folder / "documents.json"
        documents.write_text(json.dumps([vars(one) for one in plan.documents]), "utf-8")
        make = TOOLS + (DELIVERIES if goods else "") + MAKE
        made = checked(run_script(name, make, timeout=1200, CHAOS_DOCUMENTS=str(documents)))
        owners = [tuple(owner) for owner in json.loads(made.strip().splitlines()[-1])]
        company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", name))
        started = time.monotonic()
        with World(
            name, company, simulator, own, options.servers, logs, plan.quiet_seconds()
        ) as world:
            say(f"{options.servers} servers start; their logs: {logs}")
            world.any_server()
            run = Run(world, plan, owners, say)
            run.carry_out()
        seconds = time.monotonic() - started
        simulator.wait_until_listening()
        met, person = run.met(), world.person
        flawed = flaws(plan.faults, run.armed, met, person.blocks, person.pauses_ended, run.gave_up)
        database = Database(name)
        verdict = Verdict(
            database, owners, [one.poison or one.kind for one in plan.documents],
            simulator.documents(f"?rif={RIF}&summary=1"), enforced=not options.no_numbering,
        )  # fmt: skip
        rights = database.value("SELECT count(*) FROM smart_exchange")
        database.close()
        return {
            "seed": options.seed,
            "enforced_numbering": not options.no_numbering,
            "documents": options.documents,
            "kinds": dict(Counter(one.kind for one in plan.documents)),
            "states": verdict.states(),
            "issued_by_the_service": len(simulator.documents()),
            "calls": rights,
            "faults": dict(sorted(run.faults.items())),
            "faults_armed": dict(run.armed),
            "faults_met_by_a_call": met,
            "share_of_faults_met": met_share(run.armed, met),
            "postgres_restarted": own is not None
            and sum(run.faults.get(kind, 0) for kind in POSTGRES_FAULTS),
            "servers_started": sum(place.starts for place in world.places),
            "confirmations_refused": run.refusals,
            "button_pressed": person.pressed,
            "blocks": dict(person.blocks),
            "pauses_ended_by_themselves": person.pauses_ended,
            "duplicates": verdict.duplicates,
            "lost": verdict.lost,
            "wrong": verdict.wrong,
            "gaps": verdict.gaps,
            "unexplained": verdict.unexplained,
            "flaws": flawed,
            "refused_as_drawn": verdict.drawn,
            "set_aside_by_faults": verdict.set_aside,
            "resolved_by_a_witness": verdict.witnessed,
            "issued_but_still_in_doubt": verdict.unseen,
            "left_for_a_person": verdict.for_a_person,
            "seconds": round(seconds),
            "holds": verdict.holds and not flawed,
        }


def report(options, figures):
    """Print the figures, and write them where asked to."""
    print(f"\ndocuments            {figures['documents']}")
    for kind, count in sorted(figures["kinds"].items()):
        print(f"  {kind:18} {count}")
    for state, count in sorted(figures["states"].items(), key=str):
        print(f"  {state!s:18} {count}")
    armed, met = figures["faults_armed"], figures["faults_met_by_a_call"]
    print(f"faults               {sum(figures['faults'].values()):5}   armed / met by a call")
    for kind, count in figures["faults"].items():
        calls = f"{armed[kind]:5} / {met.get(kind, 0)}" if kind in armed else ""
        print(f"  {kind:22} {count:4} {calls}".rstrip())
    if armed:
        print(f"met by a call        {figures['share_of_faults_met']:.0%}")
    print(f"found blocked        {sum(figures['blocks'].values())}")
    for reason, count in figures["blocks"].items():
        print(f"  {count:4} × {reason}")
    print(f"button pressed       {figures['button_pressed']}")
    print(f"pauses that ended by themselves, once nobody ends them: "
          f"{figures['pauses_ended_by_themselves']}")  # fmt: skip
    for name in ("duplicates", "lost", "wrong", "gaps", "unexplained", "flaws"):
        print(f"{name:20} {len(figures[name])}")
        for sentence in figures[name]:
            print(f"  {sentence}")
    for name in ("refused_as_drawn", "set_aside_by_faults", "left_for_a_person"):
        left = figures[name]
        print(f"{name.replace('_', ' '):20} {len(left)}")
        # The reason without what differs from one to the next.
        for reason, count in Counter(
            " ".join(word for word in text.split() if not any(map(str.isdigit, word)))
            for text in left.values()
        ).most_common():
            print(f"  {count:4} × {reason}")
    print(f"resolved by their printed document: {figures['resolved_by_a_witness']}")
    unseen = figures["issued_but_still_in_doubt"]
    print(f"issued, and still in doubt here: {len(unseen)}")
    for name, number in unseen.items():
        print(f"  {number} {name}: {figures['left_for_a_person'].get(name)}")
    print(f"{figures['seconds']} s; seed {options.seed} draws the same plan again")
    print("the promise holds" if figures["holds"] else "THE PROMISE IS BROKEN")
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
