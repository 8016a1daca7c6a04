"""What converting a document costs, beside posting it and beside Odoo's closest peer.

``l10n_vn_edi_viettel`` is the module of Odoo itself that is most like this one (a private
provider hands out the numbers); its JSON is built of an equal invoice, in the same run.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/real"))

from conftest import RIF, SET_UP, TOOLS, checked, connect
from servers import copied, run_script

from lab.simulator.testing import SimulatorProcess

SCRIPT = Path(__file__).with_name("measure_conversion.py")
INSTALL = """
env["ir.module.module"].update_list()
env["ir.module.module"].search([("name", "=", "l10n_vn_edi_viettel")]).button_immediate_install()
cr.commit()
"""


def measure(documents=100, rounds=5):
    """Return the figures as ``{"name", "value", "unit"}``."""
    simulator = SimulatorProcess()
    try:
        with copied(os.environ["SMART_DEV_TEMPLATE_DB"]) as database:
            checked(run_script(database, INSTALL, timeout=600))
            checked(run_script(database, SET_UP))
            connect(database, simulator)
            output = checked(
                run_script(
                    database,
                    TOOLS + SCRIPT.read_text("utf-8"),
                    timeout=1200,
                    BENCH_RIF=RIF,
                    BENCH_DOCUMENTS=str(documents),
                    BENCH_ROUNDS=str(rounds),
                )
            )
    finally:
        simulator.stop()
    return json.loads(output.strip().splitlines()[-1])


def main():
    """Print the figures."""
    figures = measure()
    width = max(len(figure["name"]) for figure in figures)
    for figure in figures:
        print(f"{figure['name']:<{width}}  {figure['value']:>10.3f} {figure['unit']}")


if __name__ == "__main__":
    main()
