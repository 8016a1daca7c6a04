"""``./dev lint``: every check that needs no test.

Each check returns its problems as lines, ``file:line: what is wrong``; none is
good. ``./dev test`` counts each check as one test.
"""

import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from . import node, say, texts, translations
from .say import Failure
from .settings import bridges, read_manifest
from .workbench import Workbench

# What is Python of the repository but not of the addon.
NOT_ADDON = "bridges,lab,tests"
WORKERS = 2  # checks at a time
DATA_FOLDERS = ("data", "demo", "report", "security", "views", "wizards")
DATA_SUFFIXES = (".xml", ".csv")


def run():
    """Set up, run all checks, and return the exit status."""
    bench = Workbench().set_up()
    databases = bench.databases
    with databases.addon_in_use() as template, databases.scratch(template) as database:
        outcomes = checks(bench, database)
    failed = sum(bool(problems) for problems in outcomes.values())
    say.line(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


def checks(bench, database, of_bridges=True):
    """Run all checks, say what each came to, and return the problems by check.

    :param str database: a database with the addon installed that may be used freely
    :param bool of_bridges: whether the bridges' translations are checked in a database of theirs
    """
    checkout = bench.settings.checkout
    found = {
        "ruff": lambda: ruff(bench),
        "pylint-odoo": lambda: pylint(bench),
        "manifest": lambda: manifest(checkout),
        "manifests of bridges": lambda: manifests_of_bridges(checkout),
        "data files": lambda: data_files(bench),
        "translations": lambda: translations.check(bench, database),
        "translations of bridges": lambda: translations_of_bridges(bench),
        "eslint": lambda: eslint(bench),
        "prettier": lambda: prettier(bench),
        "texts": lambda: texts.check(checkout),
    }
    if not of_bridges:
        del found["translations of bridges"]
    # Each waits for programs of one process, and the longest take about the same time.
    with ThreadPoolExecutor(WORKERS) as pool:
        running = {name: pool.submit(_timed, check) for name, check in found.items()}
        outcomes = {}
        for name, one in running.items():
            problems, seconds = one.result()
            outcomes[name] = problems
            verdict = f"{len(problems)} to mend" if problems else "ok"
            say.step(f"{name}: {verdict} ({seconds:.0f} s)")
            for problem in problems:
                say.line(f"  {problem}")
    return outcomes


def _timed(check):
    started = time.monotonic()
    return check(), time.monotonic() - started


def _said(command, **options):
    """Return the lines that a checker prints, or its status if it fails in silence."""
    done = subprocess.run(
        list(map(str, command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    if done.returncode == 0:
        return []
    return lines or [f"{command[0]} ended with status {done.returncode}"]


def ruff(bench):
    """Check all Python of the repository."""
    return _said(
        [bench.env.bin / "ruff", "check", "--no-cache", "--output-format=concise", "--quiet", "."],
        cwd=bench.settings.checkout,
        env=bench.environ(),
    )


def pylint(bench):
    """Check the addon and its bridges as the Odoo community does."""
    addon = bench.addon
    lines = _said(
        [bench.env.python, "-m", "pylint", f"--rcfile={addon / '.pylintrc'}",
         # One idea per file here: a model is extended in many.
         "--disable=consider-merging-classes-inherited",
         f"--ignore={NOT_ADDON}", addon.name, *(path.name for path in bench.bridges)],
        cwd=addon.parent,
        env=bench.environ(),
    )  # fmt: skip
    return [line for line in lines if not line.startswith("****")]


def eslint(bench):
    """Check all JavaScript of the repository as the Odoo community does."""
    said = _by_node(bench, ["eslint", "--max-warnings=0", "--format=json"], (".js",))
    try:
        files = json.loads("".join(said) or "[]")
    except ValueError:  # it tells why it could not begin
        return said
    return [
        f"{os.path.relpath(file['filePath'], bench.settings.checkout)}:{one.get('line', 1)}: "
        f"{one['message']} ({one['ruleId']})"
        for file in files
        for one in file["messages"]
    ]


def prettier(bench):
    """Check that JavaScript and XML are laid out as the Odoo community does."""
    told = _by_node(bench, ["prettier", "--list-different"], node.FORMATTED)
    return [f"{line}: run ./dev format" if " " not in line else line for line in told]


def _by_node(bench, command, suffixes):
    try:
        tools = node.ensure(bench.settings, bench.cache)
    except Failure as failure:
        return [str(failure)]
    files = tools.files(*suffixes)
    return _said(
        tools.command(*command, *files),
        cwd=bench.settings.checkout,
        env=tools.environ(bench.environ()),
    )


def manifest(checkout):
    """Check that the manifest names each data file, and none that is missing."""
    listed = read_manifest(checkout)
    problems = []
    version = listed.get("version", "")
    if not re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", version):
        problems.append(f"__manifest__.py: version {version!r} is not of the form 19.0.x.y.z")
    named = [name for key in ("data", "demo") for name in listed.get(key, [])]
    problems += [
        f"__manifest__.py: {name} does not exist"
        for name in named
        if not (checkout / name).is_file()
    ]
    problems += [
        f"__manifest__.py: {name} is named twice" for name in sorted(set(named))
        if named.count(name) > 1
    ]  # fmt: skip
    for folder in DATA_FOLDERS:
        for path in sorted((checkout / folder).rglob("*")):
            name = str(path.relative_to(checkout))
            # Charts of accounts are found by their place.
            of_chart = name.startswith("data/template/")
            if path.suffix in DATA_SUFFIXES and name not in named and not of_chart:
                problems.append(f"{name}: the manifest does not name it")
    return problems


def manifests_of_bridges(checkout):
    """Check that each bridge names its files, and that it comes by itself."""
    problems = []
    for path in bridges(checkout):
        found = manifest(path)
        if read_manifest(path).get("auto_install") is not True:
            found.append("__manifest__.py: a bridge is to be installed by itself (auto_install)")
        problems += [f"{path.relative_to(checkout)}/{problem}" for problem in found]
    return problems


def translations_of_bridges(bench):
    """Check the bridges' translations in a database of theirs."""
    databases, problems = bench.databases, []
    for apart in (False, True):
        if not bridges(bench.settings.checkout, apart):
            continue
        with databases.bridges_in_use(apart) as template, databases.scratch(template) as database:
            problems += translations.check(bench, database, apart)
    return problems


def data_files(bench):
    """Check all XML: well-formed, and Odoo's own rules where Odoo reads it."""
    checkout = bench.settings.checkout
    done = subprocess.run(
        [bench.env.python, bench.settings.checkout / "lab" / "devtools" / "lint_xml.py",
         bench.tree.import_rules, checkout, *DATA_FOLDERS],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=bench.environ(),
        check=False,
    )  # fmt: skip
    if done.returncode:
        return [f"lint_xml.py: {done.stderr.strip().splitlines()[-1]}"]
    return json.loads(done.stdout)
