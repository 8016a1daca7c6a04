"""How long a person who confirms one document waits, in a real server, behind a slow service."""

import contextlib
import statistics
import tempfile
import time
from pathlib import Path

from conftest import TOOLS, checked
from servers import Server, psql, run_script

DRAFTS = "print([invoice().id for _n in range(%s)])\ncr.commit()\ncr.close()\n"

#: How long it is worth waiting: the default of the setting, and what Odoo takes around it.
GOAL_SECONDS = 4.5


def measure(bench, delay_ms, rounds):
    """Return the figures: with a quick service, and with one that takes ``delay_ms``.

    :param bench: where the databases come from
    """
    figures = []
    with contextlib.ExitStack() as stack:
        database, simulator = bench.database(stack)
        made = checked(run_script(database, TOOLS + DRAFTS % (2 * rounds + 2)))
        drafts = [int(text) for text in made.strip("[]\n").split(",")]
        company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = Server(database, Path(folder, "odoo.log"), "--max-cron-threads=2")
        stack.callback(server.stop)
        server.login()

        def confirm():
            start = time.perf_counter()
            server.call("account.move", "action_post", [drafts.pop()], company=company)
            return time.perf_counter() - start

        confirm()  # loads what is loaded once, and makes the issuer's scheduled actions
        confirm()
        for what, delay in (("200 ms", 200), (f"{delay_ms / 1000:.0f} s", delay_ms)):
            simulator.control("POST", "/latency", {"ms": delay})
            waited = [confirm() for _n in range(rounds)]
            figures.append(
                {
                    "name": f"confirm one while the service takes {what}",
                    "value": statistics.median(waited),
                    "unit": "s",
                    "goal": ("<=", GOAL_SECONDS),
                    "spread": [min(waited), max(waited)],
                }
            )
    return figures
