"""``./dev bench [--quick] [--json FILE]``: prints ratios, writes every figure with its unit."""

import argparse
import json
import os
import sys
from pathlib import Path

# The company, the copied databases and the scripts are those of the tests on real servers.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/real"))

from conftest import RIF, SET_UP, TOOLS, checked, connect
from servers import copied, run_script

from benchmarks import conversion
from simulator.testing import SimulatorProcess

SCRIPT = Path(__file__).with_name("measure.py")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small version, about a minute")
    parser.add_argument("--json", metavar="FILE", help="write every figure with name and unit")
    options = parser.parse_args()
    sizes = {"documents": 60, "batch": 50} if options.quick else {"documents": 300, "batch": 200}
    figures = []
    simulator = SimulatorProcess()
    try:
        with copied(os.environ["SMART_DEV_TEMPLATE_DB"]) as database:
            checked(run_script(database, SET_UP))
            connect(database, simulator)
            output = checked(
                run_script(
                    database,
                    TOOLS + SCRIPT.read_text("utf-8"),
                    timeout=3000,
                    BENCH_CONTROL=simulator.ready["control_url"],
                    BENCH_RIF=RIF,
                    **{f"BENCH_{name.upper()}": str(value) for name, value in sizes.items()},
                )
            )
        figures = json.loads(output.strip().splitlines()[-1])
    finally:
        simulator.stop()
    figures += conversion.measure(documents=30 if options.quick else 100)
    width = max(len(figure["name"]) for figure in figures)
    for figure in figures:
        print(f"{figure['name']:<{width}}  {figure['value']:>10.3f} {figure['unit']}")
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
