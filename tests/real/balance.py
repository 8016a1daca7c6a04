"""Who runs which test: whole files where something is shared, else one test at a time."""

import functools
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

#: Files whose tests take minutes: begun first, or one worker alone would be at them in the end.
LONG_TESTS = (
    "test_chaos",
    "test_chaos_deliveries",
    "test_sales",
    "test_uninstall",
    "test_delivery_uninstall",
    "test_annulment_browser",
)


@functools.cache
def shares(path):
    """Tell whether tests of a file share a fixture of that file."""
    return 'scope="module"' in Path(path).read_text("utf-8")


def rank(path):
    """Return the place of a file: single tests come last, they are what evens out in the end."""
    return path.stem not in LONG_TESTS, not shares(path)


class Balanced(LoadScopeScheduling):
    """Hands out tests in their order: what is shared at once, everything else one by one."""

    def _split_scope(self, nodeid):
        # Those of bridges lie elsewhere, and share nothing.
        name = nodeid.split("::")[0]
        file = Path(__file__).parent / name
        return name if file.is_file() and shares(file) else nodeid
