"""The product on the compiled engine: the bits of the reference engine, whatever the optimizer."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor

from service.records import FLOAT32_MAX
from service.training import Slice, advance
from tests.service.test_training import make_work, parameters

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
FRACTION = st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.9, 0.999]) | st.floats(0, 1, exclude_max=True)
DECAY = st.just(0.0) | st.floats(0, 1) | st.floats(0, 1000)
MOMENTUM = st.sampled_from([0.0, 0.9, 1.0]) | st.floats(0, 1)


@st.composite
def sgd(draw: st.DrawFn) -> dict[str, Any]:
    momentum = draw(MOMENTUM)
    nesterov = momentum > 0 and draw(st.booleans())
    return {"momentum": momentum, "nesterov": nesterov, "weight_decay": draw(DECAY)}


ADAM = st.fixed_dictionaries(
    {
        "betas": st.tuples(FRACTION, FRACTION),
        "eps": st.sampled_from([1e-8, 1e-3, 1.0]) | st.floats(0, 1, exclude_min=True),
        "weight_decay": DECAY,
    }
)


def on_both_engines(
    start: tuple[float, float], target: float, steps: int, **given: Any
) -> tuple[Slice, Slice]:
    """What the reference engine makes of a product, and what the compiled one does."""
    work = make_work("product", steps, {"start": start, "target": target}, **given)
    compiled = replace(work, config=work.config.model_copy(update={"engine": "compiled"}))
    return advance(work, steps), advance(compiled, steps)


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
    @settings(max_examples=1500)
    @given(START, ANY_NUMBER, STEPS, RATE, sgd())
    def test_it_is_the_reference_engine_to_the_bit(
        self, start: tuple[float, float], target: float, steps: int, rate: float, given: dict[str, Any]
    ) -> None:
        assert_same_bits(*on_both_engines(start, target, steps, learning_rate=rate, settings=given))

    def test_what_is_compared_diverges_and_converges(self) -> None:
        diverged, _ = on_both_engines((3.0, 4.0), 15.0, 120, learning_rate=0.1)
        converged, _ = on_both_engines((3.0, 4.0), 15.0, 120, learning_rate=0.01)
        assert diverged.diverged_at is not None
        assert converged.loss == pytest.approx(0, abs=1e-10)


@fused
class TestAdam:
    @settings(max_examples=1500)
    @given(st.sampled_from(["adam", "adamw"]), START, ANY_NUMBER, STEPS, RATE, ADAM)
    def test_it_is_the_reference_engine_to_the_bit_once_that_takes_roots_right(
        self,
        optimizer: str,
        start: tuple[float, float],
        target: float,
        steps: int,
        rate: float,
        given: dict[str, Any],
    ) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Tensor, "sqrt", correctly_rounded_sqrt)
            slices = on_both_engines(
                start, target, steps, optimizer=optimizer, learning_rate=rate, settings=given
            )
        assert_same_bits(*slices)
