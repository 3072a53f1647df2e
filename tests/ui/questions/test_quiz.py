"""The questions on the page: asked by the chapters, run once they are answered, and asked again later."""

from html import unescape
from typing import Any

import gradio as gr
import pytest

from service import InvalidInput, TrainingService
from tests.conftest import run_async
from tests.ui.questions.asked import TASKS
from ui import build_ui
from ui.questions import quiz
from ui.questions.registry import QUESTIONS, RETURNING


@pytest.fixture
def page(lab: TrainingService) -> gr.Blocks:
    return build_ui(lab)


def chosen(choice: object) -> gr.EventData:
    return gr.EventData(None, {"choice": choice})


def places(page: gr.Blocks) -> dict[str, gr.HTML]:
    """The questions laid out, by the name under which their answers are kept."""
    found = {str(getattr(each, "elem_id", None)): each for each in page.blocks.values()}
    return {
        name.removesuffix("-question"): each
        for name, each in found.items()
        if name.endswith("-question") and isinstance(each, gr.HTML)
    }


def answer(page: gr.Blocks, name: str, choice: object, kept: Any) -> dict[Any, Any]:
    """What the page's own handler gives for that choice, by the component."""
    place = places(page)[name]
    (event,) = [
        each
        for each in page.fns.values()
        if getattr(each.fn, "__name__", None) == "settle" and place in each.outputs
    ]
    assert event.fn is not None
    return run_async(event.fn(kept, chosen(choice)))


def shown(updates: dict[Any, Any], page: gr.Blocks, name: str) -> str:
    return unescape(updates[places(page)[name]])


def kept_in(updates: dict[Any, Any]) -> dict[str, Any]:
    (kept,) = [value for component, value in updates.items() if isinstance(component, gr.BrowserState)]
    return kept


ASKED = {
    "tensors": {"shapes", "types"},
    "autograd": {"orders", "rates", "falling", "resets", "momentum"},
    "module": {"losses", "shapes-again"},
    "training": {"seeds", "memorizing", "vanishing"},
    "challenge": {"rank", "extrapolating", "tuning"},
    "mistakes": {"rates-again"},
    "runs": {"rank-again"},
}
"""Each before what would tell its answer: those on a missing Reset stand where the loop without it is run."""


def test_every_question_is_asked_once_where_nothing_has_told_its_answer(page: gr.Blocks) -> None:
    assert len(QUESTIONS) == 14
    assert set(places(page)) == {*QUESTIONS, *map(quiz.returned, RETURNING)}
    columns = [
        each
        for each in page.blocks.values()
        if isinstance(each, gr.Column) and "questions" in (each.elem_classes or [])
    ]
    asked = [
        {str(getattr(child, "elem_id", "")).removesuffix("-question") for child in column.children}
        for column in columns
    ]
    assert sorted(map(sorted, asked)) == sorted(map(sorted, ASKED.values()))


def test_run_waits_for_a_choice(page: gr.Blocks) -> None:
    for name in QUESTIONS:
        markup = places(page)[name].value
        assert "Choose first" in markup
        assert "disabled" in markup.split("question-run")[1].split(">")[0]
        assert "<details" in markup
        assert " open" not in markup.split(">")[0]
        assert "checked" not in markup


@pytest.mark.parametrize("choice", [-1, 3])
def test_without_a_choice_nothing_is_run(
    page: gr.Blocks, lab: TrainingService, choice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "create_model", lambda *_, **__: pytest.fail("it was run"))
    assert set(answer(page, "rank", choice, {})) == {places(page)["rank"]}


@pytest.mark.parametrize("choice", [None, "0", [0]])
def test_what_no_question_tells_is_refused(page: gr.Blocks, choice: object) -> None:
    with pytest.raises(InvalidInput, match="load the page again"):
        answer(page, "rank", choice, {})


def test_the_first_answer_counts_and_others_are_replied_to(page: gr.Blocks) -> None:
    first = answer(page, "rates", 0, {})
    assert 'data-verdict="wrong"' in shown(first, page, "rates")
    assert "100 of them at 0.00001" in shown(first, page, "rates")
    second = answer(page, "rates", 1, kept_in(first))
    assert 'data-verdict="right"' in shown(second, page, "rates")
    assert "The score counts your first answer." in shown(second, page, "rates")
    assert kept_in(second) == kept_in(first) == {"rates": {"state": "wrong", "choice": 0}}
    assert "1 of 14 predicted, 0 right" in "".join(map(str, second.values()))


@pytest.mark.parametrize("name", RETURNING)
def test_what_comes_back_has_other_numbers_and_its_own_right_answer(page: gr.Blocks, name: str) -> None:
    original, variants = QUESTIONS[name], RETURNING[name]
    texts = {original.text, *(each.text for each in variants)}
    assert len(texts) == len(variants) + 1
    assert len({len(each.choices) for each in (original, *variants)}) == 1
    again = quiz.returned(name)
    assert not places(page)[again].value
    for choice in range(len(variants)):
        kept = {name: {"state": "wrong", "choice": choice}}
        variant = variants[choice]
        verdicts = [answer(page, again, each, kept) for each in range(len(variant.choices))]
        right = [kept_in(each)[again]["state"] == "right" for each in verdicts]
        assert right.count(True) == 1
        assert variant.title in shown(verdicts[0], page, again)
        assert all("1 of 3 asked again" in "".join(map(str, each.values())) for each in verdicts)


def test_a_variant_comes_into_sight_with_the_answer_to_its_question(page: gr.Blocks) -> None:
    place = places(page)["rank-again"]
    (event,) = [
        each
        for each in page.fns.values()
        if getattr(each.fn, "__name__", None) == "follow" and place in each.outputs
    ]
    assert event.fn is not None

    def followed(kept: Any) -> Any:
        assert event.fn is not None
        given = run_async(event.fn(kept))
        return unescape(given) if isinstance(given, str) else given

    assert RETURNING["rank"][1].title in followed({"rank": {"state": "wrong", "choice": 1}})
    assert RETURNING["rank"][0].title in followed({"rank": "right"})
    assert not isinstance(followed({}), str)
    assert not isinstance(followed({"rank": "right", "rank-again": "right"}), str)


def test_those_that_train_have_the_task_of_their_chapter(lab: TrainingService, page: gr.Blocks) -> None:
    made: list[str] = []
    create = lab.create_model

    def note(task: str, **options: Any) -> Any:
        made.append(task)
        return create(task, **options)

    lab.create_model = note  # pyright: ignore[reportAttributeAccessIssue]
    for name in QUESTIONS:
        made.clear()
        answer(page, name, 0, {})
        assert set(made) == ({TASKS[name]} if name in TASKS else set())
