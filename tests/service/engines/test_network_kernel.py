"""The networks on the compiled engine: torch's numbers, but for the order in which sums are rounded.

Both engines evaluate the same expression in float32, so each must come as near to the exact one as
float32 allows, whatever the order: `bounds` says how near, for one update from the same state. That
it holds from every state on the way makes it hold for any number of updates.
"""

from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from service.training.advance import Work, restore
from tests.service.engines.bounds import Undecided
from tests.service.engines.updates import next_state
from tests.service.engines.works import after, going_on, state
from tests.service.works import make_work

ACTIVATION = st.sampled_from(["none", "relu", "tanh"])
WIDTHS = st.lists(st.integers(1, 9), max_size=3) | st.lists(st.integers(1, 64), max_size=3)
SGD = st.sampled_from(
    [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"weight_decay": 0.3},
        {"momentum": 0.5, "nesterov": True, "weight_decay": 0.01},
    ]
)
ADAM = st.fixed_dictionaries(
    {
        "betas": st.sampled_from([(0.9, 0.999), (0.3, 0.4), (0.0, 0.9)]),
        "weight_decay": st.sampled_from([0.0, 0.1]),
    }
)


@st.composite
def challenges(draw: st.DrawFn, optimizer: st.SearchStrategy[str], given: st.SearchStrategy[Any]) -> Work:
    """A network before its first update, over examples for two batches and a third that may be smaller."""
    batch_size = draw(st.sampled_from([1, 1, 2, 5, 32]))
    return make_work(
        "challenge",
        1000,
        {"hidden": draw(WIDTHS), "activation": draw(ACTIVATION)},
        seed=draw(st.integers(0, 1000)),
        optimizer=draw(optimizer),
        settings=draw(given),
        learning_rate=draw(st.sampled_from([1e-4, 1e-3, 0.01])),
        batch_size=batch_size,
        examples=2 * batch_size + draw(st.integers(1, batch_size)),
        order=draw(st.sampled_from(["sequential", "shuffled"])),
        data_seed=draw(st.integers(0, 1000)),
    )


def compared_step(work: Work) -> Work:
    """Make one update on each engine, compare all that it changed, and go on from the compiled one."""
    exact = next_state(work)
    for engine in ("autograd", "compiled"):
        run = after(engine, work, 1)
        found = state(run)
        assert run.step == work.step + 1
        for name, bounded in exact.items():
            wrong = (found[name].double() - bounded.value).abs() > bounded.error
            assert not bool(wrong.any()), f"{engine}: {name}"
    return going_on(work, run)


class TestOneUpdate:
    @settings(max_examples=100)
    @given(challenges(st.just("sgd"), SGD), st.integers(0, 3))
    def test_sgd_is_as_near_to_the_exact_update_as_float32_allows(self, work: Work, before: int) -> None:
        self.compare(work, before)

    @settings(max_examples=60)
    @given(challenges(st.sampled_from(["adam", "adamw"]), ADAM), st.integers(0, 3))
    def test_adam_is_as_near_to_the_exact_update_as_float32_allows(self, work: Work, before: int) -> None:
        self.compare(work, before)

    def compare(self, work: Work, before: int) -> None:
        run = after("compiled", work, before)
        assume(all(bool((parameter.abs() < 100).all()) for parameter in run.module.parameters()))
        work = going_on(work, run)
        try:
            compared_step(work)
        except Undecided:
            reject()


class TestManyUpdates:
    @pytest.mark.parametrize(("activation", "batch_size"), [("none", 1), ("tanh", 1), ("relu", 7)])
    @pytest.mark.parametrize(
        ("optimizer", "given"), [("sgd", {}), ("sgd", {"momentum": 0.9}), ("adam", {}), ("adamw", {})]
    )
    def test_every_update_of_twenty_is_as_near_as_float32_allows(
        self, optimizer: str, given: dict[str, Any], activation: str, batch_size: int
    ) -> None:
        work = make_work(
            "challenge",
            20,
            {"hidden": [9, 4], "activation": activation},
            optimizer=optimizer,
            settings=given,
            learning_rate=1e-4,
            examples=20,
            batch_size=batch_size,
        )
        for _ in range(20):
            work = compared_step(work)
        assert work.step == 20

    @pytest.mark.parametrize("order", ["sequential", "shuffled"])
    @pytest.mark.parametrize("batch_size", [1, 7])
    def test_many_at_once_are_as_many_one_by_one(self, batch_size: int, order: str) -> None:
        work = make_work("challenge", 5000, examples=20, batch_size=batch_size, order=order)
        whole = after("compiled", work, 300)
        for _ in range(300):
            work = going_on(work, after("compiled", work, 1))
        assert work.checkpoint == going_on(work, whole).checkpoint

    def test_the_bounds_are_narrow(self) -> None:
        # So narrow that a rate wrong by a thousandth would not fit between them.
        for optimizer in ("sgd", "adam"):
            work = make_work("challenge", 1, optimizer=optimizer, learning_rate=1e-3)
            before = state(restore(work))
            for name, bounded in next_state(work).items():
                if name in before:
                    change = (bounded.value - before[name]).abs()
                    assert bounded.error.max() < 1e-3 * change.max(), (optimizer, name)
