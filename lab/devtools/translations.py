"""The translation template and the Spanish translation."""

import json
import shutil
import subprocess

from . import say
from .say import Failure
from .settings import ADDON
from .workbench import Workbench

SPANISH = "es.po"


def export(bench, database, path):
    """Have Odoo write the template of an installed addon.

    :param Path path: the file to write, which must end in .pot
    """
    path.unlink(missing_ok=True)
    log = bench.cache.log("i18n")
    bench.run_odoo(
        ["i18n", "export", "-d", database, "-l", "pot", "-o", path, ADDON],
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


def check(bench, database):
    """Return what is wrong with the template and the translations, as lines."""
    fresh = bench.cache.path("i18n", f"{database}.pot")
    export(bench, database, fresh)
    return _tool(bench, "check", fresh, bench.settings.checkout / "i18n")


def update():
    """Write the template anew, bring the Spanish translation up to it, and say what it lacks."""
    bench = Workbench().set_up()
    folder = bench.settings.checkout / "i18n"
    databases = bench.databases
    with databases.addon_in_use() as template, databases.scratch(template) as database:
        fresh = bench.cache.path("i18n", f"{database}.pot")
        export(bench, database, fresh)
    folder.mkdir(exist_ok=True)
    if not (folder / SPANISH).exists():
        shutil.copyfile(fresh, folder / SPANISH)
    untranslated = _tool(bench, "merge", fresh, folder)
    say.step(f"i18n/{ADDON}.pot and i18n/{SPANISH}: written")
    for text in untranslated:
        say.line(f"  not translated: {text}")
    return 0
