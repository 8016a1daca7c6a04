"""Random lines of orders, of the till and of the shop."""

import os
import random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st

LONG = bool(os.environ.get("SMART_DEV_LONG"))
SEED = int(os.environ.get("SMART_PROPERTY_SEED") or random.SystemRandom().randrange(2**32))

#: Of each: the kind of tax, whether the price has it, price, quantity and discount in per cent.
LINES = st.lists(
    st.tuples(
        st.sampled_from(["general", "general", "reduced", "luxury", "exempt"]),
        st.booleans(),
        st.integers(1, 10**6).map(lambda cents: cents / 100),
        st.sampled_from([1, 1, 2, 3, 7, 12, 0.5, 1.25]),
        st.sampled_from([0, 0, 0, 5, 12.5, 33.33]),
    ),
    min_size=1,
    max_size=4,
)


def examples(judge, few=12, many=200):
    """Have a function judge random orders, drawn anew each time: a few, with ``--long`` many.

    ``SMART_PROPERTY_SEED``, as it is printed, draws them again.
    """
    print(f"\nSMART_PROPERTY_SEED={SEED}")
    judge = settings(
        max_examples=many if LONG else few,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )(judge)
    return seed(SEED)(judge)
