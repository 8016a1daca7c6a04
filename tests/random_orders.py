"""Random lines of orders, of the till and of the shop."""

from hypothesis import strategies as st

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
