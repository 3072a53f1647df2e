"""The calls for what a bench shows: each text runs as it stands, and does what the bench did."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from hypothesis import given
from hypothesis import strategies as st
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from service import Catalog, Limits, TrainingService
from service.tasks import TASKS as KINDS
from service.training.requests import model_options, step_limits, training_config
from tests.conftest import RunningApp, run_async
from ui.calls import ADDRESS, MAX_TRAININGS, Asked, Called, Snippet, called_for, snippets

CATALOG = Catalog({"compiled": 10**9, "autograd": 10**6}, Limits())
TASKS = ["product", "memorize", "challenge"]
"""What the benches train."""


def usual(task: str) -> Called:
    """What is called for before anything has been made: the task with its defaults."""
    config = training_config(KINDS[task], {}, step_limits())
    return called_for(CATALOG, task, (model_options(KINDS[task], {}).model_dump(mode="json"), 0, config))


def asked(lab: TrainingService, task: str, **given: Any) -> Asked:
    """What a bench asks for that is set to this training."""
    return lab.descriptions.asked(task, {}, given)


def by_name(called: Called) -> dict[str, Snippet]:
    return {each.name: each for each in snippets(called)}


def run(snippet: Snippet, address: str, folder: Path) -> str:
    """What the snippet prints, run by a fresh interpreter, or by bash."""
    code = snippet.code.replace(ADDRESS, address.rstrip("/"))
    command = ["bash", "-c", code] if snippet.client == "curl" else [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shorter(called: Called) -> Called:
    """With fewer steps."""
    return replace(called, trainings=[{**each, "steps": 50} for each in called.trainings])


@pytest.mark.parametrize("task", TASKS)
def test_what_no_bench_has_trained_yet_trains_with_the_tasks_defaults(task: str) -> None:
    called = usual(task)
    (info,) = [each for each in CATALOG.tasks() if each.name == task]
    assert called.model == {"task": task, **info.options, "seed": 0}
    assert called.trainings == [{name: info.training[name] for name in ("learning_rate", "steps")}]
    assert list(by_name(called)) == ["train", "watch", "sweep", "curl", "agents"]


@pytest.mark.parametrize("name", ["train", "watch", "sweep", "curl"])
@pytest.mark.parametrize("task", TASKS)
def test_each_runs_as_it_stands(task: str, name: str, app: RunningApp, tmp_path: Path) -> None:
    said = run(by_name(shorter(usual(task)))[name], app.address, tmp_path)
    assert "succeeded" in said
    assert ("float32 can add" in said) == (task == "challenge" and name == "train")


def test_the_model_on_the_bench_is_asked_by_its_id(app: RunningApp, tmp_path: Path) -> None:
    model = Client(app.address, verbose=False).predict(task="memorize", api_name="/create_model")
    called = replace(usual("memorize"), model_id=model["id"])
    assert re.search(r"^\[\[.+\]\]$", run(by_name(called)["ask"], app.address, tmp_path), re.MULTILINE)


async def tools_at(address: str) -> list[str]:
    async with streamable_http_client(address) as (read, write, _), ClientSession(read, write) as session:
        await session.initialize()
        return [tool.name for tool in (await session.list_tools()).tools]


def test_agents_find_the_tools_at_the_address(app: RunningApp) -> None:
    code = by_name(usual("product"))["agents"].code
    server = json.loads(code.replace(ADDRESS, app.address.rstrip("/")))
    assert "create_model" in run_async(tools_at(server["mcpServers"]["backprop-lab"]["url"]))


def ended(lab: TrainingService) -> str:
    """A model with trainings of all kinds: one that was trained on, with settings of its own."""
    model = lab.create_model("challenge", hidden=[3], seed=7)
    lab.train(
        model.id, steps=30, optimizer="adam", settings={"betas": [0.8, 0.99]}, batch_size=4, order="shuffled"
    )
    lab.train(model.id, steps=20, engine="autograd", held_out=0.2, learning_rate=1e-4)
    return model.id


def test_the_calls_end_at_the_same_bits(lab: TrainingService) -> None:
    shown = lab.snapshot(ended(lab))
    called = called_for(lab.catalog, "challenge", asked(lab, "challenge"), shown)
    again = lab.create_model(**called.model)
    for training in called.trainings:
        lab.train(again.id, **training)
    assert lab.snapshot(again.id).fingerprint == shown.fingerprint
    first, second = called.trainings
    assert set(first) == {"learning_rate", "steps", "optimizer", "settings", "batch_size", "order"}
    assert set(second) == {"learning_rate", "steps", "engine", "held_out"}


def test_a_model_that_has_not_been_trained_is_trained_as_the_bench_is_set(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[4], seed=5)
    held = asked(lab, "challenge", steps=70, optimizer="adam", batch_size=8)
    called = called_for(lab.catalog, "challenge", held, lab.snapshot(model.id))
    assert (called.model["hidden"], called.model["seed"], called.model_id) == ([4], 5, model.id)
    (training,) = called.trainings
    assert training == {"learning_rate": 1e-3, "steps": 70, "optimizer": "adam", "batch_size": 8}
    (again,) = called_for(lab.catalog, "challenge", held).trainings
    assert again == training


def test_a_training_that_ended_early_is_told_as_far_as_it_came(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    job = lab.train(model.id, learning_rate=1.0, steps=500)
    assert job.status == "diverged"
    (training,) = called_for(
        lab.catalog, "memorize", asked(lab, "memorize"), lab.snapshot(model.id)
    ).trainings
    assert training["steps"] == job.step < 500


def test_what_calls_cannot_make_again_is_only_asked(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    for _ in range(MAX_TRAININGS + 1):
        lab.train(model.id, steps=1)
    called = called_for(lab.catalog, "memorize", asked(lab, "memorize"), lab.snapshot(model.id))
    assert list(by_name(called)) == ["ask", "agents"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    max_leaves=8,
)


@given(values)
def test_a_value_is_written_as_python_reads_it(value: Any) -> None:
    called = usual("product")
    code = by_name(replace(called, model={**called.model, "start": value}))["train"].code
    found: dict[str, Any] = {}

    class Lab:
        def predict(self, *_: Any, api_name: str, **given: Any) -> Any:
            found.update(given if api_name == "/create_model" else {})
            return {"id": "", "status": "", "step": 0, "loss": 0}

    exec(code.partition("\n\n")[2].replace(f'lab = Client("{ADDRESS}")', ""), {"lab": Lab()})
    assert found["start"] == value
