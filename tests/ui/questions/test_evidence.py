"""What the questions settle on, held against the lab's loop written out in torch, or torch itself."""

from typing import Any

import pytest
import torch
from torch import nn

from service import TrainingService
from tests.conftest import run_async
from tests.ui.questions.asked import trainings
from ui.questions import losses, memorizing, orders, rules, steps, tensors, tuning
from ui.questions.question import Question


def settled(question: Question[Any]) -> tuple[Any, str]:
    """The evidence and the right choice of a question that trains nothing."""
    found = run_async(question.run(None))  # pyright: ignore[reportArgumentType]
    return found, question.right(found)


def products(
    presses: str,
    rounds: int,
    start: tuple[float, float] = (3, 4),
    target: float = 15,
    lr: float = 3e-3,
    momentum: float = 0,
) -> list[float]:
    """The product before the first round and after each, in plain torch."""
    one, other = (torch.tensor(float(value), requires_grad=True) for value in start)
    optimizer = torch.optim.SGD([one, other], lr=lr, momentum=momentum)
    found = [(one * other).item()]
    for _ in range(rounds):
        loss = (target - one * other) ** 2
        for press in presses:
            {"B": loss.backward, "O": optimizer.step, "R": optimizer.zero_grad}[press]()
        found.append((one * other).item())
    return found


def test_orders() -> None:
    found, right = settled(orders.WORKING)
    assert right == orders.NEIGHBORS
    for order in ("BOR", "RBO", "BRO", "OBR", "ROB"):
        assert list(found[order].products) == products(order, orders.STEPS)
    with pytest.raises(RuntimeError):
        products("ORB", orders.STEPS)
    assert "raises an error after 1 update" in orders.WORKING.replies[orders.ALL](found)


def test_a_loop_without_reset_swings_and_is_one_with_momentum() -> None:
    found, right = settled(orders.RESETS)
    assert right == orders.SWINGS
    never = products("BO", orders.STEPS)
    assert list(found.never.products) == never == products("BOR", orders.STEPS, momentum=1.0)
    assert max(never) > 15 > never[-1]
    assert settled(orders.MOMENTUM)[1] == orders.FULL
    assert never != products("BOR", orders.STEPS, momentum=0.9)
    assert never != products("BOR", orders.STEPS, lr=6e-3)


@pytest.mark.parametrize(
    ("question", "start", "target"),
    [
        (steps.RATES, (3, 4), 15),
        (steps.RATES_AGAIN[0], (2, 5), 20),
        (steps.RATES_AGAIN[1], (2, 3), 20),
        (steps.RATES_AGAIN[2], (1, 6), 10),
    ],
)
def test_rates(question: Question[Any], start: tuple[float, float], target: float) -> None:
    ends = {
        rate: products("BOR", steps.ROUNDS, start, target, lr=float(rate))[-1] for rate in question.choices
    }
    finite = {rate: abs(end - target) for rate, end in ends.items() if end == end and abs(end) < 1e30}
    assert settled(question)[1] == min(finite, key=lambda rate: finite[rate])


def test_a_product_as_the_loss_falls_below_zero() -> None:
    found, right = settled(steps.FALLING)
    assert right == steps.BELOW
    one, other = (torch.tensor(value, requires_grad=True) for value in (3.0, 4.0))
    optimizer = torch.optim.SGD([one, other], lr=3e-3)
    for _ in range(found.below):
        (one * other).backward()
        optimizer.step()
        optimizer.zero_grad()
    assert (
        (one * other).item()
        == found.product.products[found.below]
        < 0
        < found.product.products[found.below - 1]
    )


def test_a_step_too_small_vanishes() -> None:
    found, right = settled(steps.VANISHED)
    assert right == steps.EXACT
    three = torch.tensor(3.0)
    assert three + steps.TINY * 24 == three != three + steps.LARGER * 24
    assert (found.tiny.updates, found.larger.updates) == (0, steps.VANISHING_STEPS)


