"""What the page's scripts fetch by themselves."""

import gzip
import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from service import EXERCISES
from tests.conftest import RunningApp

OF = {"task": "memorize", "options": {}, "config": {}}


def fetch(app: RunningApp, path: str, **query: str) -> tuple[int, Any, bytes]:
    url = f"{app.address.rstrip('/')}/lab/{path}?{urlencode(query)}"
    try:
        with urlopen(Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_training_is_described_and_compressed(app: RunningApp) -> None:
    status, headers, body = fetch(app, "training", of=json.dumps(OF), seed="7")
    assert (status, headers["Content-Type"], headers["Content-Encoding"]) == (200, "application/json", "gzip")
    assert json.loads(gzip.decompress(body))["widths"] == [3, 2, 5]


@pytest.mark.parametrize(
    ("asked", "seed", "words"),
    [
        ("", "0", 'of must be JSON with a "task" and its "options" and "config"; got \'\'.'),
        ("[1]", "0", 'of must be JSON with a "task" and its "options" and "config"; got'),
        (json.dumps(OF | {"task": "x"}), "0", "task must be one of product, memorize, challenge; got 'x'."),
        (json.dumps(OF | {"options": {"hidden": [0]}}), "0", "hidden"),
        (json.dumps(OF | {"config": {"steps": -1}}), "0", "steps must be a whole number from 1 to"),
        ("[" * 20_000, "0", 'of must be JSON with a "task" and its "options" and "config"; got'),
        (json.dumps(OF), "x", "seed must be a whole number from 0 to 4,294,967,295; got 'x'."),
        (json.dumps(OF), "9" * 5000, "seed must be a whole number from 0 to 4,294,967,295; got Infinity."),
    ],
)
def test_what_cannot_be_described_is_refused_in_a_sentence(
    app: RunningApp, asked: str, seed: str, words: str
) -> None:
    status, _, body = fetch(app, "training", of=asked, seed=seed)
    assert status == 400
    assert words in json.loads(body)["detail"]


@pytest.mark.parametrize("file", ["trainer.js", "training_worker.js", "kernels/network_kernel.fused.wasm"])
def test_scripts_and_kernels_are_compressed(app: RunningApp, file: str) -> None:
    status, headers, _ = fetch(app, f"static/{file}")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")


def test_there_is_nothing_else(app: RunningApp) -> None:
    assert fetch(app, "static/../app.py")[0] == 404
    assert fetch(app, "elsewhere")[0] == 404


def test_what_there_is_to_write_is_told_with_hints_and_solutions(app: RunningApp) -> None:
    status, headers, body = fetch(app, "exercises")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    told = json.loads(gzip.decompress(body))["exercises"]
    assert set(told) == {"own", *EXERCISES}
    assert told["order"]["solution"] == EXERCISES["order"].solution
