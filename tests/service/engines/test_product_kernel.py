"""The product on the compiled engine: the bits of the reference engine, whatever the optimizer."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from service.engines.rules import ANCHOR
from service.numbers import FLOAT32_MAX
from service.training.advance import Slice, Work, advance, restore
from tests.service.engines.works import after, going_on, on, state
from tests.service.works import make_work

fused = pytest.mark.skipif(
    torch.backends.cpu.get_cpu_capability() == "DEFAULT",
    reason="On this machine torch rounds a multiplication and an addition apart, the compiled engine once.",
)
EVERYDAY = st.floats(-100, 100, width=32)
ANY_NUMBER = EVERYDAY | st.floats(-FLOAT32_MAX, FLOAT32_MAX, width=32)
START = st.tuples(ANY_NUMBER, ANY_NUMBER)
# Rates from those that change nothing to those that diverge at once.
RATE = st.floats(-12, 3).map(lambda exponent: 10**exponent) | st.floats(1e-4, 0.3)
STEPS = st.integers(1, 120)
FRACTION = st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.9, 0.999]) | st.floats(
    0, 1, exclude_max=True, width=32, allow_subnormal=False
)
DECAY = st.just(0.0) | st.floats(0, 1, width=32) | st.floats(0, 1000, width=32)
MOMENTUM = st.sampled_from([0.0, 0.9, 1.0]) | st.floats(0, 1, width=32)

ADAMS = st.sampled_from(["adam", "adamw"])
HAS_NO_DOUBLE = 2.0**127
PLAIN = {"momentum": 0.0, "nesterov": False, "weight_decay": 0.0}
ULP = 2.0**-23
"""How far two neighboring float32 numbers are apart, at most and relative to them,"""
LEAST = 2.0**-149
"""and near 0."""


@st.composite
def sgd(draw: st.DrawFn) -> dict[str, Any]:
    momentum = draw(MOMENTUM)
    nesterov = momentum > 0 and draw(st.booleans())
    return {"momentum": momentum, "nesterov": nesterov, "weight_decay": draw(DECAY)}


ADAM = st.fixed_dictionaries(
    {
        "betas": st.tuples(FRACTION, FRACTION),
        "eps": st.sampled_from([1e-8, 1e-3, 1.0]) | st.floats(1e-12, 1),
        "weight_decay": DECAY,
    }
)


def product(start: tuple[float, float], target: float, steps: int, **given: Any) -> Work:
    return make_work("product", steps, {"start": start, "target": target}, **given)


def on_both_engines(work: Work) -> tuple[Slice, Slice]:
    """What the reference engine makes of the whole work, and what the compiled one does."""
    return advance(work, work.target_step), advance(on("compiled", work), work.target_step)


def assert_same_bits(reference: Slice, compiled: Slice) -> None:
    """The same slice, and in its checkpoint every number that the reference engine keeps."""
    assert replace(compiled, checkpoint=reference.checkpoint) == reference
    ours = safetensors.torch.load(compiled.checkpoint)
    for name, tensor in safetensors.torch.load(reference.checkpoint).items():
        assert bits(ours[name]) == bits(tensor), name


def bits(tensor: Tensor) -> str:
    return (tensor + 0.0).numpy().tobytes().hex()  # -0.0 counts as 0.0


def correctly_rounded_sqrt(tensor: Tensor) -> Tensor:
    return torch.tensor(np.sqrt(tensor.numpy()))  # the processor's own


@fused
class TestSGD:
    @settings(max_examples=100)
    @given(START, ANY_NUMBER, STEPS, RATE, sgd())
    @example((1.0, HAS_NO_DOUBLE), HAS_NO_DOUBLE, 5, 1e-3, PLAIN)
    def test_it_is_the_reference_engine_to_the_bit(
        self, start: tuple[float, float], target: float, steps: int, rate: float, given: dict[str, Any]
    ) -> None:
        work = product(start, target, steps, learning_rate=rate, settings=given)
        assert_same_bits(*on_both_engines(work))

    @pytest.mark.parametrize("rate", [0.01, 0.1])
    def test_so_it_is_where_the_loss_vanishes_and_where_it_explodes(self, rate: float) -> None:
        reference, compiled = on_both_engines(product((3.0, 4.0), 15.0, 1500, learning_rate=rate))
        assert_same_bits(reference, compiled)
        assert (compiled.diverged_at is None) == (rate == 0.01)
        assert rate != 0.01 or compiled.loss == pytest.approx(0, abs=1e-10)


@fused
class TestAdam:
    @settings(max_examples=100)
    @given(ADAMS, START, ANY_NUMBER, STEPS, RATE, ADAM)
    def test_it_is_the_reference_engine_to_the_bit_once_that_takes_roots_right(
        self,
        optimizer: str,
        start: tuple[float, float],
        target: float,
        steps: int,
        rate: float,
        given: dict[str, Any],
    ) -> None:
        work = product(start, target, steps, optimizer=optimizer, learning_rate=rate, settings=given)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Tensor, "sqrt", correctly_rounded_sqrt)
            assert_same_bits(*on_both_engines(work))

    @pytest.mark.parametrize("optimizer", ["adam", "adamw"])
    def test_so_it_is_where_the_powers_of_the_betas_are_taken_afresh(
        self, optimizer: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Tensor, "sqrt", correctly_rounded_sqrt)
        steps = ANCHOR + 100
        work = product((3.0, 4.0), 15.0, steps, optimizer=optimizer, learning_rate=1e-3)
        assert_same_bits(*on_both_engines(work))

    @settings(max_examples=60)
    @given(ADAMS, st.tuples(EVERYDAY, EVERYDAY), EVERYDAY, st.integers(0, 30), st.floats(1e-5, 0.1), ADAM)
    def test_with_roots_as_torch_takes_them_one_update_differs_by_their_last_bit(
        self,
        optimizer: str,
        start: tuple[float, float],
        target: float,
        before: int,
        rate: float,
        given: dict[str, Any],
    ) -> None:
        work = product(start, target, before + 1, optimizer=optimizer, learning_rate=rate, settings=given)
        work = going_on(work, after("compiled", work, before))
        assume(all(value.abs() < 1000 for value in state(restore(work)).values()))
        reference, compiled = (state(after(engine, work, 1)) for engine in ("autograd", "compiled"))
        for name, was in state(restore(work)).items():
            expected, found = reference[name], compiled[name]
            if "/" in name:
                assert bits(found) == bits(expected), name
                continue
            # A root off by an ulp, and then a division, a sum and a division that may each round the
            # other way: 4 ulps of the update. The sum of it and the parameter may too: an ulp of that.
            shrink = 1 - rate * given["weight_decay"] if optimizer == "adamw" else 1
            update = (expected.double() - shrink * was.double()).abs() + ULP * was.abs()
            assert (found.double() - expected).abs() <= ULP * (5 * update + expected.abs()) + LEAST, name
