"""``./dev chaos``: run with the Python that can import Odoo."""

from . import say
from .workbench import Workbench


def run(arguments):
    """Hand everything over to ``python -m lab.chaos``; return its exit status."""
    bench = Workbench().set_up()
    # With its bridges, so that goods are moved among the invoices.
    with bench.databases.bridges_in_use() as template:
        say.headline("Chaos")
        return bench.call(
            [bench.env.python, "-m", "lab.chaos", *arguments],
            env=bench.environ(SMART_DEV_TEMPLATE_DB=template),
        )
