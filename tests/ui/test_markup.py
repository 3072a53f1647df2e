"""Markup: what an element looks like, and that no text from outside ever becomes one."""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import (
    MISTAKES,
    Dataset,
    ExampleSet,
    InvalidInput,
    JobStatus,
    RitualOptions,
    TrainingService,
    calculate,
    dissect,
    press_through,
    race,
)
from tests.conftest import ROOT
from ui.components import number_slider
from ui.components.certificate import certificate_panel
from ui.components.courses import race_panel
from ui.components.examples_view import examples_table
from ui.components.formulas import formulas
from ui.components.layers import layers_panel, parameters_list
from ui.components.mistake import mistake_panel
from ui.components.network_drawing import Column, network_drawing
from ui.components.panels import parameters_panel, status_panel
from ui.components.program import program_panel
from ui.components.question import question_panel, verdict_panel
from ui.components.runs_compared import compared_panel
from ui.components.runs_listing import Listing
from ui.components.runs_table import runs_table
from ui.components.share import share_panel, verdict
from ui.components.tensor_drawing import tensor_drawing
from ui.components.text import code_marked
from ui.data_part import kept_message
from ui.fields import Field
from ui.links import link
from ui.markup import Markup, join, tag
from ui.refusals import refusal

SOURCES = sorted((ROOT / "ui").rglob("*.py"))
HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "' onclick='x",
    "&lt;b&gt;",
    "</td>",
]

hostile = st.one_of(st.sampled_from(HOSTILE), st.text(st.sampled_from("<>&\"'/=;! ax"), min_size=1))


class TestTag:
    def test_the_kind_is_the_name_and_the_classes(self) -> None:
        assert tag("p") == "<p></p>"
        assert tag("ul.key.two") == '<ul class="key two"></ul>'
        assert tag("li.") == "<li></li>"
        assert tag("br") == "<br>"

    def test_attributes_are_spelled_as_in_html(self) -> None:
        assert tag("label", for_="a", data_step=3) == '<label for="a" data-step="3"></label>'
        assert tag("svg", viewBox="0 0 1 1") == '<svg viewBox="0 0 1 1"></svg>'
        assert tag("input", checked=True, disabled=False, value=None) == "<input checked>"
        assert tag("input", value="", min=0) == '<input value="" min="0">'

    def test_children_are_text_markup_or_many_of_them(self) -> None:
        assert tag("p", "a < b", 3, tag("b", "!")) == "<p>a &lt; b3<b>!</b></p>"
        assert tag("ul", (tag("li", each) for each in "ab")) == "<ul><li>a</li><li>b</li></ul>"
        assert tag("p", None, False, "", []) == "<p></p>"
        assert join("<", [tag("i"), ("&",)]) == "&lt;<i></i>&amp;"

    @given(hostile)
    def test_text_stays_text_and_a_value_stays_a_value(self, text: str) -> None:
        markup = tag(f"p.{text.replace('.', '')}", text, title=text)
        assert tags(markup) == [("p", ("class", "title"))]
        assert text in texts(markup)
        assert join(join(text)) == join(text)

    @given(hostile)
    def test_what_was_put_together_by_hand_is_not_trusted(self, text: str) -> None:
        assert tags(tag("p", f"{tag('b', text)}")) == [("p", ())]
        assert tags(tag("b", text) + text) == [("b", ())]


