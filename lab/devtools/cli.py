"""The command line: one function a subcommand."""

import argparse
import errno
import os
import signal
import sys

from . import say
from .databases import DEMO
from .rooms import ROOMS
from .say import Failure

EPILOG = """\
environment:
  ODOO_HOME          a checkout or installed tree of Odoo 19 to use instead of
                     Debian's package (nothing of Odoo is downloaded then)
  PGHOST, PGPORT     a PostgreSQL to use instead of the embedded one
  (PGUSER, PGPASSWORD: its role, "odoo" by default, which may create databases)
  HTTP_PORT          the port of the served Odoo, 8069 by default
  XDG_CACHE_HOME     where everything downloaded and built is kept, in the folder
                     l10n_ve_edi_smart (~/.cache by default; takes about 4 GB)
"""


def _parser():
    parser = argparse.ArgumentParser(
        prog="./dev",
        description="Work on l10n_ve_edi_smart with a real Odoo 19. Each command first sets "
        "up what is missing.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name, text, description=""):
        return commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}. {description}".strip(),
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    demo = command(
        "demo", "issue the demo documents through the simulator and serve Odoo",
        "The documents are kept between runs.",
    )  # fmt: skip
    demo.add_argument(
        "--once", action="store_true", help="start over, and stop after the table of documents"
    )
    demo.add_argument("--fresh", action="store_true", help="start over")
    demo.add_argument("--json", metavar="FILE", help="write the table here too")
    test = command(
        "test", "set up, lint, and run all tests",
        "Without a choice of stages all run. Paths below tests/ choose files, the name of a room "
        f"chooses its tests ({', '.join(ROOMS)}). Further arguments go to pytest: "
        "./dev test lane tests/unit/test_amounts.py -x",
    )  # fmt: skip
    for stage, text in (
        ("lint", "the checks of ./dev lint"),
        ("unit", "tests without Odoo (tests/unit)"),
        ("odoo", "tests inside Odoo (tests)"),
        ("real", "tests that drive real Odoo servers (tests/real)"),
    ):
        test.add_argument(
            f"--{stage}", dest="stages", action="append_const", const=stage, help=text
        )
    test.add_argument(
        "--long", action="store_true",
        help="every example: 2,040 random documents and more drawn anew, every row of the tables "
        "of attacks, the larger and the large chaos; about an hour more, for before something is "
        "called done",
    )  # fmt: skip
    test.add_argument(
        "--changed", action="store_true",
        help="lint, the tests without Odoo, and those of the rooms in which files differ from "
        "where this branch left main",
    )  # fmt: skip
    test.add_argument("-k", dest="keyword", metavar="EXPR", help="pytest's choice by name")
    command("lint", "check code, data files, translations and texts")
    command(
        "format", "format JavaScript and XML, as the lint wants them", "Needs no Odoo."
    ).add_argument("files", nargs="*", metavar="FILE", help="these alone; all by default")
    command("i18n", "write the translation template anew and bring es.po up to it")
    command(
        "bench", "run the benchmarks", "Arguments go to python -m lab.benchmarks."
    ).add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS")
    chaos = command(
        "chaos", "kill servers, PostgreSQL and the service at random, then count what was lost",
        "Arguments go to python -m lab.chaos: --documents N --faults M --seed S --servers K "
        "--no-numbering --json FILE.",
    )  # fmt: skip
    chaos.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS")
    beside = command(
        "beside", "install addons of others beside ours, and go through a document's life",
        "Each is tried in both orders, and all that are named together: installed, upgraded, a "
        "document confirmed, refused, corrected, noted and annulled, either side uninstalled. "
        "Without names it lists those that are known.",
    )  # fmt: skip
    beside.add_argument(
        "addons", nargs="*", metavar="ADDON", help="of Odoo, or on PyPI as odoo-addon-… for 19.0"
    )
    beside.add_argument("--all", action="store_true", help="each that is known, one by one")
    beside.add_argument("--alone", action="store_true", help="not all that are named together")
    beside.add_argument(
        "--workers", type=int, default=2, metavar="N", help="how many at a time (%(default)s)"
    )
    beside.add_argument("--json", metavar="FILE", help="write the table here too")
    beside.add_argument(
        "--markdown", metavar="FILE",
        help="put the rows into this document's table; rows of other addons stay",
    )  # fmt: skip
    screenshots = command(
        "screenshots", "take the pictures of the guide anew, into docs/images",
        "Names of pictures take those only.",
    )  # fmt: skip
    screenshots.add_argument("arguments", nargs="*", metavar="NAME")
    wheels = command(
        "wheels", "build the addon and its bridges as wheels for pip",
        "They hold what is installed and nothing of lab/, tests/ and docs/.",
    )  # fmt: skip
    wheels.add_argument("folder", nargs="?", default="dist", help="where to (%(default)s)")
    command("shell", "open Odoo's Python shell on the demo database").add_argument(
        "-d", "--database", help="another database"
    )
    odoo = command(
        "odoo", "run Odoo's own command line, configured",
        "Example: ./dev odoo -d smart_demo -u l10n_ve_edi_smart --stop-after-init",
    )  # fmt: skip
    odoo.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS")
    clean = command("clean", "stop PostgreSQL and remove everything downloaded and built")
    clean.add_argument("--databases", action="store_true", help="drop the databases only")
    clean.add_argument("--yes", action="store_true", help="do not ask")
    return parser


