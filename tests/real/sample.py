"""Which rows of the large tables a quick run tries: a part of each, drawn anew in every run."""

import random

#: A test with so many rows is a large table.
LARGE = 16

#: One of so many of its rows is tried.
SHARE = 4


def sample(items, seed):
    """Divide tests into those that are run and those that are left, each in their order.

    :param list items: of pytest
    :param str seed: draws the same rows again
    """
    tables = {}
    for item in items:
        tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left = set()
    for name, rows in tables.items():
        if len(rows) >= LARGE:
            draw = random.Random(f"{seed} {name}")
            left.update(map(id, draw.sample(rows, len(rows) - len(rows) // SHARE)))
    return [one for one in items if id(one) not in left], [one for one in items if id(one) in left]
