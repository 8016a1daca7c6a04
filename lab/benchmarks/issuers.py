"""Many issuers at once: how fast real servers drain them, beside one issuer alone.

Everything as in production: the issuers' own scheduled actions, run by Odoo's scheduler (or jobs
of ``queue_job``), in servers of their own, over HTTP to the simulator.
"""

import contextlib
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from conftest import RIF, TOOLS, checked
from servers import Server, copied, psql, run_script, wait_for

from lab.simulator.testing import SimulatorProcess
from smart_api.sealing import Seal

DELAY_MS = 200
HANG_MS = 60_000

#: Name of the set-up -> options of each of its servers.
SETUPS = {
    "2 cron threads": [["--max-cron-threads=2"]],
    "4 cron threads": [["--max-cron-threads=4"]],
    "8 cron threads": [["--max-cron-threads=8"]],
    "two servers of 4": [["--max-cron-threads=4"]] * 2,
}
JOBS = "8 jobs at a time"
#: (issuers, set-up) -> how many times the rate of one; or until the machine has no more to give.
GOALS = {(8, "4 cron threads"): 3.6, (8, "two servers of 4"): 7.0, (8, JOBS): 7.0}
FULLY_BUSY = 90  # percent of all cores
JOB_OPTIONS = ["--load=base,web,queue_job", "--workers=0", "--max-cron-threads=1"]

ISSUERS = """
import json
issuers = [company]
for number, vat in enumerate(json.loads(os.environ["BENCH_RIFS"])[1:], start=1):
    other = company.create({
        "name": f"Emisor {number}, C.A.", "vat": vat, "street": "Av. Sucre", "city": "Caracas",
        "currency_id": env.ref("base.VES").id, "country_id": env.ref("base.ve").id,
    })
    env["account.chart.template"].try_loading("ve", other)
    env["res.currency.rate"].create({
        "currency_id": env.ref("base.USD").id, "company_id": other.id, "name": "2020-01-01",
        "inverse_company_rate": 40.5647,
    })
    issuers.append(other)
print([issuer.id for issuer in issuers])
cr.commit()
cr.close()
"""

QUEUE = """
import json
count = int(os.environ["BENCH_DOCUMENTS"])
issuers = env["res.company"].browse(json.loads(os.environ["BENCH_OF"]))
issuers._smart_make_actions_of_issuers()
# Nobody begins before all are there.
for issuer in issuers:
    env["smart.lane"]._of_issuer(issuer, "custom")._block("The bench makes documents")
cr.commit()
for issuer in issuers:
    env = env(context=dict(env.context, allowed_company_ids=issuer.ids))
    moves = env["account.move"].union(*(invoice() for _n in range(count)))
    moves.with_context(smart_in_background=True).action_post()
    cr.postcommit.clear()
    cr.commit()
"""
START = """
import json, time
issuers = env["res.company"].browse(json.loads(os.environ["BENCH_OF"]))
env["smart.lane"].search([("issuer_id", "in", issuers.ids)])._resume()
print(time.time())
cr.commit()
cr.close()
"""


def rif(number):
    """Return the RIF of an issuer, with its check digit; the first one is that of the tests."""
    if not number:
        return RIF
    digits = str(40200000 + number)
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    total = 12 + sum(int(one) * weight for one, weight in zip(digits, weights, strict=True))
    return f"J-{digits}-{'00987654321'[total % 11]}"


