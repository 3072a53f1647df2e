"""The floor of the loss on given examples: nothing gets below it, and the best there is comes down to it."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets import integers
from service.tasks.challenge.floors import affine_floor, flat_floor

Rows = np.ndarray


def random_examples(count: int, kind: str, seed: int) -> tuple[Rows, Rows]:
    """Inputs and targets as float32 holds them: odd in the way that `kind` says."""
    random = np.random.default_rng(seed)
    inputs, targets = random.integers(-9, 10, (count, 3)).astype(float), random.normal(size=(count, 5))
    match kind:
        case "rule":
            targets = integers.answer(inputs.astype(int)).astype(float)
        case "collinear":
            inputs[:, 2] = inputs[:, 0] - 2 * inputs[:, 1]
        case "one input":
            inputs[:] = inputs[0]
        case "repeated":
            inputs = inputs[random.integers(count, size=count) // 2]
        case "constant":
            inputs[:, 1] = 7
        case "nearly collinear":
            inputs[:, 2] = inputs[:, 0] * (1 + 1e-7 * random.normal(size=count))
        case "invisibly dependent":
            inputs[:, 2] = inputs[:, 0]
            inputs[-1, 2] += 1e-30 * (inputs[-1, 0] == 0)
        case "far from 0":
            inputs, targets = inputs + 1e6, 1e6 + integers.answer(inputs.astype(int))
        case "huge":
            inputs, targets = inputs * 1e30, targets * 1e37
        case "tiny":
            inputs, targets = inputs * 1e-40, targets * 1e-40
        case "one outlier":
            targets[0] *= 1e20
        case "equal targets":
            targets[:] = targets[0]
    return inputs.astype(np.float32).astype(float), targets.astype(np.float32).astype(float)


KINDS = (
    "random",
    "rule",
    "collinear",
    "one input",
    "repeated",
    "constant",
    "nearly collinear",
    "invisibly dependent",
    "far from 0",
    "huge",
    "tiny",
    "one outlier",
    "equal targets",
)
cases = given(
    count=st.sampled_from([1, 2, 3, 4, 5, 6, 20, 300]),
    kind=st.sampled_from(KINDS),
    width=st.sampled_from([1, 2]),
    seed=st.integers(0, 1000),
)


def loss(answers: Rows, targets: Rows) -> float:
    return float(((answers - targets) ** 2).sum(axis=1).mean())


def in_general(targets: Rows) -> float:
    """The loss of the best constant answer: the scale on which losses of these targets are small."""
    return loss(np.zeros_like(targets), targets - targets[0]) + 1e-300


def centered(rows: Rows) -> Rows:
    return rows - rows[0] - (rows - rows[0]).mean(axis=0)


def best_of_rank(width: int, inputs: Rows, targets: Rows) -> float:
    """The loss of one good matrix of that rank, and the best bias: least squares, cut to its rank."""
    design, wanted = centered(inputs), centered(targets)
    fitted = design @ np.linalg.lstsq(design, wanted)[0]
    basis = np.linalg.svd(fitted, full_matrices=False)[2][:width]
    return loss(fitted @ basis.T @ basis, wanted)


@cases
@settings(max_examples=200)
def test_the_best_of_its_rank_is_not_below_it_and_hardly_above(
    count: int, kind: str, width: int, seed: int
) -> None:
    inputs, targets = random_examples(count, kind, seed)
    floor, scale = affine_floor(width, inputs, targets), in_general(targets)
    best = best_of_rank(width, inputs, targets)
    assert 0 <= floor <= best + 1e-13 * scale
    # Of inputs that are nearly dependent, by their kind or by chance, less can be said.
    if "dependent" not in kind and "nearly" not in kind and np.linalg.cond(centered(inputs)) < 1e8:
        assert floor >= best - 1e-6 * scale


@cases
@settings(max_examples=100)
def test_no_matrix_of_its_rank_is_below_it(count: int, kind: str, width: int, seed: int) -> None:
    """Neither good ones, a little changed, nor random ones with the best last layer there is for them."""
    inputs, targets = random_examples(count, kind, seed)
    floor, scale = affine_floor(width, inputs, targets), in_general(targets)
    random = np.random.default_rng(seed)
    for first in (random.normal(size=(3, width)), random.integers(-2, 3, (3, width))):
        design = np.column_stack([(inputs - inputs[0]) @ first, np.ones(count)])
        sizes = np.abs(design).max(axis=0)
        design = design / np.where(sizes, sizes, 1)
        wanted = centered(targets)
        assert loss(design @ np.linalg.lstsq(design, wanted)[0], wanted) >= floor - 1e-13 * scale


@cases
@settings(max_examples=100)
def test_no_function_into_a_flat_space_is_below_its_floor(
    count: int, kind: str, width: int, seed: int
) -> None:
    inputs, targets = random_examples(count, kind, seed)
    floor, scale = flat_floor(width, inputs, targets), in_general(targets)
    assert (
        0 <= floor <= affine_floor(width, inputs, targets) + 1e-6 * scale or "nearly" in kind or "dep" in kind
    )
    random = np.random.default_rng(seed)
    sizes = np.abs(inputs).max(axis=0)
    images = np.tanh((inputs / np.where(sizes, sizes, 1)) @ random.normal(size=(3, width)) * 3)
    design = np.column_stack([images, np.ones(count)])
    wanted = centered(targets)
    assert loss(design @ np.linalg.lstsq(design, wanted)[0], wanted) >= floor - 1e-13 * scale


@pytest.mark.parametrize("floor", [affine_floor, flat_floor])
@pytest.mark.parametrize("width", [1, 2])
def test_two_answers_wanted_to_one_vector(floor: Callable[..., float], width: int) -> None:
    targets = np.array([[1.0, 2, 3, 4, 5], [2, 2, 3, 4, 5]])
    assert floor(width, np.array([[1.0, 2, 3]] * 2), targets) == pytest.approx(0.25)
    zero = np.array([[0.0, 2, 3], [-0.0, 2, 3]])
    assert floor(width, zero, targets) == pytest.approx(0.25)


@pytest.mark.parametrize(("count", "mean"), [(1, 0), (2, 0), (3, 0), (5, 7.1), (100, 31.9), (1000, 35.45)])
def test_it_is_that_of_the_examples_at_hand(count: int, mean: float) -> None:
    """On average over draws it is below R(R+1)/3 = 36.67, the more so the fewer examples there are."""
    floors = []
    for seed in range(200 if count < 1000 else 20):
        inputs, targets = integers.generate(count, -10, 10, seed)
        floors.append(affine_floor(2, inputs.astype(float), targets.astype(float)))
    assert np.mean(floors) == pytest.approx(mean, rel=0.12, abs=1e-9)


@pytest.mark.parametrize("hidden", [[2], [1], [2, 64], [64, 2]])
@pytest.mark.parametrize("count", [5, 30])
def test_training_in_float64_does_not_get_below_it(hidden: Sequence[int], count: int) -> None:
    torch.manual_seed(0)
    inputs, targets = integers.generate(count, -3, 3, 1)
    x, y = torch.tensor(inputs).double(), torch.tensor(targets).double()
    widths = [3, *hidden, 5]
    network = torch.nn.Sequential(*map(torch.nn.Linear, widths[:-1], widths[1:])).double()
    optimizer = torch.optim.LBFGS(network.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        error = ((network(x) - y) ** 2).sum(dim=1).mean()
        error.backward()
        return error

    optimizer.step(closure)  # pyright: ignore[reportArgumentType]
    floor = affine_floor(min(hidden), inputs.astype(float), targets.astype(float))
    assert floor * (1 - 1e-12) <= closure().item() <= floor * 1.05
