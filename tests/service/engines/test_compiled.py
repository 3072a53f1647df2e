"""The compiled engine: what it trains, where it ends, and that others can run meanwhile."""

import threading
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest
import torch

from service.engines import autograd, compiled, engine_for, kernels, network_kernel
from service.optimizers import OPTIMIZERS
from service.training.advance import advance, load_module, restore
from tests.service.engines.works import on, state
from tests.service.training.test_challenge_outcomes import SETTINGS, answers
from tests.service.works import make_work

ADAM_STATE = ["exp_avg", "exp_avg_sq", "step"]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_optimizer_it_does_not_know_is_left_to_the_reference_engine(optimizer: str) -> None:
    known = optimizer in ("sgd", "adam", "adamw")
    assert engine_for("compiled", optimizer, has_kernel=True) == ("compiled" if known else "autograd")
    assert engine_for("compiled", optimizer, has_kernel=False) == "autograd"
    assert engine_for("autograd", optimizer, has_kernel=True) == "autograd"


class TestTheAnswer:
    def test_a_hidden_layer_of_3_learns_the_rule_for_the_whole_cube(self) -> None:
        work = make_work("challenge", 20_000, {"hidden": [3]}, engine="compiled", **SETTINGS)
        outputs, expected = answers([3], advance(work, 20_000))
        assert len(outputs) == 9261
        assert torch.equal(outputs.round().long(), expected)

    def test_a_hidden_layer_of_2_never_gets_under_the_floor(self) -> None:
        work = make_work("challenge", 20_000, {"hidden": [2]}, engine="compiled", **SETTINGS)
        result = advance(work, 20_000)
        outputs, expected = answers([2], result)
        floor = 10 * 11 / 3
        assert min(point.loss for point in result.points) > 30
        assert ((outputs - expected) ** 2).sum(1).mean().item() > floor
        assert not torch.equal(outputs.round().long(), expected)

    @pytest.mark.parametrize("activation", ["none", "relu", "tanh"])
    def test_memorize_ends_where_the_reference_engine_does(self, activation: str) -> None:
        work = make_work("memorize", 2000, {"activation": activation}, learning_rate=1e-3)
        outputs = [
            load_module("memorize", work.options, advance(on(engine, work), 2000).checkpoint)(
                torch.tensor([1.0, 2, 3])
            )
            for engine in ("autograd", "compiled")
        ]
        torch.testing.assert_close(outputs[1], outputs[0], rtol=0, atol=1e-5)


class TestWhatItTrains:
    @pytest.mark.parametrize(
        ("task", "given", "names"),
        [
            ("product", {}, []),
            ("memorize", {"settings": {"momentum": 0.9}}, ["momentum_buffer"]),
            ("memorize", {"optimizer": "adam"}, ADAM_STATE),
            ("product", {"optimizer": "adamw"}, ADAM_STATE),
        ],
    )
    def test_it_is_the_module_s_own_tensors_and_the_optimizer_s(
        self, task: str, given: dict[str, Any], names: list[str]
    ) -> None:
        run = restore(make_work(task, 5, learning_rate=1e-3, **given))
        before = [
            (parameter, parameter.data_ptr(), parameter.clone()) for parameter in run.module.parameters()
        ]
        assert compiled.train(run, 5)
        for parameter, (was, address, value) in zip(run.module.parameters(), before, strict=True):
            assert parameter is was
            assert parameter.data_ptr() == address
            assert not torch.equal(parameter, value)
            assert sorted(run.optimizer.state[parameter]) == names

    @pytest.mark.parametrize("task", ["product", "memorize"])
    @pytest.mark.parametrize(
        "given", [{"settings": {"momentum": 0.9}}, {"optimizer": "adam"}, {"optimizer": "adamw"}]
    )
    def test_torch_can_go_on_from_there_and_the_other_way_round(
        self, task: str, given: dict[str, Any]
    ) -> None:
        work = make_work(task, 12, learning_rate=1e-3, **given)
        reference, mixed = restore(work), restore(work)
        autograd.train(reference, 12)
        for stop, train in ((5, compiled.train), (6, autograd.train), (12, compiled.train)):
            assert train(mixed, stop)
        expected = state(reference)
        for name, value in state(mixed).items():
            torch.testing.assert_close(value, expected[name], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("activation", ["none", "relu", "tanh"])
@pytest.mark.parametrize("widths", kernels.SPECIALIZED)
def test_a_kernel_for_certain_widths_gives_the_bits_of_the_general_one(
    widths: tuple[int, ...], activation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"hidden": widths[1:-1], "activation": activation}
    work = make_work("challenge", 3000, options, engine="compiled", learning_rate=1e-3, order="shuffled")
    chosen: list[tuple[int, ...]] = []
    kernel_for = network_kernel.specialized

    def specialized(widths: tuple[int, ...]) -> Callable[..., tuple[int, bool]]:
        chosen.append(widths)
        return kernel_for(widths)

    monkeypatch.setattr(network_kernel, "specialized", specialized)
    result = advance(work, 3000)
    assert set(chosen) == {widths}
    chosen.clear()
    monkeypatch.setattr(kernels, "SPECIALIZED", set[tuple[int, ...]]())
    assert advance(work, 3000) == result
    assert not chosen


def test_python_runs_while_a_kernel_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel of very many updates ends early, for this thread spoils its examples meanwhile."""
    kernel = network_kernel.general
    called = threading.Event()
    seen: dict[str, Any] = {}

    def watched(*arguments: Any) -> tuple[int, bool]:
        if not called.is_set():
            seen.update(signature(network_kernel.train).bind(*arguments).arguments)
            seen["before"] = seen["parameters"].copy()
            called.set()
        return kernel(*arguments)

    monkeypatch.setattr(network_kernel, "general", watched)
    steps = 50_000_000
    run = restore(make_work("challenge", steps, {"hidden": [4]}, engine="compiled", learning_rate=1e-5))
    training = threading.Thread(target=compiled.train, args=(run, steps))
    training.start()
    assert called.wait(60)
    while np.array_equal(seen["parameters"], seen["before"]):
        assert training.is_alive()
    seen["inputs"].fill(np.nan)
    training.join(60)
    assert 0 < run.step < steps
