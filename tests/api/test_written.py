"""Programs over HTTP, as the page's scripts have them run."""

import json
from typing import Any

import httpx
import pytest

from tests.conftest import RunningApp
from tests.service.sandbox.conftest import ENDLESS, PRODUCT

NETWORK = """\
import torch
my_network = torch.nn.Linear(3, 5)
with torch.no_grad():
    my_network.weight.copy_(torch.tensor([[1., 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]]))
    my_network.bias.copy_(torch.tensor([0., 0, 0, 1, 2]))
"""


def post(app: RunningApp, path: str, **asked: Any) -> httpx.Response:
    return httpx.post(f"{app.address}lab/{path}", json=asked, timeout=120)


def events(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    parts = response.text.split("\n\n")[:-1]
    return [json.loads(part.removeprefix("data: ")) for part in parts]


def test_a_program_is_run_and_told(app: RunningApp) -> None:
    *progress, last = events(post(app, "run", program=PRODUCT.format(rounds=100)))
    assert progress[0] == {
        "progress": {"line": None, "round": None, "rounds": None, "shown": [], "waiting": True}
    }
    (shown,) = last["end"]["report"]["shown"]
    assert (shown["line"], shown["kind"]) == (10, "printed")
    assert shown["text"].startswith("tensor(3.4505")
    assert len(last["end"]["report"]["losses"]) == 100
    assert 'class="loss-plot"' in last["curve"]
    assert last["outcome"] == ""


def test_a_network_comes_with_its_certificate_and_can_be_asked(app: RunningApp) -> None:
    last = events(post(app, "run", program=NETWORK))[-1]
    assert "Proved up to" in last["outcome"]
    assert "my_network" in last["outcome"]
    answered = post(app, "predict", model_id=last["end"]["model_id"], vectors="1 2 3\n7 8 9").json()
    assert "2 of 2 right" in answered["html"]


@pytest.mark.parametrize(
    ("path", "asked", "words"),
    [
        ("run", {}, "program must be a text; got null."),
        ("run", {"program": 3}, "program must be a text; got 3."),
        ("run", {"program": "x" * 20_001}, "program must be a text of at most 20,000 characters; got"),
        ("run", {"program": "x" * 300_000}, "The request must be at most 200,000 bytes; got"),
        ("check", {"exercise": "nothing", "program": "1"}, "exercise must be one of "),
        ("predict", {"model_id": "x", "vectors": "1 2 3"}, "model_id must be the id of a model"),
        ("predict", {"model_id": "0" * 32, "vectors": "one"}, "vectors, line 1, must be numbers such as"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(
    app: RunningApp, path: str, asked: dict[str, Any], words: str
) -> None:
    response = post(app, path, **asked)
    assert response.status_code == 400
    assert response.json()["refused"].startswith(words)


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"[" * 100_000])
def test_what_is_no_json_is_refused_so_too(app: RunningApp, body: bytes) -> None:
    response = httpx.post(f"{app.address}lab/run", content=body)
    assert response.status_code == 400
    assert response.json()["refused"].startswith("The request must be JSON with names and values; got")


def test_who_goes_away_ends_the_program(app: RunningApp) -> None:
    asked = {"program": ENDLESS, "owner": "one"}
    with httpx.stream("POST", f"{app.address}lab/run", json=asked, timeout=60) as response:
        lines = response.iter_lines()
        while "begun" not in next(lines):
            pass
    # An owner has one program at a time: this one runs only once the other has ended, in time.
    post_after = events(post(app, "run", program="print('after')", owner="one"))
    assert post_after[-1]["end"]["report"]["shown"][0]["text"] == "after\n"
