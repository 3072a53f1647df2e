"""What the browser keeps: first answers count, old ones can be read, and a variant is drawn from them."""

from typing import Any

import pytest

from ui.questions.answers import Answer, Score, drawn, kept_answers, read_answers, score_of
from ui.questions.quiz import score


def test_the_first_answer_stays() -> None:
    kept = kept_answers({}, "rates", Answer("wrong", 3))
    assert read_answers(kept) == {"rates": Answer("wrong", 3)}
    assert kept_answers(kept, "rates", Answer("right", 1)) == kept
    assert set(kept_answers(kept, "rank", Answer("right", 0))) == {"rates", "rank"}


def test_answers_of_earlier_versions_can_be_read() -> None:
    old = {"tensors": "right", "module": "wrong", "rates": "skipped", "rank": "right"}
    assert read_answers(old)["rates"] == Answer("skipped")
    assert score(old) == Score(2, 1, 14, 0, 3)
    assert kept_answers(old, "rank", Answer("wrong", 2)) == old


@pytest.mark.parametrize(
    "kept", [None, "text", [], {"rates": 5}, {"rates": "great"}, {"rates": {"state": "right"}}]
)
def test_what_cannot_be_read_is_left_out(kept: Any) -> None:
    assert read_answers(kept) == {}
    assert kept_answers(kept, "rates", Answer("right", 1))["rates"] == {"state": "right", "choice": 1}


def test_the_score_counts_first_answers_and_those_asked_again() -> None:
    answers = {"a": Answer("right"), "b": Answer("wrong"), "a-again": Answer("right"), "old": Answer("right")}
    assert score_of(answers, ["a", "b", "c"], ["a-again", "b-again"]) == Score(2, 1, 3, 1, 2)


def test_a_variant_is_drawn_from_the_first_answer_alone() -> None:
    assert [drawn("xyz", Answer("wrong", choice)) for choice in range(4)] == ["x", "y", "z", "x"]
