"""What float32 can do to a forward pass: never more than the bound, in no order, and nearly as much in some."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service.networks import MyNetwork
from service.tasks.challenge.counterexamples import CORNERS, answers
from service.tasks.challenge.rounding import PARTS, POINTS, Floats, Layers, collapse, forward_error, rank

SIZES = [1, 100, 10_000, 1_000_000, 2**24 - 2]


def random_layers(widths: list[int], seed: int, spread: int = 1) -> Layers:
    """Layers of float32 numbers of about 1; of very different sizes, with a larger spread; short, with 0."""
    random = np.random.default_rng(seed)

    def numbers(*shape: int) -> Floats:
        if spread == 0:
            return random.integers(-4096, 4096, shape) / 64
        return rounded(random.normal(size=shape) * 10.0 ** random.integers(1 - spread, spread, shape))

    return [(numbers(outputs, inputs), numbers(outputs)) for inputs, outputs in pairwise(widths)]


def network_of(layers: Layers) -> MyNetwork:
    network = MyNetwork(layers[0][0].shape[1], *(len(bias) for _, bias in layers))
    for layer, (weight, bias) in zip(network.children(), layers, strict=True):
        assert isinstance(layer, torch.nn.Linear)
        layer.weight.data, layer.bias.data = torch.tensor(weight).float(), torch.tensor(bias).float()
    return network


def faces(size: int, count: int, seed: int) -> np.ndarray:
    """Integer vectors on the faces of the cube, its corners among them."""
    random = np.random.default_rng(seed)
    vectors = random.integers(-size, size + 1, size=(count, 3))
    vectors[np.arange(count), random.integers(3, size=count)] = size * random.choice([-1, 1], size=count)
    return np.concatenate([CORNERS * size, vectors])


def exact_outputs(layers: Layers, vectors: np.ndarray) -> np.ndarray:
    """Shape (vectors, outputs), as fractions."""
    whole = collapse(layers)
    outputs = vectors.astype(object) @ whole.weight.T + whole.bias
    return np.vectorize(lambda number: Fraction(number, 2**whole.bits), otypes=[object])(outputs)


def bounds(layers: Layers, size: int, vectors: np.ndarray) -> Floats:
    """The bound for each of the vectors, by the part of the cube it lies in."""
    signs = np.array([POINTS[corners].sum(axis=0) for corners in PARTS])
    part = [next(i for i, sign in enumerate(signs) if (vector * sign >= 0).all()) for vector in vectors]
    return forward_error(layers, size)[part]


def rounded(numbers: Floats) -> Floats:
    return numbers.astype(np.float32).astype(float)


def in_order(terms: Floats, order: tuple[int, ...], fused: bool) -> Floats:
    """The sums of the terms in float32: additions are rounded, and products unless they are fused with one."""
    if not fused:
        terms = rounded(terms)
    total = rounded(terms[..., order[0]])
    for index in order[1:]:
        total = rounded(total + terms[..., index])
    return total


def hostile(
    weight: Floats,
    bias: Floats,
    inputs: Floats,
    wanted: Floats,
    orders: Callable[[int], list[tuple[int, ...]]],
) -> Floats:
    """A layer's sums, each in the order that makes it largest where `wanted` is positive, or else smallest."""
    products = weight * inputs[:, None]
    terms = np.concatenate([products, np.broadcast_to(bias[:, None], (*products.shape[:2], 1))], axis=2)
    sums = np.stack(
        [in_order(terms, order, fused) for order in orders(terms.shape[2]) for fused in (False, True)]
    )
    return np.where(wanted > 0, sums.max(axis=0), sums.min(axis=0))


def some_orders(count: int) -> list[tuple[int, ...]]:
    if count <= 4:
        return list(permutations(range(count)))
    random = np.random.default_rng(0)
    return [tuple(random.permutation(count)) for _ in range(60)]


