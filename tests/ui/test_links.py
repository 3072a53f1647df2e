"""What a link's values come to: each is used that can be, and each that cannot is named."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from starlette.datastructures import QueryParams

from service import TrainingConfig
from tests.conftest import run_async
from ui.fields import Data, Field, Fields, meant, number
from ui.links import unknown, usable

FIELDS: Fields = {
    "learning_rate": number("Learning rate", 0.1, "training"),
    "steps": number("Steps", 10, "training"),
    "low": number("Lowest", -10, "training"),
    "high": number("Highest", 10, "training"),
    "order": Field(gr.Radio(["sequential", "shuffled"]), "training"),
}


def asked(query: str) -> Any:
    return SimpleNamespace(query_params=QueryParams(query))


def used(query: str) -> tuple[dict[str, Any], list[str]]:
    """The values that are used, by name, and the sentences about the others."""

    def read(values: Data) -> dict[str, Any]:
        return {
            name: field.read(values[field.component])
            for name, field in FIELDS.items()
            if field.component in values
        }

    async def check(values: Data) -> None:
        TrainingConfig.parse({"learning_rate": 0.1, "steps": 10, "engine": "compiled", **read(values)})

    values, refused = run_async(usable("c", FIELDS, asked(query), check))
    return read(values), [str(error) for error in refused]


@pytest.mark.parametrize(
    ("query", "values", "named"),
    [
        ("chapter=c&learning_rate=0.5&steps=3", {"learning_rate": 0.5, "steps": 3}, []),
        ("chapter=d&learning_rate=0.5", {}, []),
        ("chapter=c&learning_rate=0.5&steps=-5", {"learning_rate": 0.5}, ["steps must be a whole number"]),
        ("chapter=c&learning_rate=&steps=3", {"steps": 3}, ["learning_rate must be a number"]),
        ("chapter=c&learning_rate=%FF%00&order=up&steps=3", {"steps": 3}, ["order must be", "learning_rate must be"]),
        ("chapter=c&steps=3&steps=4&learning_rate=1", {"learning_rate": 1}, ["steps must be given once"]),
        ("chapter=c&steps=3&steps=3", {"steps": 3}, []),
        ("chapter=c&low=5&high=3&steps=3", {"high": 3, "steps": 3}, ["low must be below the highest entry, 3; got 5."]),
        ("chapter=c&learning_rate=1e400&steps=nan&low=-3", {"low": -3}, ["learning_rate must", "steps must"]),
        ("chapter=c&utm_source=mail&steps=3", {"steps": 3}, []),
    ],
)  # fmt: skip
def test_the_good_values_are_used_and_the_others_named(query: str, values: Any, named: list[str]) -> None:
    found, sentences = used(query)
    assert found == values
    assert len(sentences) == len(named)
    assert all(any(each.startswith(words) for each in sentences) for words in named)


def test_a_long_value_is_cut() -> None:
    _, (sentence,) = used(f"chapter=c&steps={'9' * 10_000}x")
    assert len(sentence) < 200


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("", []),
        ("hide=anything", []),
        ("chapter=c&hide=steps,low&other=1", []),
        ("chapter=x", ["chapter must be one of c, d; got 'x'."]),
        ("chapter=c&hide=foo,steps", ["hide must be one of steps, low; got 'foo'."]),
        ("chapter=d&hide=steps", ["hide must be left out, for this chapter has no controls to hide; got 'steps'."]),
    ],
)  # fmt: skip
def test_unknown_chapters_and_names_are_named(query: str, sentences: list[str]) -> None:
    assert [str(each) for each in unknown({"c": ["steps", "low"], "d": []}, asked(query))] == sentences


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("start", ["start.0", "start.1"]),
        ("optimizer", ["optimizer"]),
        ("momentum", ["optimizer.momentum"]),
        ("vectors[3][1]", ["vectors"]),
        ("The number of vectors", ["vectors"]),
        ("The CSV", []),
    ],
)
def test_an_error_says_which_controls_it_is_about(field: str, names: list[str]) -> None:
    known = ["start.0", "start.1", "optimizer", "optimizer.momentum", "vectors", "steps"]
    assert meant(field, known) == names
