"""``./dev test``: lint, and the three kinds of tests, each a stage of its own."""

import contextlib
import os
import random
import shlex
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from . import browser, lint, rooms, say
from .settings import APART
from .workbench import Workbench

STAGES = ("lint", "unit", "odoo", "real")
# Seconds; a stage that hangs must not hang whoever waits for it.
TIME_LIMIT = 40 * 60
LONG_TIME_LIMIT = 150 * 60
NO_TESTS = 5  # pytest's exit status
WORKERS = max(2, os.cpu_count() or 1)  # processes at a time
# Those of real servers wait for them, for browsers and for faults.
WAITING_WORKERS = 2 * WORKERS
# First: at the end, one worker alone would be at them for minutes.
LONG_TESTS = ["test_payload_properties.py"]
# What looks at all files, whichever have changed.
OF_THE_TREE = ("tests/unit/test_house.py", "tests/unit/test_rooms.py")


@dataclass
class Result:
    """What a stage came to."""

    stage: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    problems: list = field(default_factory=list)

    @property
    def ok(self):
        """Whether nothing failed."""
        return not self.failed and not self.problems

    def add(self, other):
        """Count in what another run of the same stage came to."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.problems += other.problems


def stage_of(path):
    """Return the stage to which a test file or folder belongs.

    >>> stage_of("tests/unit/test_amounts.py"), stage_of("tests/test_post.py::TestPost")
    ('unit', 'odoo')
    """
    parts = Path(path.split("::")[0]).parts
    return next((stage for stage in ("unit", "real") if stage in parts), "odoo")


def split_arguments(arguments, checkout):
    """Return pytest's options and the test paths by stage.

    A path is what exists in the checkout, a room's name stands for its tests; every other
    argument goes to pytest.
    """
    options, paths = [], {}
    for argument in arguments:
        place = argument.split("::")[0]
        if not argument.startswith("-") and place and (checkout / place).exists():
            relative = os.path.relpath(checkout / place, checkout) + argument[len(place) :]
            _add(paths, [relative])
        elif argument in rooms.ROOMS:
            _add(paths, rooms.tests_of([argument], checkout))
        else:
            options.append(argument)
    return options, paths


def _add(paths, files):
    """Put test files to their stages, each once."""
    for path in files:
        of_stage = paths.setdefault(stage_of(path), [])
        if path not in of_stage:
            of_stage.append(path)


def changed_paths(differing, checkout):
    """Return by stage what is to be run for files that have changed: lint, and their rooms' tests.

    And those that look at the whole tree, always.
    """
    files, homeless = rooms.tests_for(differing, checkout)
    say.step(f"{len(differing)} files have changed; {len(files)} files of tests concern them")
    for path in homeless:
        say.step(f"no room has {path}: lint and the tests of the whole tree look at it")
    paths = {"lint": []}
    _add(paths, [path for path in OF_THE_TREE if (checkout / path).is_file()])
    _add(paths, files)
    return paths


def by_side(paths):
    """Split paths by stage into those of the addon and those of its bridges.

    >>> by_side({"odoo": ["tests/test_a.py", "bridges/b/tests/test_b.py"]})
    ({'odoo': ['tests/test_a.py']}, {'odoo': ['bridges/b/tests/test_b.py']})
    """
    own, bridges = {}, {}
    for stage, places in paths.items():
        for place in places:
            side = bridges if Path(place).parts[0] == "bridges" else own
            side.setdefault(stage, []).append(place)
    return own, bridges


def run(options):
    """Run the stages that were asked for and return the exit status.

    :param options: ``stages`` (empty for all), ``keyword``, ``long``, ``changed`` and
        ``arguments``
    """
    started = time.monotonic()
    bench = Workbench().set_up()
    extra, paths = split_arguments(options.arguments, bench.settings.checkout)
    lint_bridges = True
    if options.changed:
        differing = rooms.changed(bench.settings.checkout)
        paths = changed_paths(differing, bench.settings.checkout) | paths
        lint_bridges = any(path.startswith("bridges/") for path in differing)
    if options.keyword:
        extra += ["-k", options.keyword]
    narrowed = bool(extra or paths)
    stages = options.stages or list(paths) or list(STAGES[1:] if narrowed else STAGES)
    drawn = options.changed or not narrowed
    runner = Runner(bench, extra, paths, options.long, seed() if drawn and not options.long else "")
    runner.lint_bridges = lint_bridges
    results = []
    with contextlib.ExitStack() as stack:
        if {"lint", "odoo", "real"} & set(stages):
            runner.prepare(stack, stages)
        for stage in STAGES:
            if stage in stages:
                results.append(runner.stage(stage))
    if not narrowed:
        for result in results:
            if not result.passed + result.failed:
                result.problems.append("executed no test")
    return report(results, time.monotonic() - started)


def link_tests(paths, checkout, folder):
    """Put links to test files of bridges into a folder that is no addon; return what to run.

    That is the folder, so that pytest names each test by its file, or else what was named in one.
    """
    shutil.rmtree(folder)
    links = []
    for path in paths:
        file, colons, name = path.partition("::")
        link = folder / Path(file).parts[1] / Path(file).name
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(checkout / file)
        links.append(f"{link}{colons}{name}")
    return links if any("::" in path for path in paths) else [folder]


def seed():
    """Return what draws the rows of large tables that a quick run tries: given, or new."""
    return os.environ.get("SMART_DEV_SAMPLE") or str(random.SystemRandom().randrange(10**6))


def report(results, seconds):
    """Print the table of stages and the totals; return the exit status."""
    say.headline("Result")
    say.line(
        say.table(
            ["Stage", "", "Passed", "Failed", "Skipped", "Seconds"],
            [
                [one.stage, "ok" if one.ok else "FAILED", one.passed, one.failed, one.skipped,
                 f"{one.seconds:.0f}"]
                for one in results
            ],
            right={2, 3, 4, 5},
        )
    )  # fmt: skip
    for one in results:
        for problem in one.problems:
            say.line(f"{one.stage}: {problem}")
    passed = sum(one.passed for one in results)
    # A stage that died, or ran nothing, is a failure even when no test of it failed.
    failed = sum(one.failed or (not one.ok) for one in results)
    if not passed and not failed:
        say.line("no test was executed")
    say.line(f"whole run: {seconds / 60:.1f} minutes")
    say.line(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


class Runner:
    """Runs stages on one workbench."""

    def __init__(self, bench, extra, paths, long=False, sample=""):
        """Keep the options of pytest and the paths by stage.

        :param bool long: whether every example is run
        :param str sample: draws the rows of large tables that are tried; all if empty
        """
        self.bench = bench
        self.extra = extra
        self.long = long
        self.sample = sample
        self.paths, self.bridge_paths = by_side(paths)
        self.checkout = bench.settings.checkout
        self.lint_bridges = True  # they need a database of their own, which takes a minute
        self.database = self.template = self.base = self.browser = None

    def prepare(self, stack, stages):
        """Find the browser and build the databases.

        :param ExitStack stack: lets go of the databases at the end
        """
        settings, cache = self.bench.settings, self.bench.cache
        if {"odoo", "real"} & set(stages):
            self.browser = browser.ensure(settings, cache)
            browser.ensure_pdf(settings, cache)
        if not any(self._has_own(stage) for stage in stages if stage != "unit"):
            return  # the bridges have a database of their own
        databases = self.bench.databases
        self.template = stack.enter_context(databases.addon_in_use())
        self.base = databases.base_name
        self.database = stack.enter_context(databases.scratch(self.template))

    def stage(self, name):
        """Run one stage and return its result."""
        say.headline({
            "lint": "Lint",
            "unit": "Tests without Odoo",
            "odoo": "Tests inside Odoo",
            "real": "Tests of real Odoo servers",
        }[name])  # fmt: skip
        started = time.monotonic()
        result = self._lint() if name == "lint" else self._tests(name)
        result.seconds = time.monotonic() - started
        say.line(f"{name}: {result.seconds:.0f} s")
        return result

    def _lint(self):
        outcomes = lint.checks(self.bench, self.database, self.lint_bridges)
        return Result(
            "lint",
            passed=sum(not problems for problems in outcomes.values()),
            failed=sum(bool(problems) for problems in outcomes.values()),
        )

    def _has_own(self, name):
        """Tell whether the addon's own tests are run in a stage: unless a bridge's are named."""
        return bool(self.paths.get(name)) or not self.bridge_paths.get(name)

    def _tests(self, name):
        """Run the addon's tests of a stage, and those of its bridges."""
        result = Result(name)
        if self._has_own(name):
            result.add(self._pytest(name, getattr(self, f"_{name}")()))
        for apart in (False, True):
            if of_bridges := self._of_bridges(name, apart):
                with self.bench.databases.bridges_in_use(apart) as template:
                    result.add(getattr(self, f"_{name}_of_bridges")(template, of_bridges))
        return result

    def _of_bridges(self, name, apart=False):
        """Return the bridges' test files of a stage: none where only the addon's are named.

        :param bool apart: of those that are tried apart, or of the others
        """
        if name == "unit" or (self.paths.get(name) and not self.bridge_paths.get(name)):
            return []
        files = []
        for place in self.bridge_paths.get(name) or ["bridges"]:
            below = sorted((self.checkout / place).rglob("test_*.py"))
            below = [str(path.relative_to(self.checkout)) for path in below]
            files += [path for path in below if stage_of(path) == name] or [place]
        files = [path for path in files if path != "bridges"]
        return [path for path in files if (Path(path).parts[1] in APART) == apart]

    def _odoo_of_bridges(self, template, paths):
        addons = self.bench.addons
        paths = [addons / os.path.relpath(path, "bridges") for path in paths]
        with self.bench.databases.scratch(template) as database:
            return self._pytest("odoo-bridges", self._inside(addons, database, paths))

    def _real_of_bridges(self, template, paths):
        # Naming it loads it; and as that of pytest's root its fixtures are everybody's.
        fixtures = Path("tests") / "real" / "conftest.py"
        # What is above them is an addon, which Odoo alone can import.
        folder = self.bench.cache.folder("real", self.bench.settings.checkout_key)
        links = link_tests(paths, self.checkout, folder)
        arguments = [*self._real([fixtures, *links]), "--confcutdir", folder]
        return self._pytest("real-bridges", arguments, template)

    def _plain(self, name, paths=None):
        """Return the arguments for a folder that has a ``pytest.ini`` of its own."""
        folder = Path("tests") / name
        paths = paths or self.paths.get(name) or [str(folder)]
        # pytest-odoo would ask for a database.
        return ["-p", "no:odoo", "--rootdir", folder, "-c", folder / "pytest.ini", *paths]

    def _unit(self):
        return ["-n", WORKERS, *self._plain("unit")]

    def _real(self, paths=None):
        if self.sample:
            say.step(
                f"of each large table a fourth is tried (SMART_DEV_SAMPLE={self.sample} draws it "
                "again, --long tries all)"
            )
        # Who runs what is in ``balance.py``.
        return ["-n", WAITING_WORKERS, "--no-loadscope-reorder", *self._plain("real", paths)]

    def _odoo(self):
        # pytest-odoo takes the addon's name from the folder in the path.
        addon = self.bench.addon
        paths = [addon / path for path in self.paths.get("odoo") or self._in_order()]
        return self._inside(addon, self.database, paths)

    def _inside(self, root, database, paths):
        """Return the arguments for tests inside Odoo, below a folder."""
        return [
            # It gives each worker a copy of the database; the tests of a class share their data.
            "-n", WORKERS, "--dist", "loadscope", "--no-loadscope-reorder",
            "--rootdir", root, "-c", self.bench.addon / "lab" / "devtools" / "pytest-odoo.ini",
            f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=error",
            "--ignore-glob=*/tests/unit", "--ignore-glob=*/tests/real",
            *paths,
        ]  # fmt: skip

    def _in_order(self):
        """Return the test files; named one by one, pytest keeps their order."""
        names = sorted(path.name for path in (self.checkout / "tests").glob("test_*.py"))
        return [f"tests/{name}" for name in sorted(names, key=lambda name: name not in LONG_TESTS)]

    def _pytest(self, name, arguments, template=None):
        cache = self.bench.cache
        counts = cache.path("results", f"{name}-{os.getpid()}.xml")
        counts.unlink(missing_ok=True)
        command = [
            str(self.bench.env.python), "-m", "pytest", "-p", "no:cacheprovider", "--color=auto",
            "--durations=5", f"--junitxml={counts}", *map(str, arguments), *self.extra,
        ]  # fmt: skip
        log = cache.log(f"test-{name}")
        log.write_text(f"$ {shlex.join(command)}\n", encoding="utf-8")
        status = self._run(command, log, template or self.template)
        result = read_counts(name, counts)
        counts.unlink(missing_ok=True)
        if status not in (0, NO_TESTS) and not result.failed:
            result.problems.append(f"pytest ended with status {status}")
        if result.failed or result.problems:
            result.problems.append(f"the output is also in {log}")
        return result

    def environ(self, template):
        """Return what the tests are told by their environment.

        :param str template: the database that their own are copies of
        """
        return self.bench.environ(
            SMART_DEV_TEMPLATE_DB=template or "",
            SMART_DEV_BASE_DB=self.base or "",
            SMART_DEV_CHROMIUM=self.browser or "",
            SMART_DEV_CHECKOUT=self.checkout,
            SMART_DEV_LONG="1" if self.long else "",
            SMART_DEV_SAMPLE=self.sample,
        )

    def _run(self, command, log, template):
        """Run a program, its output on the terminal and in a log."""
        say.step(f"log: {log}")
        process = subprocess.Popen(
            command,
            cwd=self.checkout,
            env=self.environ(template),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            with log.open("ab", buffering=0) as copy:
                return _pump(process, copy, LONG_TIME_LIMIT if self.long else TIME_LIMIT)
        finally:
            # Whatever the tests started and forgot ends with them.
            _kill_group(process)


def _pump(process, copy, limit):
    """Pass on the output until the program ends; return its status."""
    import selectors
    import sys

    deadline = time.monotonic() + limit
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    while True:
        if selector.select(timeout=1):
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                break
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            copy.write(chunk)
        elif process.poll() is not None:
            break  # a forgotten child still holds the pipe
        if time.monotonic() > deadline:
            say.warn(f"stopped: it took more than {limit // 60} minutes")
            return 124
    return process.wait()


def _kill_group(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def read_counts(stage, path):
    """Return the counts that pytest wrote as JUnit XML."""
    result = Result(stage)
    if not Path(path).is_file():
        return result
    for suite in ET.parse(path).getroot().iter("testsuite"):
        total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        result.failed += failed
        result.skipped += skipped
        result.passed += max(total - failed - skipped, 0)
    return result