@given(seed=st.integers(0, 10_000), widths=st.lists(st.integers(1, 5), min_size=1, max_size=3))
@settings(max_examples=50)
def test_collapsing_is_exact(seed: int, widths: list[int]) -> None:
    layers = random_layers([3, *widths, 5], seed, spread=3)
    vector = [Fraction(number) for number in (7, -3, 11)]
    for weight, bias in layers:
        vector = [
            sum((Fraction(w) * v for w, v in zip(row, vector, strict=True)), Fraction(b))
            for row, b in zip(weight.tolist(), bias.tolist(), strict=True)
        ]
    assert exact_outputs(layers, np.array([[7, -3, 11]]))[0].tolist() == vector
    assert rank(collapse(layers).weight) <= min(widths)


def test_collapsing_is_exact_where_all_numbers_are_tiny() -> None:
    layers = [
        (np.full((1, 3), 2.0**-140), np.full(1, 2.0**-140)),
        (np.full((1, 1), 2.0**-140), np.full(1, 2.0**-100)),
    ]
    expected = Fraction(4, 2**280) + Fraction(1, 2**100)
    assert exact_outputs(layers, np.array([[1, 1, 1]])).item() == expected


@given(rows=st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=1, max_size=5))
def test_the_rank_is_numpy_s(rows: list[tuple[int, int, int]]) -> None:
    assert rank(np.array(rows, dtype=object)) == np.linalg.matrix_rank(np.array(rows))