class _Reader(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.texts += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def tags(markup: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements, each with the names of its attributes."""
    return _Reader(markup).tags


def texts(markup: str) -> str:
    """Everything that is read, by eye or from an attribute."""
    return "\n".join(_Reader(markup).texts)


Draw = Callable[[str], str]
OPTIONS = RitualOptions()
BOX: Any = gr.Textbox(label="Learning rate", elem_id="a-rate")


def lesson_drawings() -> dict[str, Draw]:
    """The components of the lessons, with a text from torch or from a learner in them."""
    before, after = press_through(OPTIONS, "F")
    courses = race(OPTIONS, 3)
    calculation = calculate("[1, 2]", "+", "[3, 4]")
    assert calculation.result is not None
    result, dissection = calculation.result, dissect([2], "none", 0, [1.0, 2.0, 3.0])
    mistake = next(iter(MISTAKES.values()))
    return {
        "formulas": lambda text: formulas(OPTIONS, before, replace(after, press="B", error=text)),
        "race_panel": lambda text: race_panel([replace(course, error=text) for course in courses], 15.0),
        "a result": lambda text: tensor_drawing(
            replace(calculation, result=replace(result, printed=text), notes=(text,))
        ),
        "an error": lambda text: tensor_drawing(
            replace(calculation, result=None, sources=(), error=text, reason=text)
        ),
        "layers_panel": lambda text: layers_panel(replace(dissection, answer=text)),
        "parameters_list": lambda text: parameters_list(
            replace(dissection, printed=text, parameters=((text, (2, 3)),))
        ),
        "network_drawing": lambda text: network_drawing([1.0], [Column(text, [[1.0]], [0.0], [1.0])]),
        "mistake_panel": lambda text: mistake_panel(
            replace(mistake, title=text, task=text, solution=f"a\n{text}"), runs=True
        ),
        "mistake_panel, shown": lambda text: mistake_panel(
            replace(mistake, task=text, start=f"a\n{text}", hints=(text, text)), runs=False
        ),
        "verdict_panel": lambda text: verdict_panel(text, text + ".", text),
        "question_panel": lambda text: question_panel(text, text, text, [text]),
        "program_panel": lambda text: program_panel(text, text),
        "code_marked": code_marked,
        "number_slider": lambda text: number_slider.markup(text, text, 1.0, 0.1, 2.0, False, 0.1),
    }


def bench_drawings(service: TrainingService) -> dict[str, Draw]:
    """The components of the benches, with a name, a note or an error in them."""
    model = service.create_model("challenge", hidden=[3])
    job = service.train(model.id, steps=10)
    service.runs.keep("e" * 32, model.id)
    (run,) = service.runs.all("e" * 32)
    now, engines = service.snapshot(model.id), service.catalog.engines()
    history, certificate = now.history, now.certify()
    examples = ExampleSet(
        source="", inputs=[[1, 2, 3]], targets=[[1]], held_out=[False], lows=[1, 2, 3], highs=[1, 2, 3]
    )
    failed: dict[str, Any] = {"status": JobStatus.failed}

    def two_runs(text: str) -> str:
        runs = [run.model_copy(update={"name": text, "sweep": str(number)}) for number in range(2)]
        return compared_panel(runs, {model.id: history}, {}, {})

    return {
        "status_panel": lambda text: status_panel(
            model, job.model_copy(update=failed | {"error": text, "note": text})
        ),
        "runs_table": lambda text: runs_table(
            [run.model_copy(update={"name": text})], {}, {}, Listing(), [model.id], {}
        ),
        "compared_panel": two_runs,
        "parameters_panel": lambda text: parameters_panel({text: [1.0]}, {}),
        "examples_table": lambda text: examples_table(examples.model_copy(update={"source": text})),
        "certificate_panel": lambda text: certificate_panel(
            certificate.model_copy(update={"sentence": text})
        ),
        "share_panel": lambda text: share_panel("challenge", text, text, text, [text]),
        "verdict": lambda text: verdict("claimed", text, [], engines),
        "kept_message": lambda text: kept_message(Dataset(name="a" * 16, examples=2, notes=[text])),
        "refusal": lambda text: refusal(InvalidInput("learning_rate", text, text), {"learning_rate": BOX}),
        "link": lambda text: link(text, text, {text: Field(BOX, "lesson")}, {BOX: text}),
    }


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Draw]:
    """By the component's name: the component with a text from outside in it."""
    with TrainingService(tmp_path_factory.mktemp("lab"), workers=1) as service:
        return lesson_drawings() | bench_drawings(service)


@given(text=hostile)
def test_no_text_from_outside_becomes_an_element(drawings: dict[str, Draw], text: str) -> None:
    for name, draw in drawings.items():
        markup = draw(text)
        assert isinstance(markup, Markup), name
        assert tags(markup) == tags(draw("x")), name
        shown = texts(markup)
        assert text in shown or json.dumps(text)[1:-1] in shown, name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_markup_is_made_in_one_way(path: Path) -> None:
    if path == ROOT / "ui" / "markup.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            literals = [str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values]
            assert not re.search("<[a-z/]", "".join(literals), re.IGNORECASE)
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [getattr(node, "module", None), *(alias.name for alias in node.names)]
            assert not {"html", "markupsafe"} & set(modules)
