"""Predictions: `correct` says what a reader of `rounded` and `expected` would say."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service import TrainingService
from service.networks import LatentProduct, MyNetwork
from service.records import Model, Predictions
from service.tasks import TASKS
from service.training.prediction import answer
from ui.components.panels import predictions_panel

float32s = st.floats(width=32, allow_nan=False, allow_infinity=False)
odd = st.sampled_from(
    [
        0.0,
        -0.0,
        0.49,
        0.5,
        1.5,
        2.5,
        -0.5,
        2.0**23 + 0.5,
        2.0**24 - 1,
        2.0**24,
        2.0**53,
        2.0**60,
        1e38,
        2.0**-149,
    ]
)


def asked(task: str, module: torch.nn.Module, vectors: list[list[float]], **options: object) -> Predictions:
    made = TASKS[task].options.model_validate(options).model_dump()
    model = Model(id="x", task=task, options=made, seed=0, created="")
    return answer(model, module, vectors)


def constant(*outputs: float) -> MyNetwork:
    """A network that answers this to every vector."""
    network = MyNetwork(3, 5)
    with torch.no_grad():
        network.m1.weight.zero_()  # pyright: ignore
        network.m1.bias.copy_(torch.tensor(outputs))  # pyright: ignore
    return network


@pytest.mark.parametrize(
    ("vector", "outputs", "correct"),
    [
        ([0.5, 2, 3], [0.49, 2, 3, 4, 5], None),
        ([0.5, 2, 3], [float("inf"), 2, 3, 4, 5], False),
        ([0, 2, 3], [0.49, 2, 3, 4, 5], True),
        ([0, 2, 3], [0.5, 2, 3, 4, 5], True),  # rounds to 0
        ([0, 2, 3], [-0.5, 2, 3, 4, 5], True),
        ([1, 2, 3], [0.5, 2, 3, 4, 5], False),
        ([2, 2, 3], [2.5, 2, 3, 4, 5], True),
        ([3, 2, 3], [2.5, 2, 3, 4, 5], False),
        ([0, 0, 2**24 - 1], [0, 0, 2**24 - 1, 2**24, 2**24 + 2], False),
        ([0, 0, 2**24 - 2], [0, 0, 2**24 - 2, 2**24 - 1, 2**24], True),
        ([0, 0, 2.0**60], [0, 0, 2.0**60, 2.0**60, 2.0**60], None),
        ([0, 0, 1e38], [0, 0, 1e38, 1e38, 1e38], None),
        ([0, 0, 1e38], [0, 0, 1e38, 1e38, float("nan")], False),
    ],
)
def test_an_answer_to_the_challenge(vector: list[float], outputs: list[float], correct: bool | None) -> None:
    assert asked("challenge", constant(*outputs), [vector]).correct == [correct]


@pytest.mark.parametrize(
    ("target", "correct"), [(15.0, True), (15.5, None), (16.0, False), (2.0**53, None), (1e30, None)]
)
def test_an_answer_to_the_product(target: float, correct: bool | None) -> None:
    assert asked("product", LatentProduct(3, 5.1), [[]], target=target).correct == [correct]


def test_an_answer_to_memorize() -> None:
    target = (1.5, 2.0, 3.0, 4.0, 5.0)
    found = asked("memorize", constant(*target), [[1, 2, 3], [3, 2, 1]], target=target)
    assert found.correct == [None, None]
    panel = predictions_panel(found)
    assert "not judged" in panel
    assert "of 0 right" not in panel
    whole = asked("memorize", constant(1, 2, 3, 4, 5), [[1, 2, 3], [3, 2, 1]])
    assert whole.correct == [True, None]
    assert "1 of 1 right" in predictions_panel(whole)
    assert "not judged" not in predictions_panel(whole)


@given(
    st.lists(float32s | odd | st.integers(-20, 20).map(float), min_size=3, max_size=3),
    st.lists(float32s | odd, min_size=5, max_size=5),
    st.booleans(),
)
@settings(max_examples=200)
def test_it_is_what_a_reader_concludes(vector: list[float], outputs: list[float], near: bool) -> None:
    a, b, c = vector
    network = constant(*([a, b, c, c + 1, c + 2] if near else outputs))
    found = asked("challenge", network, [vector])
    (expected,), (rounded,), (correct,) = found.expected, found.rounded, found.correct
    assert expected is not None
    if correct is None:
        assert not all(value == int(value) and abs(value) < 2**53 for value in expected)
    elif None not in rounded:
        assert correct == all(one == other for one, other in zip(rounded, expected, strict=True))
    else:
        assert not correct


class TestOfAModel:
    def test_a_vector_the_task_says_nothing_about_has_no_right_answer(self, lab: TrainingService) -> None:
        model = lab.create_model("memorize")
        prediction = lab.snapshot(model.id).predict([[1, 2, 3], [3, 2, 1]])
        assert prediction.expected == [[1, 2, 3, 4, 5], None]
        assert prediction.correct == [False, None]

    def test_outputs_that_overflow_are_none(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge", hidden=[64])
        prediction = lab.snapshot(model.id).predict([[3.4e38, 3.4e38, 3.4e38]])
        assert None in prediction.outputs[0]
        assert None in prediction.rounded[0]
        assert prediction.correct == [False]

    def test_a_number_too_large_for_json_has_no_rounded_one(self, lab: TrainingService) -> None:
        prediction = lab.snapshot(lab.create_model("product", start=[1e10, 1e10]).id).predict([[]])
        assert prediction.outputs[0][0] == pytest.approx(1e20)
        assert prediction.rounded == [[None]]

    def test_10_000_vectors_pass(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge", hidden=[])
        assert len(lab.snapshot(model.id).predict([[1, 2, 3]] * 10_000).outputs) == 10_000
