"""``./dev demo``: documents issued through the simulator, in a served Odoo."""

import contextlib
import json
import subprocess
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path

from . import browser, config, say
from .child import Child
from .databases import DEMO
from .say import Failure
from .workbench import Workbench

SIMULATOR_PORT, CONTROL_PORT = 8170, 8171
ISSUED = ("issued", "annulled")
COLUMNS = {
    "type": "Document",
    "number": "Legal number",
    "customer": "Customer",
    "currency": "Currency",
    "total": "Total",
    "control_number": "Control number",
    "issued_at": "Issued (Caracas)",
    "state": "State",
}


def run(options):
    """Issue the demo documents, print them, and serve Odoo unless told otherwise.

    :param options: ``once``, ``fresh`` and ``json``
    """
    bench = Workbench().set_up()
    if bench.cache.is_locked("demo"):
        raise Failure("another ./dev demo is running", "stop that one first")
    if not options.once:
        config.require_port(bench.settings, "./dev demo")
    with contextlib.ExitStack() as stack:
        stack.enter_context(bench.cache.lock("demo", "another ./dev demo"))
        browser.ensure_pdf(bench.settings, bench.cache)
        state = bench.cache.path("demo", "simulator.sqlite")
        # Either alone is useless: the simulator knows which numbers were given out.
        fresh = (
            options.fresh or options.once or not state.exists() or not bench.databases.exists(DEMO)
        )
        if fresh:
            for file in state.parent.glob("simulator.sqlite*"):
                file.unlink()
        bench.databases.demo(fresh)
        simulator, address = _start_simulator(bench, state)
        stack.callback(simulator.stop)
        rows = _issue(bench, address)
        problems = check(rows, _ledger(address), fresh)
        show(rows)
        if options.json:
            Path(options.json).write_text(
                json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
            )
        for problem in problems:
            say.fail(problem)
        if problems:
            return 1
        say.line(f"{len(rows)} documents, each issued exactly once.")
        if not options.once:
            _serve(bench, stack, address)
    return 0


def _start_simulator(bench, state):
    """Start the stand-in of the service; return it and its addresses."""
    say.step("simulator: starting")
    simulator = Child(
        "the simulator",
        [
            bench.env.python, "-m", "lab.simulator", "--respawn", "--state", state,
            # The same ports every time, so that the links of older documents go on working.
            "--port", config.free_port(SIMULATOR_PORT),
            "--control-port", config.free_port(CONTROL_PORT),
        ],
        bench.cache.log("simulator"),
        stdout=subprocess.PIPE,
        cwd=bench.settings.checkout,
        env=bench.environ(),
    )  # fmt: skip
    return simulator, json.loads(simulator.read_line(30))


def _issue(bench, address):
    """Have Odoo post and issue the demo documents; return them as rows."""
    say.step("documents: issuing")
    result = bench.cache.path("demo", "documents.json")
    result.unlink(missing_ok=True)
    log = bench.cache.log("demo-documents")
    script = Path(__file__).with_name("demo_documents.py")
    with log.open("wb") as file:
        status = subprocess.run(
            [
                bench.env.python, script, "--config", bench.rc, "--database", DEMO,
                "--url", address["url"], "--control-url", address["control_url"],
                "--result", result,
            ],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=bench.settings.checkout,
            env=bench.environ(),
            check=False,
        ).returncode  # fmt: skip
    if not result.is_file():
        from .proc import reason

        why = reason(log.read_text(encoding="utf-8", errors="replace"))
        raise Failure(f"the demo documents could not be issued ({why})", f"read {log}")
    if status:
        say.warn(f"not everything went well: read {log}")
    return json.loads(result.read_text(encoding="utf-8"))


def _ledger(address):
    """Return what the simulator issued."""
    uri = f"{address['control_url'].rstrip('/')}/ledger?summary=1"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(uri, timeout=30) as response:
        return json.load(response)["documents"]


def check(rows, ledger, fresh):
    """Return what is wrong with issued documents, as sentences.

    :param list rows: the documents that Odoo has
    :param list ledger: the documents that the simulator has
    :param bool fresh: whether the demo data alone made them
    """
    problems = []
    for row in rows:
        if row["state"] not in ISSUED:
            why = f": {row['error']}" if row.get("error") else ""
            problems.append(f"{row['number']} is {row['state'] or 'not queued'}, not issued{why}")
            continue
        for key in ("number", "control_number", "issued_at"):
            if not row[key] or row[key] == "/":
                problems.append(f"{row['number']} has no {COLUMNS[key].lower()}")
    ours = sorted(row["control_number"] for row in rows if row["control_number"])
    theirs = sorted(document["control_number"] for document in ledger)
    for number in sorted(set(ours)):
        if ours.count(number) > 1:
            problems.append(f"Odoo has control number {number} {ours.count(number)} times")
        if theirs.count(number) != 1:
            problems.append(f"the service issued {number} {theirs.count(number)} times")
    for number in sorted(set(theirs) - set(ours)):
        problems.append(f"the service issued {number}, which Odoo does not know")
    if fresh:
        if len(rows) < 11 or len({row["type"] for row in rows}) < 5:
            problems.append("the demo data gives fewer than eleven documents of five types")
        if len({row["currency"] for row in rows}) < 2:
            problems.append("the demo data gives documents in one currency only")
    return problems


def show(rows):
    """Print documents as a table."""
    shown = [
        [
            f"{row['total']:,.2f}" if key == "total" else _short_time(row[key])
            if key == "issued_at" else row[key]
            for key in COLUMNS
        ]
        for row in rows
    ]  # fmt: skip
    say.line()
    say.line(say.table(list(COLUMNS.values()), shown, right={list(COLUMNS).index("total")}))
    say.line()


def _short_time(text):
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S") if text else ""


def _serve(bench, stack, address):
    """Serve Odoo until somebody stops it."""
    log = bench.cache.log("odoo-demo")
    port = bench.settings.http_port
    say.step("Odoo: starting")
    server = Child(
        "Odoo",
        bench.odoo_command("-d", DEMO, f"--db-filter=^{DEMO}$"),
        log,
        env=bench.environ(),
        cwd=bench.settings.checkout,
    )
    stack.callback(server.stop)
    _wait_until_served(server, port)
    say.line()
    say.line(f"Odoo       http://localhost:{port}  (login admin, password admin)")
    say.line(f"simulator  {address['url']}  (control: {address['control_url']})")
    say.line(f"log        {log}")
    say.line("Ctrl-C stops everything.")
    try:
        server.process.wait()
    except KeyboardInterrupt:
        say.line()
        say.step("stopping")
        return
    server.died()


def _wait_until_served(server, port):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(240):
        if server.process.poll() is not None:
            server.died()
        try:
            with opener.open(f"http://127.0.0.1:{port}/web/health", timeout=10):
                return
        except OSError:
            time.sleep(0.5)
    raise Failure("Odoo did not answer within two minutes", f"read {server.log}")