@pytest.mark.parametrize(
    ("question", "matrix", "vector"),
    [
        (tensors.SHAPES, [[1, 2, 3], [4, 5, 6]], [10, 20, 30]),
        (tensors.SHAPES_AGAIN[0], [[1, 2], [3, 4], [5, 6]], [10, 20, 30]),
        (tensors.SHAPES_AGAIN[1], [[2, 0, 1], [1, 1, 3]], [1, 2]),
        (tensors.SHAPES_AGAIN[2], [[1, 2], [3, 4], [5, 6]], [10, 20]),
    ],
)
def test_shapes(question: Question[Any], matrix: list[list[int]], vector: list[int]) -> None:
    assert f"tensor({matrix}) * tensor({vector})" in question.text
    try:
        rows, columns = (torch.tensor(matrix) * torch.tensor(vector)).shape
        expected = f"a {rows} x {columns} matrix"
    except RuntimeError:
        expected = tensors.ERROR
    assert settled(question)[1] == expected


def test_types() -> None:
    found, right = settled(tensors.TYPES)
    assert right == tensors.ERROR
    with pytest.raises(RuntimeError) as raised:
        torch.matmul(torch.tensor([[2, 0], [1, 3]]), torch.tensor([4.0, 5.0]))
    assert found.mixed.error == str(raised.value)


def test_losses() -> None:
    found, right = settled(losses.LOSSES)
    assert right == losses.ERROR
    with pytest.raises(RuntimeError) as raised:
        (nn.Linear(3, 5)(torch.ones(3)) ** 2).backward()
    assert str(raised.value) in found.error


def test_what_the_networks_know(lab: TrainingService) -> None:
    pair = run_async(memorizing.SEEDING.run(trainings(lab, memorizing.SEEDING)))
    assert memorizing.SEEDING.right(pair) == memorizing.ALIKE
    for seed, learned in zip(memorizing.SEEDS, (pair.one, pair.other), strict=True):
        torch.manual_seed(seed)
        network = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 5))
        optimizer = torch.optim.SGD(network.parameters(), lr=memorizing.RATE)
        for _ in range(memorizing.STEPS):
            loss = torch.sum((network(torch.tensor(memorizing.SEEN)) - torch.arange(1.0, 6.0)) ** 2)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        assert network(torch.tensor(memorizing.UNSEEN)).tolist() == pytest.approx(learned.unseen, abs=0.02)
    found = run_async(memorizing.MEMORIZING.run(trainings(lab, memorizing.MEMORIZING)))
    assert memorizing.MEMORIZING.right(found) == memorizing.NEITHER


@pytest.mark.parametrize(("hidden", "can"), [([2], False), ([8, 2], False), ([2, 8], False), ([3], True)])
def test_rank(lab: TrainingService, hidden: list[int], can: bool) -> None:
    (question,) = [each for each in (rules.RANK, *rules.RANK_AGAIN) if each.title == rules.rank(hidden).title]
    found = run_async(question.run(trainings(lab, question)))
    assert question.right(found) == (rules.LONG if can else rules.NEVER)
    rule = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]])
    assert (torch.linalg.matrix_rank(rule) <= min(hidden)) == can
    assert can or min(found.losses) >= (found.floor or 0)


def test_far_from_the_examples(lab: TrainingService) -> None:
    found = run_async(rules.EXTRAPOLATING.run(trainings(lab, rules.EXTRAPOLATING)))
    assert rules.EXTRAPOLATING.right(found) == rules.OFF
    assert found.expected == [100, 100, 100, 101, 102]
    assert found.loss < 0.1
    assert found.near == pytest.approx([1, 2, 3, 4, 5], abs=0.5)


def test_the_run_that_was_picked_is_not_as_good_as_it_looks(lab: TrainingService) -> None:
    found = run_async(tuning.PICKED.run(trainings(lab, tuning.PICKED)))
    assert tuning.PICKED.right(found) == tuning.HIGHER
    assert len(found.held_out) == len(found.fresh) == tuning.RUNS
    assert found.held_out[found.best] == min(found.held_out) < found.fresh[found.best]
