"""``./dev beside``: try sets of addons; the exit status tells whether each works beside ours."""

import argparse
import contextlib
import json
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

# The company, the copied databases and the scripts are those of the tests on real servers.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/real"))

from lab.beside import table
from lab.beside.trial import Prepared, Trial
from lab.devtools import say


def main():
    """Try everything of a plan; return the exit status."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(128 + signal.SIGTERM))
    plan = json.loads(Path(options.plan).read_text(encoding="utf-8"))
    outcomes = []
    with contextlib.ExitStack() as stack:
        prepared = Prepared(stack)
        pool = ThreadPoolExecutor(options.workers)
        # Who ends this waits for what runs, not for what has not begun.
        stack.callback(pool.shutdown, cancel_futures=True)
        running = [pool.submit(Trial(one, prepared, options.logs).run) for one in plan]
        for done in as_completed(running):
            outcome = done.result()
            outcomes.append(outcome)
            names = ", ".join(outcome.addons)
            say.step(f"{names}: {table.result(outcome)} ({outcome.seconds:.0f} s)")
            for order, broken in outcome.broken.items():
                say.line(f"  {order}, {broken['step']}: {broken['why']}")
            _write(options, outcomes)
    outcomes.sort(key=lambda outcome: (len(outcome.addons), outcome.addons))
    say.line()
    say.line(say.table(table.HEADERS, [table.cells(outcome) for outcome in outcomes]))
    say.line()
    broken = [outcome for outcome in outcomes if not outcome.ok]
    for outcome in broken:
        say.line(f"{', '.join(outcome.addons)}: log {next(iter(outcome.broken.values()))['log']}")
    say.line(f"{len(outcomes) - len(broken)} OK, {len(broken)} broken")
    return 1 if broken else 0


def _options():
    parser = argparse.ArgumentParser(prog="./dev beside", description=__doc__)
    parser.add_argument("--plan", required=True)
    parser.add_argument("--logs", required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json")
    parser.add_argument("--markdown")
    return parser.parse_args()


def _write(options, outcomes):
    """Write what is known by now: a run takes long, and may be ended."""
    if options.json:
        told = [asdict(outcome) for outcome in outcomes]
        Path(options.json).write_text(json.dumps(told, indent=1), encoding="utf-8")
    if options.markdown:
        path = Path(options.markdown)
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        rows = [table.cells(outcome) for outcome in outcomes]
        path.write_text(table.merged(text, rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