class Issuers:
    """A database with issuers, each registered at a simulator.

    :param ids: of the companies
    """

    def __init__(self, stack, database, ids):
        self.database, self.ids = database, ids
        self.busy = 0.0  # percent of all cores, in the last run
        self._stack = stack
        self._key = psql("SELECT secret FROM smart_token_key", database)
        self._simulator = self._start(DELAY_MS)
        self._hanging = None
        for number, issuer in enumerate(self.ids):
            self.connect(self._simulator, number, issuer)

    def _start(self, delay):
        simulator = SimulatorProcess()
        self._stack.callback(simulator.stop)
        simulator.control("POST", "/latency", {"ms": delay})
        return simulator

    def connect(self, simulator, number, issuer):
        lot = number * 100_000
        token = simulator.mint(rif(number), lot_from=lot + 1, lot_to=lot + 90_000)
        sealed = Seal([self._key]).seal(token["token"])
        psql(
            "UPDATE res_company SET smart_environment = 'custom', smart_token_origin = NULL,"  # noqa: S608
            f" smart_base_url = '{simulator.url}', smart_token_sealed = '{sealed}'"
            f" WHERE id = {issuer}",
            self.database,
        )

    def hang(self, number):
        """Have one issuer's service answer nothing for a minute."""
        self._hanging = self._hanging or self._start(HANG_MS)
        self.connect(self._hanging, number, self.ids[number])

    def run(self, code, issuers, documents=0):
        return checked(
            run_script(
                self.database, TOOLS + code, timeout=1200,
                BENCH_OF=json.dumps(issuers), BENCH_DOCUMENTS=str(documents),
            )
        )  # fmt: skip

    def left(self, issuers):
        ids = ", ".join(map(str, issuers))
        return int(
            psql(
                "SELECT count(*) FROM smart_document"  # noqa: S608 - numbers
                f" WHERE state != 'issued' AND issuer_id IN ({ids})",
                self.database,
            )
        )

    def drain(self, issuers, documents, counted=None):
        """Queue and drain; return documents per second, of some issuers if not of all."""
        counted = counted or issuers
        self.run(QUEUE, issuers, documents)
        before = self.left(counted)
        start = float(self.run(START, issuers))
        psutil.cpu_percent()
        wait_for(lambda: not self.left(counted), 900, "the end of the queues", every=0.05)
        seconds = time.time() - start
        self.busy = psutil.cpu_percent()
        return before / seconds


def with_issuers(stack, template, count):
    """Return the name of a copy with so many issuers, to be copied, and the ids of those."""
    database = stack.enter_context(copied(template))
    rifs = json.dumps([rif(number) for number in range(count)])
    made = run_script(database, TOOLS + ISSUERS, timeout=1200, BENCH_RIFS=rifs)
    return database, json.loads(checked(made).strip().splitlines()[-1])


@contextlib.contextmanager
def serving(database, servers):
    """Run servers on a database."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for number, options in enumerate(servers):
            log = folder / f"{number}.log"
            stack.callback(Server(database, log, "--db_maxconn=128", *options).stop)
        yield


def measure(*args, **kwargs):
    """Return the figures, see :func:`_measure`."""
    with contextlib.ExitStack() as outer:
        return _measure(outer, *args, **kwargs)


def _measure(outer, prepared, documents, counts, setups, jobs_template=None):
    """Return the figures.

    :param outer: what lives as long as all of it
    :param str prepared: a database with the company of the tests, to be copied
    :param int documents: of each issuer in each run
    :param counts: how many issuers
    :param setups: names of ``SETUPS``
    :param jobs_template: the same with ``queue_job`` and its bridge, if that is there
    """
    figures = []

    def figure(name, value, unit, goal=None):
        goal = (">=", goal) if goal else None
        figures.append({"name": name, "value": value, "unit": unit, "goal": goal, "spread": None})

    places = [(name, SETUPS[name], prepared) for name in setups]
    if jobs_template:
        places.append((JOBS, [JOB_OPTIONS], jobs_template))
    one, made = None, {}
    for name, servers, template in places:
        with contextlib.ExitStack() as stack:
            if name == JOBS:
                os.environ["ODOO_QUEUE_JOB_CHANNELS"] = "root:8,root.smart:8"
            if template not in made:
                made[template] = with_issuers(outer, template, max(counts))
            database, ids = made[template]
            issuers = Issuers(stack, stack.enter_context(copied(database)), ids)
            stack.enter_context(serving(issuers.database, servers))
            issuers.drain(issuers.ids, 1)  # what the first document of each costs once
            if one is None:
                rates = [issuers.drain(issuers.ids[:1], documents) for _n in range(2)]
                one = statistics.median(rates)
                figure("1 issuer alone", one, "documents/s")
            for count in counts[1:]:
                rate = issuers.drain(issuers.ids[:count], documents)
                busy, goal = issuers.busy, GOALS.get((count, name))
                figure(f"{count} issuers, {name}", rate, "documents/s")
                figure(f"{count} issuers, {name}: busy cores", busy, "%")
                figure(
                    f"{count} issuers, {name}: beside one",
                    rate / one,
                    "times",
                    goal if busy < FULLY_BUSY else None,
                )
            if name == "4 cron threads":
                count = max(counts)
                issuers.hang(count - 1)
                rate = issuers.drain(issuers.ids[:count], documents, issuers.ids[: count - 1])
                what = f"{count} issuers, one of them hanging for a minute, {name}"
                figure(f"{what}: the other {count - 1}", rate, "documents/s")
    return figures
