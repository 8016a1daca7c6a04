"""``./dev beside``: addons of others installed beside ours, by the Python that imports Odoo."""

import json
from pathlib import Path

from . import config, say
from .oca import Shelf
from .settings import NEIGHBOURS
from .workbench import Workbench

LISTED = "docs/beside.md"


def run(options):
    """Try addons; return the exit status, 1 if something broke.

    :param options: ``addons``, ``all``, ``markdown``, ``json`` and ``alone``
    """
    if not options.addons and not options.all:
        say.line("Addons that are known to be used beside this one (--all tries each):")
        for names in NEIGHBOURS.values():
            for name in names:
                say.line(f"  {name}")
        say.line(f"What came of it last time: {LISTED}")
        return 0
    bench = Workbench().set_up()
    names = list(dict.fromkeys(options.addons))
    if options.all:
        names += [name for some in NEIGHBOURS.values() for name in some if name not in names]
    plan = [described(bench, [name]) for name in names]
    if len(names) > 1 and not options.alone and not options.all:
        plan.append(described(bench, names))
    place = bench.cache.path("beside", f"plan-{bench.settings.checkout_key}.json")
    place.write_text(json.dumps(plan), encoding="utf-8")
    more = [f"--workers={options.workers}"]
    more += [f"--markdown={Path(options.markdown).absolute()}"] if options.markdown else []
    more += [f"--json={Path(options.json).absolute()}"] if options.json else []
    with bench.databases.addon_in_use() as template:
        say.headline("Beside")
        return bench.call(
            [bench.env.python, "-m", "lab.beside", "--plan", place,
             "--logs", bench.cache.folder("logs", "beside"), *more],
            env=bench.environ(
                SMART_DEV_TEMPLATE_DB=template,
                SMART_DEV_BASE_DB=bench.databases.base(),
                SMART_DEV_CHECKOUT=bench.settings.checkout,
            ),
        )  # fmt: skip


def described(bench, names):
    """Return what is needed to try addons together, as the plan says it.

    Those of PyPI are fetched, with what they need; each set has a configuration of its own, so that
    Odoo is offered nothing else.
    """
    shelf = Shelf(bench.cache, bench.env)

    def of_odoo(name):
        return any((folder / name / "__manifest__.py").is_file() for folder in bench.tree.addons)

    wheels = shelf.closure(names, of_odoo)
    rc = config.write_for(bench.cache, bench.rc, [wheel.folder for wheel in wheels])
    python = shelf.python_path(wheels)
    versions = {wheel.name: wheel.version for wheel in wheels}
    return {
        "addons": names,
        "versions": {name: versions.get(name, "") for name in names},
        "with": [wheel.name for wheel in wheels if wheel.name not in names],
        "rc": str(rc),
        "python": str(python) if python else "",
    }
