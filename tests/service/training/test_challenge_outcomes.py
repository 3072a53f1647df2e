"""What the challenge's two first networks can and cannot do, trained for real."""

import torch

from datasets import integers
from service.training.advance import Slice, advance, load_module
from tests.service.works import make_work

SETTINGS = {"learning_rate": 1e-3, "examples": 1000, "low": -10, "high": 10}


def answers(hidden: list[int], result: Slice) -> tuple[torch.Tensor, torch.Tensor]:
    options = make_work("challenge", 1, {"hidden": hidden}).options
    vectors = integers.cube(10)
    with torch.no_grad():
        outputs = load_module("challenge", options, result.checkpoint)(torch.tensor(vectors).float())
    return outputs, torch.tensor(integers.answer(vectors))


def test_a_hidden_layer_of_3_learns_the_rule_for_the_whole_cube() -> None:
    work = make_work(
        "challenge", 20_000, {"hidden": [3]}, learning_rate=1e-3, examples=1000, low=-10, high=10
    )
    result = advance(work, 20_000)
    outputs, expected = answers([3], result)
    assert len(outputs) == 9261
    assert torch.equal(outputs.round().long(), expected)


def test_a_hidden_layer_of_2_never_gets_under_the_floor() -> None:
    work = make_work(
        "challenge", 20_000, {"hidden": [2]}, learning_rate=1e-3, examples=1000, low=-10, high=10
    )
    result = advance(work, 20_000)
    assert min(point.loss for point in result.points) > 30
    outputs, expected = answers([2], result)
    floor = 10 * 11 / 3
    assert ((outputs - expected) ** 2).sum(1).mean().item() > floor
    assert not torch.equal(outputs.round().long(), expected)
