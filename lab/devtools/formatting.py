"""``./dev format``: JavaScript and XML as prettier and eslint write them.

Needs Node alone, no Odoo: it is also what the hooks of ``pre-commit`` call.
"""

import os
import subprocess

from . import node, say
from .cache import Cache
from .settings import Settings


def run(options):
    """Format files, all of the repository by default; return the exit status.

    :param options: ``files``
    :returns: 1 if eslint has found what it cannot mend
    """
    settings = Settings.from_environ()
    cache = Cache(settings.cache_root)
    cache.make(cache.root)
    tools = node.ensure(settings, cache)
    files = [os.path.relpath(name, settings.checkout) for name in options.files]
    files = files or tools.files(*node.FORMATTED)
    status = 0
    for command, suffixes in (
        # Before prettier, which has the last word on the layout.
        (["eslint", "--fix", "--max-warnings=0"], (".js",)),
        (["prettier", "--write", "--list-different"], node.FORMATTED),
    ):
        chosen = [name for name in files if name.endswith(suffixes)]
        if chosen:
            status |= _run(tools, [*command, *chosen])
    if not status:
        say.step("JavaScript and XML: formatted")
    return status


def _run(tools, command):
    done = subprocess.run(
        tools.command(*command), cwd=tools.checkout, env=tools.environ(os.environ), check=False
    )
    return 1 if done.returncode else 0
