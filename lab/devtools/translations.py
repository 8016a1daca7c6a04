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


def folders(bench, apart=None):
    """Return the translations' folders by technical name: of bridges, or of the addon alone.

    :param apart: of the bridges that are tried apart, or of the others
    """
    checkout = bench.settings.checkout
    if apart is None:
        return {ADDON: checkout / "i18n"}
    return {path.name: path / "i18n" for path in bridges(checkout, apart)}


def check(bench, database, apart=None):
    """Return what is wrong with templates and translations, as lines.

    :param str database: one in which the addon is installed, or those bridges
    :param apart: see :func:`folders`
    """
    problems = []
    for addon, folder in folders(bench, apart).items():
        fresh = bench.cache.path("i18n", f"{database}-{addon}.pot")
        export(bench, database, addon, fresh)
        where = (
            f"{folder.parent.relative_to(bench.settings.checkout)}/" if apart is not None else ""
        )
        problems += [where + problem for problem in _tool(bench, "check", fresh, folder, addon)]
    return problems


def update():
    """Write the templates anew, bring the Spanish translations up to them, say what they lack."""
    bench = Workbench().set_up()
    databases = bench.databases
    with databases.addon_in_use() as template, databases.scratch(template) as database:
        _update(bench, database)
    for apart in (False, True):
        if not bridges(bench.settings.checkout, apart):
            continue
        with databases.bridges_in_use(apart) as template, databases.scratch(template) as database:
            _update(bench, database, apart)
    return 0


def _update(bench, database, apart=None):
    for addon, folder in folders(bench, apart).items():
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
