"""The translation templates and the Spanish translations, of the addon and of its bridges."""

import json
import shutil
import subprocess

from . import say
from .say import Failure
from .settings import ADDON, bridges
from .workbench import Workbench

SPANISH = "es.po"


def export(bench, database, addon, path):
    """Have Odoo write the template of an installed addon.

    :param str addon: its technical name
    :param Path path: the file to write, which must end in .pot
    """
    path.unlink(missing_ok=True)
    log = bench.cache.log(f"i18n-{addon}")
    bench.run_odoo(
        ["i18n", "export", "-d", database, "-l", "pot", "-o", path, addon],
        what="exporting the texts to translate",
        log=log,
    )
    if not path.is_file():
        raise Failure("Odoo exported no texts to translate", f"read {log}")


def _tool(bench, *arguments):
    done = subprocess.run(
        [bench.env.python, bench.settings.checkout / "lab" / "devtools" / "lint_po.py", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=bench.environ(),
        check=False,
    )
    if done.returncode:
        raise Failure(f"lint_po.py failed ({done.stderr.strip().splitlines()[-1]})")
    return json.loads(done.stdout)


def folders(bench, of_bridges):
    """Return the translations' folder by technical name: of the bridges, or of the addon alone."""
    checkout = bench.settings.checkout
    if of_bridges:
        return {path.name: path / "i18n" for path in bridges(checkout)}
    return {ADDON: checkout / "i18n"}


def check(bench, database, of_bridges=False):
    """Return what is wrong with templates and translations, as lines.

    :param str database: one in which the addon is installed, and the bridges if it is of them
    """
    problems = []
    for addon, folder in folders(bench, of_bridges).items():
        fresh = bench.cache.path("i18n", f"{database}-{addon}.pot")
        export(bench, database, addon, fresh)
        where = f"{folder.parent.relative_to(bench.settings.checkout)}/" if of_bridges else ""
        problems += [where + problem for problem in _tool(bench, "check", fresh, folder, addon)]
    return problems


def update():
    """Write the templates anew, bring the Spanish translations up to them, say what they lack."""
    bench = Workbench().set_up()
    databases = bench.databases
    with databases.addon_in_use() as template, databases.scratch(template) as database:
        _update(bench, database, False)
    if bench.bridges:
        with databases.bridges_in_use() as template, databases.scratch(template) as database:
            _update(bench, database, True)
    return 0


def _update(bench, database, of_bridges):
    for addon, folder in folders(bench, of_bridges).items():
        fresh = bench.cache.path("i18n", f"{database}-{addon}.pot")
        export(bench, database, addon, fresh)
        folder.mkdir(exist_ok=True)
        if not (folder / SPANISH).exists():
            shutil.copyfile(fresh, folder / SPANISH)
        untranslated = _tool(bench, "merge", fresh, folder, addon)
        where = folder.relative_to(bench.settings.checkout)
        say.step(f"{where}/{addon}.pot and {where}/{SPANISH}: written")
        for text in untranslated:
            say.line(f"  not translated: {text}")
