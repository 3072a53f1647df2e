"""The examples as a table and as drawings: what is drawn, and that the words say the same."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import ExampleSet, TrainingService
from tests.ui.svg import drawings, well_formed, within
from ui.components.chart import MAX_CURVE_POINTS
from ui.components.examples_view import (
    MAX_ROWS,
    MAX_TESTED,
    counted,
    described,
    examples_table,
    pairs_view,
    summary,
)

numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)
vectors = st.lists(st.lists(numbers, min_size=3, max_size=3), max_size=25)


def examples(lows: list[float], highs: list[float], held_out: int = 0) -> ExampleSet:
    """The corners of a box, all trained on, and so many others in the middle of it that are held out."""
    corners = [list(corner) for corner in product(*zip(lows, highs, strict=True))]
    inputs = corners + [[(low + high) / 2 for low, high in zip(lows, highs, strict=True)]] * held_out
    return ExampleSet(
        source="a <box>",
        inputs=inputs,
        targets=[[0.0] * 5] * len(inputs),
        held_out=[False] * 8 + [True] * held_out,
        lows=lows,
        highs=highs,
    )


TEN = examples([-10] * 3, [10] * 3)


class TestTable:
    def test_the_first_rows_and_how_many_more(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        markup = examples_table(lab.snapshot(model.id).examples)
        assert well_formed(markup)
        assert markup.count("<tr") == MAX_ROWS + 1
        assert "and 950 more, not shown." in markup
        assert "1,000 examples: all for training." in markup
        assert "held out" not in markup

    def test_those_held_out_are_marked_in_words(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        lab.train(model.id, steps=1, dataset="cube", held_out=0.2)
        markup = examples_table(lab.snapshot(model.id).examples)
        assert "<h3>The examples: cube</h3>" in markup
        assert (markup.count("<td>held out</td>"), markup.count("<td>for training</td>")) == (5, 22)
        assert "27 examples: 22 for training, 5 held out." in markup
        assert "more, not shown" not in markup

    @pytest.mark.parametrize("task", ["product", "memorize"])
    def test_a_task_with_one_example(self, lab: TrainingService, task: str) -> None:
        known = lab.snapshot(lab.create_model(task).id).examples
        assert "1 example." in examples_table(known)
        assert well_formed(examples_table(known))
        assert well_formed(pairs_view(known, []))

    def test_nothing_can_slip_into_the_page(self) -> None:
        assert "<box>" not in examples_table(TEN) + pairs_view(TEN, [])


@pytest.mark.parametrize(
    ("vector", "words"),
    [
        ([1, 2, 3], "[1, 2, 3]: inside"),
        ([10, -10, 10], "[10, -10, 10]: inside"),
        ([100, -50, 25], "[100, -50, 25]: outside, a is 10 times the largest in training"),
        ([0, -50, 0.5], "[0, -50, 0.5]: outside, b is 5 times the largest in training"),
        ([0, 0, 11], "[0, 0, 11]: outside, c is 1.1 times the largest in training"),
        ([3e38, 0, 0], "[3e+38, 0, 0]: outside, a is 3e+37 times the largest in training"),
    ],
)
def test_a_tested_vector_in_words(vector: list[float], words: str) -> None:
    assert described(vector, TEN) == words


def test_a_vector_just_outside_is_not_said_to_be_1_times_as_large() -> None:
    assert described([10.001, 0, 0], TEN) == "[10.001, 0, 0]: outside, a is above the highest in training, 10"
    assert described([-10.001, 0, 0], TEN).endswith("a is below the lowest in training, -10")


def test_a_vector_outside_that_is_no_larger_in_words() -> None:
    positive = examples([0, 0, 0], [9, 9, 0])
    assert described([-5, 0, 0], positive) == "[-5, 0, 0]: outside, a is below the lowest in training, 0"
    assert described([0, 0, 2], positive) == "[0, 0, 2]: outside, c is above the highest in training, 0"
    assert described([90, 0, -2], positive) == "[90, 0, -2]: outside, c is below the lowest in training, 0"


def test_the_caption_counts_what_is_drawn() -> None:
    assert counted(TEN) == (
        "8 examples: all for training. For training: a from -10 to 10, b from -10 to 10, c from -10 to 10."
    )
    assert summary(TEN, []).endswith("No vectors tested yet.")
    tested = [[1, 2, 3], [100, 0, 0], [0, 0, 11]]
    words = summary(examples([-10] * 3, [10] * 3, held_out=2), tested)
    assert words.startswith("10 examples: 8 for training, 2 held out.")
    assert words.endswith("3 vectors tested: 1 inside the range for training, 2 outside.")


def test_marks_are_inside_outside_or_beyond_the_drawing() -> None:
    markup = pairs_view(TEN, [[1, 2, 3], [12, 0, 0], [100, 0, 0]])
    kinds = [re.findall(r'class="tested (\w+)"', panel) for panel in markup.split("<svg")[1:]]
    assert kinds == [
        ["inside", "outside", "beyond"],
        ["inside", "outside", "beyond"],
        ["inside", "outside", "outside"],  # b and c of the last are 0
    ]
    assert markup.count('rotate(0)"') == 2
    for words in ("inside", "outside, a is 1.2 times", "outside, a is 10 times"):
        assert markup.count(words) >= 1


def test_an_arrow_points_to_where_the_vector_is() -> None:
    for vector, turn in (([0, 100, 0], -90), ([-100, 0, 0], 180), ([0, -100, 0], 90), ([100, 100, 0], -45)):
        first = pairs_view(TEN, [vector]).split("<svg")[1]
        assert f"rotate({turn})" in first


def test_many_examples_and_many_vectors_are_thinned(lab: TrainingService) -> None:
    known = lab.snapshot(lab.create_model("challenge").id).examples
    markup = pairs_view(known, [[1, 2, 3]] * (MAX_TESTED + 7))
    assert markup.count('class="trained"') == 3 * MAX_CURVE_POINTS
    assert markup.count('class="tested inside"') == 3 * MAX_TESTED
    assert "and 7 more vectors, counted above but not drawn." in markup
    assert "27 vectors tested: 27 inside" in markup


@given(
    st.lists(numbers, min_size=3, max_size=3),
    st.lists(numbers, min_size=3, max_size=3),
    vectors,
    st.integers(0, 3),
)
@settings(max_examples=50)
def test_whatever_the_numbers_everything_stays_in_the_drawing(
    one: list[float], other: list[float], tested: list[list[float]], held_out: int
) -> None:
    lows, highs = ([pick(pair) for pair in zip(one, other, strict=True)] for pick in (min, max))
    markup = pairs_view(examples(lows, highs, held_out), tested)
    assert well_formed(markup)
    panels = drawings(markup)
    assert len(panels) == 3
    for panel in panels:
        assert within(panel)
        for circle in panel.iter("circle"):
            assert all(0 <= float(circle.attrib.get(key, 0)) <= 240 for key in ("cx", "cy"))
        places = [node.attrib["transform"] for node in panel.iter("g") if "tested" in node.attrib["class"]]
        assert len(places) == min(len(tested), MAX_TESTED)
        for place in places:
            assert all(0 <= float(at) <= 240 for at in re.findall(r"[\d.]+", place))
