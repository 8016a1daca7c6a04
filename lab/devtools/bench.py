"""``./dev bench``: the benchmarks, run with the Python that can import Odoo."""

import contextlib

from . import browser, say
from .say import Failure
from .workbench import Workbench


def run(arguments):
    """Hand everything over to ``python -m lab.benchmarks``; return its exit status."""
    bench = Workbench().set_up()
    if not (bench.settings.checkout / "lab" / "benchmarks" / "__main__.py").is_file():
        raise Failure("this checkout has no lab/", "run ./dev from a complete checkout")
    with contextlib.ExitStack() as stack:
        template = stack.enter_context(bench.databases.addon_in_use())
        more = {}
        if {"issuers", "till"} & set(arguments):  # a set-up of jobs; a bridge
            more["SMART_DEV_BRIDGES_DB"] = stack.enter_context(bench.databases.bridges_in_use())
            more["SMART_DEV_JOINED_DB"] = bench.databases.joined()
        say.headline("Benchmarks")
        return bench.call(
            [bench.env.python, "-m", "lab.benchmarks", *arguments],
            env=bench.environ(
                SMART_DEV_TEMPLATE_DB=template,
                SMART_DEV_BASE_DB=bench.databases.base(),
                SMART_DEV_CHROMIUM=browser.find() or "",
                SMART_DEV_CHECKOUT=bench.settings.checkout,
                **more,
            ),
        )
