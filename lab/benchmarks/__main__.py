"""``./dev bench [--quick] [--json FILE]``: prints ratios, writes every figure with its unit."""

import argparse
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

# The company, the copied databases and the scripts are those of the tests on real servers.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/real"))

from conftest import RIF, SET_UP, TOOLS, checked, connect
from servers import copied, run_script

from lab.benchmarks import conversion, issuers, waiting
from lab.benchmarks.figures import lines, met
from lab.simulator.testing import SimulatorProcess

HERE = Path(__file__).parent

# Without the addon, Odoo gives the company VEF, when its chart is loaded and once more before the
# commit. Confirming would then cost as much as for an invoice in a foreign currency.
BOLIVARES = """
company.currency_id = bolivar
cr.commit()
"""

FULL = {
    "sending": {
        "DOCUMENTS_0": 300, "DOCUMENTS_50": 150, "DOCUMENTS_200": 60,
        "WHOLE_0": 300, "WHOLE_50": 200, "WHOLE_200": 100,
    },
    "confirming": {"SINGLES": 41, "BATCH": 200, "BATCHES": 3},
    "history": {"SHORT": 1000, "LONG": 50000, "ROUNDS": 15},
    "memory": {"DOCUMENTS": 5000},
    "conversion": {"documents": 100, "rounds": 5},
    "till": {"ORDERS": 21, "UNPRINTED": 21},
    "issuers": {"documents": 30, "counts": [1, 2, 4, 8, 16], "setups": list(issuers.SETUPS)},
}  # fmt: skip
#: Behind a slow service, in real servers.
WAITING = {"delay_ms": 20_000, "rounds": 3}
QUICK = {
    "sending": {
        "DOCUMENTS_0": 30, "DOCUMENTS_50": 25, "DOCUMENTS_200": 8,
        # With a few documents it would measure only what a run costs once.
        "WHOLE_0": 0, "WHOLE_50": 0, "WHOLE_200": 0,
    },
    "confirming": {"SINGLES": 7, "BATCH": 20, "BATCHES": 2},
    "history": {"SHORT": 500, "LONG": 3000, "ROUNDS": 2},
    "memory": {"DOCUMENTS": 100},
}  # fmt: skip


class Bench:
    """Databases with a company that is ready to issue, each with a simulator of its own.

    Their template is made once; the copies live as long as the part that needs them.
    """

    def __init__(self, stack):
        self._stack = stack
        self._prepared = {}

    def database(self, stack, template="SMART_DEV_TEMPLATE_DB", **issuer):
        """Return the name of a fresh one, and its simulator."""
        name = self._copy(stack, os.environ[template])
        simulator = SimulatorProcess()
        stack.callback(simulator.stop)
        connect(name, simulator, **issuer)
        return name, simulator

    def plain_database(self, stack, template="SMART_DEV_BASE_DB"):
        """Return the name of one with the same company, in Odoo without the addon."""
        return self._copy(stack, os.environ[template])

    def _copy(self, stack, template):
        return stack.enter_context(copied(self.prepared(template)))

    def prepared(self, template):
        """Return the name of a database with the company, to be copied."""
        if template not in self._prepared:
            prepared = self._stack.enter_context(copied(template))
            checked(run_script(prepared, SET_UP + BOLIVARES, timeout=600))
            self._prepared[template] = prepared
        return self._prepared[template]

    def run(self, part, sizes):
        """Run one measurement and return its figures."""
        with contextlib.ExitStack() as stack:
            return self._run(stack, part, sizes)

    def _run(self, stack, part, sizes):
        bridged = ("SMART_DEV_BRIDGES_DB",) if part == "till" else ()
        database, simulator = self.database(stack, *bridged)
        environ = {f"BENCH_{name}": str(value) for name, value in sizes.items()}
        environ["BENCH_CONTROL"] = simulator.ready["control_url"]
        if part == "sending":
            minted = simulator.mint(RIF, enforce_numbering=False)
            environ["BENCH_TOKEN"] = minted["token"]
        elif part == "confirming":
            environ["BENCH_PLAIN_DB"] = self.plain_database(stack)
        elif part == "till":
            environ["BENCH_PLAIN_DB"] = self.plain_database(stack, "SMART_DEV_JOINED_DB")
        elif part == "history":
            environ["BENCH_OTHER_DB"], _simulator = self.database(stack)
        names = ("tools.py", f"measure_{part}.py")
        code = "".join((HERE / name).read_text("utf-8") + "\n" for name in names)
        output = checked(run_script(database, TOOLS + code, timeout=3000, **environ))
        return json.loads(output.strip().splitlines()[-1])


def main():
    """Measure; the exit status tells whether every goal was reached."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small version, about a minute")
    parser.add_argument("--json", metavar="FILE", help="write every figure with name and unit")
    parser.add_argument(
        "--only",
        choices=list(FULL),
        action="append",
        help="a part; repeatable; issuers and till only so",
    )
    options = parser.parse_args()
    # Ending this process must also end what it has started.
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(128 + signal.SIGTERM))
    sizes = QUICK if options.quick else FULL
    figures = []
    with contextlib.ExitStack() as stack:
        bench = Bench(stack)
        for part in options.only or [part for part in sizes if part not in ("issuers", "till")]:
            start = time.monotonic()
            if part == "conversion":
                found = conversion.measure(**FULL[part])
            elif part == "issuers":
                jobs = os.environ.get("SMART_DEV_BRIDGES_DB")
                found = issuers.measure(
                    bench.prepared(os.environ["SMART_DEV_TEMPLATE_DB"]), **FULL[part],
                    jobs_template=jobs and bench.prepared(jobs),
                )  # fmt: skip
            else:
                found = bench.run(part, sizes.get(part) or FULL[part])
                if part == "confirming":
                    found += waiting.measure(bench, **WAITING)
            print(f"\n{part.capitalize()} ({time.monotonic() - start:.0f} s)")
            print("\n".join(lines(found)), flush=True)
            figures += [{"part": part, **figure, "met": met(figure)} for figure in found]
            if options.json:
                Path(options.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    missed = [figure["name"] for figure in figures if figure["met"] is False]
    print(f"\nGoals missed: {', '.join(missed)}" if missed else "\nEvery goal is reached.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