# These hand all their arguments on, options included, so argparse must not see them.
PASSING_ON = ("odoo", "bench", "chaos")


def main(arguments=None):
    """Run the command line and return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # A polite kill ends everything like Ctrl-C, so that nothing is left running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        name, *rest = arguments or [""]
        if name in PASSING_ON and rest[:1] not in (["--help"], ["-h"]):
            return COMMANDS[name](argparse.Namespace(arguments=rest))
        options, unknown = _parser().parse_known_args(arguments)
        if unknown and name != "test":
            _parser().error(f"unknown arguments: {' '.join(unknown)}")
        if name == "test":
            options.arguments = unknown
        return COMMANDS[name](options)
    except Failure as failure:
        say.fail(failure)
    except KeyboardInterrupt:
        say.fail("interrupted; run it again to go on.")
        return 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        say.fail(
            "the disk is full; free some space, or name a folder on another disk by "
            "XDG_CACHE_HOME=…."
        )
    return 1


def _demo(options):
    from . import demo

    return demo.run(options)


def _test(options):
    from . import tests

    return tests.run(options)


def _lint(_options):
    from . import lint

    return lint.run()


def _format(options):
    from . import formatting

    return formatting.run(options)


def _i18n(_options):
    from . import translations

    return translations.update()


def _bench(options):
    from . import bench

    return bench.run(options.arguments)


def _chaos(options):
    from . import chaos

    return chaos.run(options.arguments)


def _beside(options):
    from . import beside

    return beside.run(options)


def _screenshots(options):
    from . import screenshots

    return screenshots.run(options.arguments)


def _wheels(options):
    from . import wheels

    return wheels.run(options)


def _odoo(options):
    from .workbench import Workbench

    bench = Workbench().set_up()
    command = bench.odoo_command(*options.arguments)
    os.chdir(bench.settings.checkout)
    sys.stdout.flush()
    os.execve(command[0], command, bench.environ())  # noqa: S606 - the process becomes Odoo


def _shell(options):
    from .workbench import Workbench

    bench = Workbench().set_up()
    name = options.database or DEMO
    if name == DEMO and not bench.databases.exists(DEMO):
        bench.databases.demo()
    if not bench.databases.exists(name):
        raise Failure(f"there is no database {name}", "name one of: " + " ".join(
            bench.databases.all()
        ))  # fmt: skip
    return bench.call(bench.odoo_command("shell", "-d", name, "--no-http", "--log-level=warn"))


def _clean(options):
    from . import clean

    return clean.run(options)


COMMANDS = {
    "demo": _demo,
    "test": _test,
    "lint": _lint,
    "format": _format,
    "i18n": _i18n,
    "bench": _bench,
    "chaos": _chaos,
    "beside": _beside,
    "screenshots": _screenshots,
    "wheels": _wheels,
    "shell": _shell,
    "odoo": _odoo,
    "clean": _clean,
}
