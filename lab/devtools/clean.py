"""``./dev clean``: gives back what the other commands took."""

import shutil
import sys

from . import postgres, say
from .cache import Cache
from .say import Failure
from .settings import Settings
from .workbench import Workbench


def run(options):
    """Remove the databases, or everything.

    :param options: ``databases`` and ``yes``
    """
    settings = Settings.from_environ()
    cache = Cache(settings.cache_root)
    if not cache.root.is_dir():
        say.step(f"nothing to remove: {cache.root} does not exist")
        return 0
    what = "all databases of this command" if options.databases else f"{cache.root}"
    if not options.yes and not _agrees(f"Remove {what}?"):
        say.step("nothing was removed")
        return 1
    if cache.is_locked("demo"):
        raise Failure("./dev demo is running", "stop it first")
    with cache.lock("setup", "another ./dev that is setting up"):
        return _databases() if options.databases else _everything(settings, cache)


def _agrees(question):
    if not sys.stdin or not sys.stdin.isatty():
        raise Failure("nobody is there to say yes", "add --yes")
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", "s", "sí", "si")


def _databases():
    bench = Workbench().set_up(locked=True)
    for name in bench.databases.all():
        say.step(f"database {name}: dropping")
        bench.databases.drop(name)
    return 0


def _everything(settings, cache):
    if settings.pg_host:
        say.step("the databases of the server that PGHOST names are left (clean --databases)")
    cluster = postgres.Cluster.found(settings, cache)
    if cluster:
        say.step("PostgreSQL: stopping, and removing its files")
        cluster.remove()
    say.step(f"{cache.root}: removing")
    shutil.rmtree(cache.root)
    return 0
