"""``./dev test``: lint, and the three kinds of tests, each a stage of its own."""

import contextlib
import os
import shlex
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from . import browser, lint, say
from .workbench import Workbench

STAGES = ("lint", "unit", "odoo", "real")
TIME_LIMIT = 40 * 60  # seconds; a stage that hangs must end for those who wait for it
NO_TESTS = 5  # pytest's exit status
WORKERS = max(2, os.cpu_count() or 1)  # processes at a time
# First: at the end, one worker alone would be at them for minutes.
LONG_TESTS = ["test_payload_properties.py"]


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


def stage_of(path):
    """Return the stage to which a test file or folder belongs.

    >>> stage_of("tests/unit/test_amounts.py"), stage_of("tests/test_post.py::TestPost")
    ('unit', 'odoo')
    """
    parts = Path(path.split("::")[0]).parts
    return next((stage for stage in ("unit", "real") if stage in parts), "odoo")


def split_arguments(arguments, checkout):
    """Return pytest's options and the test paths by stage.

    A path is what exists in the checkout; every other argument goes to pytest.
    """
    options, paths = [], {}
    for argument in arguments:
        place = argument.split("::")[0]
        if not argument.startswith("-") and place and (checkout / place).exists():
            relative = os.path.relpath(checkout / place, checkout) + argument[len(place) :]
            paths.setdefault(stage_of(relative), []).append(relative)
        else:
            options.append(argument)
    return options, paths


def run(options):
    """Run the stages that were asked for and return the exit status.

    :param options: ``stages`` (empty for all), ``keyword`` and ``arguments``
    """
    started = time.monotonic()
    bench = Workbench().set_up()
    extra, paths = split_arguments(options.arguments, bench.settings.checkout)
    if options.keyword:
        extra += ["-k", options.keyword]
    narrowed = bool(extra or paths)
    stages = options.stages or list(paths) or list(STAGES[1:] if narrowed else STAGES)
    runner = Runner(bench, extra, paths)
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

    def __init__(self, bench, extra, paths):
        """Keep the options of pytest and the paths by stage."""
        self.bench = bench
        self.extra = extra
        self.paths = paths
        self.checkout = bench.settings.checkout
        self.database = self.template = self.browser = None

    def prepare(self, stack, stages):
        """Find the browser and build the databases.

        :param ExitStack stack: lets go of the databases at the end
        """
        settings, cache = self.bench.settings, self.bench.cache
        if {"odoo", "real"} & set(stages):
            self.browser = browser.ensure(settings, cache)
            browser.ensure_pdf(settings, cache)
        databases = self.bench.databases
        self.template = stack.enter_context(databases.addon_in_use())
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
        result = self._lint() if name == "lint" else self._pytest(name, getattr(self, f"_{name}")())
        result.seconds = time.monotonic() - started
        say.line(f"{name}: {result.seconds:.0f} s")
        return result

    def _lint(self):
        outcomes = lint.checks(self.bench, self.database)
        return Result(
            "lint",
            passed=sum(not problems for problems in outcomes.values()),
            failed=sum(bool(problems) for problems in outcomes.values()),
        )

    def _plain(self, name):
        """Return the arguments for a folder that has a ``pytest.ini`` of its own."""
        folder = Path("tests") / name
        paths = self.paths.get(name) or [str(folder)]
        # pytest-odoo would ask for a database.
        return ["-p", "no:odoo", "--rootdir", folder, "-c", folder / "pytest.ini", *paths]

    def _unit(self):
        return self._plain("unit")

    def _real(self):
        # They wait for servers and browsers most of the time; those of one file share a server.
        return ["-n", WORKERS, "--dist", "loadfile", *self._plain("real")]

    def _odoo(self):
        # pytest-odoo takes the addon's name from the folder in the path.
        addon = self.bench.addon
        paths = [addon / path for path in self.paths.get("odoo") or self._in_order()]
        return [
            # It gives each worker a copy of the database; the tests of a class share their data.
            "-n", WORKERS, "--dist", "loadscope", "--no-loadscope-reorder",
            "--rootdir", addon, "-c", addon / "lab" / "devtools" / "pytest-odoo.ini",
            f"--odoo-database={self.database}", "--odoo-http", "--odoo-log-level=error",
            f"--ignore={addon / 'tests' / 'unit'}", f"--ignore={addon / 'tests' / 'real'}",
            *paths,
        ]  # fmt: skip

    def _in_order(self):
        """Return the test files; named one by one, pytest keeps their order."""
        names = sorted(path.name for path in (self.checkout / "tests").glob("test_*.py"))
        return [f"tests/{name}" for name in sorted(names, key=lambda name: name not in LONG_TESTS)]

    def _pytest(self, name, arguments):
        cache = self.bench.cache
        counts = cache.path("results", f"{name}-{os.getpid()}.xml")
        counts.unlink(missing_ok=True)
        command = [
            str(self.bench.env.python), "-m", "pytest", "-p", "no:cacheprovider", "--color=auto",
            "--durations=5", f"--junitxml={counts}", *map(str, arguments), *self.extra,
        ]  # fmt: skip
        log = cache.log(f"test-{name}")
        log.write_text(f"$ {shlex.join(command)}\n", encoding="utf-8")
        status = self._run(command, log)
        result = read_counts(name, counts)
        counts.unlink(missing_ok=True)
        if status not in (0, NO_TESTS) and not result.failed:
            result.problems.append(f"pytest ended with status {status}")
        if result.failed or result.problems:
            result.problems.append(f"the output is also in {log}")
        return result

    def _run(self, command, log):
        """Run a program, its output on the terminal and in a log."""
        say.step(f"log: {log}")
        environ = self.bench.environ(
            SMART_DEV_TEMPLATE_DB=self.template or "",
            SMART_DEV_CHROMIUM=self.browser or "",
            SMART_DEV_CHECKOUT=self.checkout,
        )
        process = subprocess.Popen(
            command,
            cwd=self.checkout,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            with log.open("ab", buffering=0) as copy:
                return _pump(process, copy, TIME_LIMIT)
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
