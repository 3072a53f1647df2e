"""advance(): the lab's loop, its divergence and the points it records."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from datasets import integers
from service.engines import ENGINES
from service.engines.autograd import batches
from service.engines.base import MAX_POINTS, epoch_orders
from service.tasks import TASKS
from service.training.advance import Slice, advance, first_checkpoint, load_module, restore
from service.training.examples import split_examples
from tests.service.works import (
    every_engine,
    held_out_too_large,
    in_slices,
    make_work,
    overflowing_unseen,
    parameters,
)


def printed(result: Slice) -> list[str]:
    return [str(parameters(result)[name]) for name in ("var_1", "var_2")]


class TestTheLab:
    @every_engine
    def test_one_step_of_the_product(self, engine: str) -> None:
        result = advance(make_work("product", 1, learning_rate=3e-3, engine=engine), 1)
        assert printed(result) == ["tensor(3.0720)", "tensor(4.0540)"]

    @every_engine
    def test_a_hundred_more(self, engine: str) -> None:
        result = advance(make_work("product", 101, learning_rate=3e-3, engine=engine), 101)
        assert printed(result) == ["tensor(3.4505)", "tensor(4.3472)"]

    @every_engine
    def test_the_product_is_the_lab_s_program_to_the_bit(self, engine: str) -> None:
        var_1 = torch.tensor(3.0, requires_grad=True)
        var_2 = torch.tensor(4.0, requires_grad=True)
        my_sgd = torch.optim.SGD([var_1, var_2], lr=3e-3)
        for _ in range(250):
            my_latent_value = var_1 * var_2
            loss = (15 - my_latent_value) ** 2
            loss.backward()
            my_sgd.step()
            my_sgd.zero_grad()
        trained = parameters(advance(make_work("product", 250, learning_rate=3e-3, engine=engine), 250))
        assert torch.equal(trained["var_1"], var_1)
        assert torch.equal(trained["var_2"], var_2)

    def test_memorize_is_the_lab_s_program_to_the_bit(self) -> None:
        class LabNetwork(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.m1 = nn.Linear(3, 2)
                self.m2 = nn.Linear(2, 5)

            def forward(self, x: Tensor) -> Tensor:
                return self.m2(self.m1(x))

        torch.manual_seed(7)
        my_network = LabNetwork()
        my_input, my_desired_output = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
        my_sgd = torch.optim.SGD(my_network.parameters(), lr=1e-3)
        for _ in range(200):
            loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)
            loss.backward()
            my_sgd.step()
            my_sgd.zero_grad()
        trained = parameters(advance(make_work("memorize", 200, seed=7, learning_rate=1e-3), 200))
        for name, value in my_network.state_dict().items():
            assert torch.equal(trained[name], value), name

    def test_the_challenge_takes_one_example_a_step_in_order(self) -> None:
        inputs, targets = integers.generate(40, -10, 10, seed=0)
        torch.manual_seed(0)
        network = TASKS["challenge"].build(TASKS["challenge"].options())
        optimizer = torch.optim.SGD(network.parameters(), lr=1e-3)
        for step in range(100):
            x, y = (torch.tensor(rows[step % 40]).float() for rows in (inputs, targets))
            torch.sum((network(x) - y) ** 2).backward()
            optimizer.step()
            optimizer.zero_grad()
        trained = parameters(advance(make_work("challenge", 100, examples=40), 100))
        for name, value in network.state_dict().items():
            assert torch.equal(trained[name], value), name


class TestDivergence:
    @every_engine
    @pytest.mark.parametrize("learning_rate", [0.066, 0.1, 0.5, 30.0])
    def test_it_names_the_first_update_after_which_the_loss_is_not_finite(
        self, engine: str, learning_rate: float
    ) -> None:
        result = advance(make_work("product", 3000, learning_rate=learning_rate, engine=engine), 3000)
        var_1 = torch.tensor(3.0, requires_grad=True)
        var_2 = torch.tensor(4.0, requires_grad=True)
        optimizer = torch.optim.SGD([var_1, var_2], lr=learning_rate)
        last: dict[str, Tensor] = {}
        step = 0
        while (loss := (15 - var_1 * var_2) ** 2).isfinite():
            step += 1
            last = {"var_1": var_1.detach().clone(), "var_2": var_2.detach().clone()}
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        assert result.diverged_at == step
        assert result.step == step - 1
        assert all(torch.equal(value, last[name]) for name, value in parameters(result).items())

    @every_engine
    def test_a_start_that_is_hopeless_keeps_its_weights(self, engine: str) -> None:
        result = advance(make_work("product", 10, {"start": [1e30, 1e30]}, engine=engine), 10)
        assert (result.diverged_at, result.step, result.loss, result.points) == (0, 0, None, ())
        assert parameters(result)["var_1"] == np.float32(1e30)

    @given(
        engine=st.sampled_from(list(ENGINES)),
        sizes=st.lists(st.integers(1, 9), max_size=5),
        steps_before=st.integers(0, 12),
    )
    def test_a_weight_that_overflows_behind_a_finite_loss_is_found(
        self, engine: str, sizes: list[int], steps_before: int
    ) -> None:
        work = overflowing_unseen(engine)
        work = replace(work, start_step=steps_before, step=steps_before)
        weights = {name: tensor.detach() for name, tensor in restore(work).module.named_parameters()}
        result = in_slices(work, sizes)
        assert result.diverged_at == steps_before + 1
        assert result.step == steps_before
        assert result.loss is not None
        assert all(torch.equal(value, weights[name]) for name, value in parameters(result).items())


class TestPoints:
    @given(engine=st.sampled_from(list(ENGINES)), steps=st.integers(1, 3000))
    @settings(max_examples=15)
    def test_few_and_always_the_first_and_the_last(self, engine: str, steps: int) -> None:
        recorded = [point.step for point in advance(make_work("product", steps, engine=engine), steps).points]
        assert recorded[0] == 0
        assert recorded[-1] == steps
        assert recorded == sorted(set(recorded))
        assert min(steps, MAX_POINTS // 2) <= len(recorded) <= MAX_POINTS + 1

    @every_engine
    def test_the_loss_is_that_of_all_examples_after_the_step(self, engine: str) -> None:
        work = make_work("challenge", 25, examples=30, batch_size=4, engine=engine)
        result = advance(work, 25)
        task = TASKS["challenge"]
        module = load_module("challenge", work.options, result.checkpoint)
        examples = task.examples(work.options, work.config.data)
        expected = ((module(examples.inputs) - examples.targets) ** 2).sum(1).mean().item()
        assert result.points[-1].loss == pytest.approx(expected, rel=1e-5)
        assert result.loss == result.points[-1].loss

    @pytest.mark.parametrize("batch_size", [1, 4])
    @pytest.mark.parametrize("hidden", [[3], [6, 4]])
    def test_every_engine_measures_the_examples_held_out(self, hidden: list[int], batch_size: int) -> None:
        given: dict[str, Any] = {
            "examples": 40,
            "held_out": 0.25,
            "batch_size": batch_size,
            "order": "shuffled",
            "learning_rate": 1e-4,
        }
        options = {"hidden": hidden, "activation": "tanh"}
        works = [make_work("challenge", 700, options, engine=engine, **given) for engine in ENGINES]
        results = [advance(work, 700) for work in works]
        one, other = ([[p.step, p.loss, p.held_out_loss or math.nan] for p in r.points] for r in results)
        assert [row[0] for row in one] == [row[0] for row in other]
        np.testing.assert_allclose(one, other, rtol=1e-3, equal_nan=False)
        for work, result in zip(works, results, strict=True):
            held_out = split_examples("challenge", work.options, work.config.data).held_out
            module = load_module("challenge", work.options, result.checkpoint)
            expected = ((module(held_out.inputs) - held_out.targets) ** 2).sum(1).mean().item()
            assert len(held_out) == 10
            assert (
                result.held_out_loss == result.points[-1].held_out_loss == pytest.approx(expected, rel=1e-4)
            )

    @every_engine
    def test_a_held_out_loss_that_is_not_finite_is_none(self, engine: str) -> None:
        result = advance(held_out_too_large(engine), 30)
        assert [point.held_out_loss for point in result.points] == [None] * 31
        assert (result.diverged_at, result.held_out_loss) == (None, None)

    def test_every_engine_records_the_same_steps(self) -> None:
        recorded = [
            [point.step for point in advance(make_work("memorize", 1234, engine=engine), 1000).points]
            for engine in ENGINES
        ]
        assert recorded[0] == recorded[1]

    def test_the_first_point_of_the_product_is_the_lab_s_9(self) -> None:
        assert advance(make_work("product", 1), 1).points[0].loss == 9.0


def test_the_seed_gives_the_weights_that_torch_gives() -> None:
    options = TASKS["memorize"].options()
    torch.manual_seed(3)
    expected = TASKS["memorize"].build(options).state_dict()
    before = torch.get_rng_state()  # and torch's own random state stays as it was
    module = load_module("memorize", options, first_checkpoint("memorize", options, 3))
    assert all(torch.equal(value, expected[name]) for name, value in module.state_dict().items())
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("order", ["sequential", "shuffled"])
def test_an_epoch_takes_every_example_once(order: str) -> None:
    work = make_work("challenge", 100, dataset="cube", batch_size=10, order=order)
    upcoming = batches(restore(work))
    for _ in range(3):
        epoch = [next(upcoming)[0] for _ in range(3)]
        assert [len(batch) for batch in epoch] == [10, 10, 7]
        assert len(torch.cat(epoch).unique(dim=0)) == 27


def test_shuffling_differs_from_epoch_to_epoch_and_by_seed() -> None:
    config = make_work("challenge", 1, order="shuffled").config
    other = make_work("challenge", 1, order="shuffled", data_seed=1).config
    blocks = [epoch_orders(config, 2000, 0), epoch_orders(config, 2000, 1), epoch_orders(other, 2000, 0)]
    orders = [order for block in blocks for order in block]
    assert len(orders) == len({tuple(order) for order in orders}) == 6
    assert all(sorted(order) == list(range(2000)) for order in orders)
