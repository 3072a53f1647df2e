"""Settings of the bench as nobody would choose them, and as everybody does."""

from hypothesis import strategies as st

from service import RitualOptions

ODD = [0.0, -0.0, 1.0, 3.0, -3.0, 4.0, 5.0, 1e-45, 1e-30, -1e-6, 1e-3, 1e5, 1e16, 1e30, -1e30, 3.4e38]
numbers = st.one_of(st.sampled_from(ODD), st.floats(-10, 10, width=32))
pairs = st.one_of(
    st.tuples(numbers, numbers), numbers.map(lambda one: (one, one)), numbers.map(lambda one: (one, -one))
)
learning_rates = st.sampled_from([1e-40, 1e-4, 3e-3, 0.033, 0.05, 1.0, 1000.0])
options = st.builds(
    RitualOptions,
    start=pairs,
    target=st.one_of(st.just(15.0), numbers),
    learning_rate=learning_rates,
    fresh=st.booleans(),
)
presses = st.one_of(
    st.text("FBOR", max_size=25),
    st.lists(st.tuples(st.text("FBOR", min_size=1, max_size=4), st.integers(1, 9)), max_size=4).map(
        lambda rounds: "".join(round_ * times for round_, times in rounds)
    ),
)