@given(
    seed=st.integers(0, 10_000),
    widths=st.lists(st.integers(1, 20), max_size=3),
    size=st.sampled_from(SIZES),
    spread=st.sampled_from([0, 1, 4, 12]),
    flush=st.booleans(),
)
@settings(max_examples=100)
def test_float32_stays_within_its_bound(
    seed: int, widths: list[int], size: int, spread: int, flush: bool
) -> None:
    """Alone and in batches, with denormal numbers and without."""
    layers = random_layers([3, *widths, 5], seed, spread)
    network, vectors = network_of(layers), faces(size, 92, seed)
    exact, bound = exact_outputs(layers, vectors), bounds(layers, size, vectors)
    torch.set_flush_denormal(flush)
    try:
        for batch in (1, 7, 100):
            outputs = np.concatenate(
                [answers(network, part) for part in np.array_split(vectors, 100 // batch)]
            )
            finite = np.isfinite(bound)
            errors = [
                abs(Fraction(value) - right)
                for value, right in zip(outputs[finite], exact[finite], strict=True)
            ]
            assert all(error <= Fraction(most) for error, most in zip(errors, bound[finite], strict=True))
    finally:
        torch.set_flush_denormal(False)


@given(seed=st.integers(0, 10_000), hidden=st.integers(1, 6), size=st.sampled_from(SIZES))
@settings(max_examples=40)
def test_it_does_so_in_any_order_with_and_without_fused_additions(seed: int, hidden: int, size: int) -> None:
    (first, offset), (second, bias) = layers = random_layers([3, hidden, 5], seed)
    vectors = faces(size, 92, seed)
    exact, bound = exact_outputs(layers, vectors).astype(float), bounds(layers, size, vectors)
    for output in range(5):
        for sign in (1, -1):
            inner = hostile(first, offset, vectors.astype(float), sign * second[output], some_orders)
            row = slice(output, output + 1)
            outer = hostile(second[row], bias[row], inner, np.array([sign]), some_orders)[:, 0]
            assert (
                np.abs(outer - exact[:, output]) <= bound[:, output] + 1e-15 * np.abs(exact[:, output])
            ).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_is_less_than_twice_what_a_hostile_order_does(seed: int) -> None:
    (first, offset), (second, bias) = layers = random_layers([3, 4, 5], seed)
    size = 1_000_000
    vectors = faces(size, 20_000, seed)
    reached = []
    for output in range(5):
        inner = hostile(first, offset, vectors.astype(float), second[output], some_orders)
        row = slice(output, output + 1)
        outer = hostile(second[row], bias[row], inner, np.array([1]), some_orders)[:, 0]
        exact = (vectors @ first.T + offset) @ second[output] + bias[output]
        reached.append((outer - exact).max() / forward_error(layers, size)[:, output].max())
    assert max(reached) > 0.5
    assert max(reached) <= 1


def test_whole_numbers_are_not_rounded() -> None:
    weight = np.array([[3, 0, 1], [1, -2, 0]], dtype=float)
    layers = [(weight, np.array([4.0, 0.5])), (np.array([[1.0, 2.0]]), np.array([0.25]))]
    assert forward_error(layers, 1000).max() == 0
    assert forward_error(layers, 2**22).max() > 0
    assert forward_error([(np.eye(3), np.zeros(3))], 2**24).max() == 0
    too_many_digits = [(np.array([[8191.0, 0, 0]]), np.zeros(1))]
    error = abs(answers(network_of(too_many_digits), np.array([[8189, 0, 0]])).item() - 8191 * 8189)
    assert 0 < error <= forward_error(too_many_digits, 8189).max()


def test_a_term_too_small_to_matter_may_be_lost() -> None:
    layers = [(np.array([[2.0**-100, 0, 0]]), np.array([2.0**-140]))]
    vectors = np.array([[1, 0, 0]])
    lost = exact_outputs(layers, vectors).item() - Fraction(answers(network_of(layers), vectors).item())
    assert lost == Fraction(1, 2**140)
    assert lost <= Fraction(forward_error(layers, 1).min())


def test_a_weight_that_counts_as_zero_where_denormals_do_is_counted() -> None:
    layers = [
        (np.array([[2.0**50, 0, 0]]), np.zeros(1)),
        (np.array([[2.0**-130]]), np.zeros(1)),
        (np.array([[2.0**60]]), np.zeros(1)),
    ]
    vectors = np.array([[2**20, 0, 0]])
    assert answers(network_of(layers), vectors).item() == 1
    torch.set_flush_denormal(True)
    try:
        flushed = answers(network_of(layers), vectors).item()
    finally:
        torch.set_flush_denormal(False)
    assert abs(flushed - 1) <= forward_error(layers, 2**20).max()
    assert forward_error(layers, 2**20).max() >= 1


def test_every_product_may_be_lost_where_denormals_count_as_zero() -> None:
    count = 20
    hidden, weight = 2.0**-10, float(np.float32(0.99 * 2.0**-116))
    layers = [
        (np.zeros((count, 3)), np.full(count, hidden)),
        (np.full((1, count), weight), np.zeros(1)),
    ]
    torch.set_flush_denormal(True)
    try:
        assert answers(network_of(layers), np.zeros((1, 3), int)).item() == 0
    finally:
        torch.set_flush_denormal(False)
    assert count * hidden * weight <= forward_error(layers, 1).min()


@given(seed=st.integers(0, 10_000), hidden=st.integers(1, 6), power=st.integers(-30, 30))
@settings(max_examples=40)
def test_the_bound_is_in_the_unit_of_the_outputs(seed: int, hidden: int, power: int) -> None:
    """Rounding knows no scale: outputs times a power of two have errors times that power of two."""
    first, (weight, bias) = random_layers([3, hidden, 5], seed)
    unit = 2.0**power
    bound = forward_error([first, (weight, bias)], 1000)
    scaled = forward_error([first, (weight * unit, bias * unit)], 1000)
    np.testing.assert_allclose(scaled, bound * unit, rtol=1e-9)


def test_an_output_s_bound_does_not_depend_on_the_other_outputs() -> None:
    [(weight, bias)] = random_layers([3, 5], seed=0)
    scale = 10.0 ** np.arange(5)
    weight, bias = rounded(weight * scale[:, None]), rounded(bias * scale)
    alone = [forward_error([(weight[[row]], bias[[row]])], 1000) for row in range(5)]
    together = forward_error([(weight, bias)], 1000)
    np.testing.assert_allclose(together, np.concatenate(alone, axis=1), rtol=1e-12)


def test_too_large_for_float32_is_infinite() -> None:
    layers = [(np.array([[2.0**120, 0, 0]]), np.zeros(1))]
    assert forward_error(layers, 2**7).max() < np.inf
    assert forward_error(layers, 2**8).max() == np.inf
