"""A running app, called with gradio_client as a notebook would."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from service import __version__
from tests.api.conftest import create
from tests.conftest import RunningApp, message_of, running_app


def test_the_lab_from_a_notebook(client: Any) -> None:
    model_id = create(client, "product", start=[3, 4], target=15)
    job = client.predict(model_id, learning_rate=3e-3, steps=1, api_name="/train")
    assert (job["status"], job["step"]) == ("succeeded", 1)
    parameters = client.predict(model_id, api_name="/parameters")
    assert {name: round(value, 4) for name, value in parameters.items()} == {"var_1": 3.072, "var_2": 4.054}
    client.predict(model_id, steps=100, api_name="/train")
    parameters = client.predict(model_id, api_name="/parameters")
    assert {name: round(value, 4) for name, value in parameters.items()} == {"var_1": 3.4505, "var_2": 4.3472}
    history = client.predict(model_id, api_name="/history")
    assert history["step"] == list(range(102))
    assert history["loss"][0] == 9.0


def test_predict(client: Any) -> None:
    model_id = create(client, "challenge", hidden=[])
    client.predict(model_id, steps=3000, api_name="/train")
    answer = client.predict(model_id, [[1, 2, 3], [40, -50, 60]], api_name="/predict")
    assert answer["inputs"] == [[1, 2, 3], [40, -50, 60]]
    assert answer["expected"] == answer["rounded"] == [[1, 2, 3, 4, 5], [40, -50, 60, 61, 62]]
    assert answer["correct"] == [True, True]
    assert answer["outputs"][0] == pytest.approx([1, 2, 3, 4, 5], abs=0.5)


def test_an_answer_beyond_64_bits_can_be_sent(client: Any) -> None:
    model_id = create(client, "challenge")
    answer = client.predict(model_id, [[1e30, 0, 0]], api_name="/predict")
    assert None in answer["rounded"][0]


def test_submit_and_stream(client: Any) -> None:
    model_id = create(client, "memorize")
    job = client.predict(model_id, steps=3000, key="once", api_name="/submit")
    again = client.predict(model_id, steps=3000, key="once", api_name="/submit")
    assert again["id"] == job["id"]
    updates = list(client.submit(job["id"], api_name="/watch"))
    assert updates[-1]["status"] == "succeeded"
    assert [update["step"] for update in updates] == sorted(update["step"] for update in updates)
    steps = [point["step"] for update in updates for point in update["points"]]
    assert steps == client.predict(model_id, api_name="/history")["step"]
    late = list(client.submit(job["id"], updates[0]["after"], api_name="/watch"))
    assert [point["step"] for point in late[0]["points"]] == steps[updates[0]["after"] :]


def test_cancel_and_rewind(client: Any) -> None:
    model_id = create(client, "product")
    job = client.predict(model_id, learning_rate=1e-6, steps=5_000_000, engine="autograd", api_name="/submit")
    for update in client.submit(job["id"], api_name="/watch"):
        if update["step"] > 0 and update["status"] == "running":
            assert client.predict(job["id"], api_name="/cancel")["status"] == "cancelled"
    assert client.predict(job["id"], api_name="/job")["status"] == "cancelled"
    assert client.predict(model_id, api_name="/rewind")["step"] == 0
    assert client.predict(model_id, api_name="/history") == {"step": [], "loss": []}


def test_who_gives_up_on_a_training_can_stop_it_and_train_again(client: Any) -> None:
    model_id = create(client, "product")
    given_up = client.submit(
        model_id, learning_rate=1e-6, steps=5_000_000, engine="autograd", api_name="/train"
    )
    while not client.predict(model_id, api_name="/history")["step"]:
        pass
    with pytest.raises(TimeoutError):
        given_up.result(timeout=0.1)
    given_up.cancel()
    message = message_of(lambda: client.predict(model_id, steps=3, api_name="/train"), AppError)
    job_id = message.partition("in job ")[2].partition(";")[0]
    assert client.predict(job_id, api_name="/job")["model_id"] == model_id
    assert client.predict(model_id, api_name="/cancel")["status"] == "cancelled"
    assert client.predict(model_id, steps=3, api_name="/train")["status"] == "succeeded"


def test_divergence_is_a_result(client: Any) -> None:
    model_id = create(client, "product")
    job = client.predict(model_id, learning_rate=0.1, api_name="/train")
    assert job["status"] == "diverged"
    assert job["error"].startswith(f"Diverged at step {job['step'] + 1}: ")


def test_optimizers_take_their_own_settings(client: Any) -> None:
    model_id = create(client, "memorize")
    job = client.predict(model_id, steps=5, momentum=0.9, settings={"nesterov": True}, api_name="/train")
    assert job["config"]["settings"] == {"momentum": 0.9, "nesterov": True, "weight_decay": 0.0}
    job = client.predict(model_id, steps=5, optimizer="adamw", api_name="/train")
    assert job["config"]["settings"] == {"betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}


def test_a_deleted_model_is_gone(client: Any) -> None:
    model_id = create(client, "product")
    client.predict(model_id, api_name="/delete_model")
    message = message_of(lambda: client.predict(model_id, api_name="/history"), AppError)
    assert message.startswith(f"model_id '{model_id}' is not known here")


def test_tasks(client: Any) -> None:
    tasks = client.predict(api_name="/tasks")
    assert [task["name"] for task in tasks] == ["product", "memorize", "challenge"]
    assert tasks[1]["training"]["steps"] == 50_000
    assert {task["version"] for task in tasks} == {__version__}


class TestBadInput:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"learning_rate": 0}, "learning_rate must be a number above 0 and at most 1000; got 0."),
            (
                {"learning_rate": "fast"},
                "learning_rate must be a number above 0 and at most 1000; got 'fast'.",
            ),
            ({"steps": 0}, "steps must be a whole number from 1 to 100,000,000 with engine compiled; got 0."),
            (
                {"steps": 1.5},
                "steps must be a whole number from 1 to 100,000,000 with engine compiled; got 1.5.",
            ),
            (
                {"steps": 100_000_001},
                "steps must be a whole number from 1 to 100,000,000 with engine compiled; got 100000001.",
            ),
            (
                {"optimizer": "lion"},
                "optimizer must be one of sgd, adam, adamw, nadam, rmsprop, adagrad; got 'lion'.",
            ),
            (
                {"optimizer": "adam", "momentum": 0.9},
                "momentum must be left out, for the optimizer adam takes only betas, eps, weight_decay; got 0.9.",
            ),
            ({"momentum": "big"}, "momentum must be a number from 0 to 1; got 'big'."),
            (
                {"momentum": 0.5, "settings": "x"},
                "settings must be the optimizer's own settings, by name; got 'x'.",
            ),
            ({"dataset": "none"}, "dataset must be one of cube, plane, positive; got 'none'."),
            ({"low": 10, "high": -10}, "low must be below the highest entry, -10; got 10."),
            ({"engine": "<b>"}, "engine must be one of compiled, autograd; got '<b>'."),
        ],
    )
    def test_training(self, client: Any, given: dict[str, Any], sentence: str) -> None:
        model_id = create(client, "challenge")
        assert message_of(lambda: client.predict(model_id, api_name="/train", **given), AppError) == sentence
        assert client.predict(model_id, api_name="/history")["step"] == []

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
    def test_numbers_that_json_does_not_have(self, app: RunningApp, client: Any, value: str) -> None:
        # gradio_client refuses to send them; a client that sends them all the same is told as well.
        model_id = create(client, "product")
        with pytest.raises(ValueError, match="JSON"):
            client.predict(model_id, learning_rate=float(value), api_name="/train")
        rest = 'null, "sgd", 0.0, "autograd", 1, "sequential", null, 1000, -10, 10, 0, null, null, 0.0'
        body = f'{{"data": ["{model_id}", {value}, {rest}]}}'.encode()
        request = urllib.request.Request(
            f"{app.address}gradio_api/call/train", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            event = json.load(response)["event_id"]
        with urllib.request.urlopen(f"{app.address}gradio_api/call/train/{event}") as response:
            stream = response.read().decode()
        assert "event: error" in stream
        assert "learning_rate must be a number above 0 and at most 1000" in stream
        assert client.predict(model_id, api_name="/history")["step"] == []

    @pytest.mark.parametrize(
        ("vectors", "words"),
        [
            ([[1, 2]], "vectors[0] must be a list of 3 finite numbers"),
            ([], "The number of vectors must be from 1 to 10,000; got 0."),
            ([[1, 2, "x"]], "vectors[0][2] must be a finite number of at most 3.4e+38; got 'x'."),
            ([[1, 2, 1e39]], "vectors[0][2] must be a finite number of at most 3.4e+38; got 1e+39."),
            ([[1, 2, 3]] * 10_001, "The number of vectors must be from 1 to 10,000; got 10001."),
        ],
    )
    def test_vectors(self, client: Any, vectors: Any, words: str) -> None:
        model_id = create(client, "challenge")
        assert message_of(
            lambda: client.predict(model_id, vectors, api_name="/predict"), AppError
        ).startswith(words)

    def test_a_busy_model(self, client: Any) -> None:
        model_id = create(client, "product")
        job = client.predict(
            model_id, learning_rate=1e-6, steps=5_000_000, engine="autograd", api_name="/submit"
        )
        assert "is training already" in message_of(
            lambda: client.predict(model_id, api_name="/train"), AppError
        )
        client.predict(job["id"], api_name="/cancel")

    @pytest.mark.parametrize("endpoint", ["/parameters", "/history", "/rewind", "/delete_model", "/train"])
    def test_ids(self, client: Any, endpoint: str) -> None:
        message = message_of(lambda: client.predict("../etc", api_name=endpoint), AppError)
        assert message == "model_id must be the id of a model, 32 hexadecimal digits; got '../etc'."


def test_a_killed_server_resumes_at_its_last_checkpoint(tmp_path: Path) -> None:
    with running_app(tmp_path) as first:
        client: Any = Client(first.address, verbose=False)
        model_id = create(client, "memorize")
        training = {"steps": 2_000, "optimizer": "adam", "learning_rate": 1e-3, "engine": "autograd"}
        job = client.predict(model_id, **training, api_name="/submit")
        next(update for update in client.submit(job["id"], api_name="/watch") if update["step"] > 0)
        first.kill()
    with running_app(tmp_path) as second:
        client = Client(second.address, verbose=False)
        *_, last = client.submit(job["id"], api_name="/watch")
        assert (last["status"], last["step"]) == ("succeeded", 2_000)
        resumed = client.predict(model_id, api_name="/parameters")
        whole = create(client, "memorize")
        client.predict(whole, **training, api_name="/train")
        assert client.predict(whole, api_name="/parameters") == resumed


def test_a_second_server_on_the_same_folder_says_so(app: RunningApp) -> None:
    with pytest.raises(
        AssertionError, match=f"Another Backprop Lab is using {app.data}; stop it, or set LAB_DATA"
    ) as caught:
        running_app(app.data).__enter__()
    assert "Traceback" not in str(caught.value)


def test_a_bad_port_says_so(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="PORT must be a whole number from 1 to 65535; got 'x'"):
        running_app(tmp_path, PORT="x").__enter__()


def test_a_taken_port_says_so(app: RunningApp, tmp_path: Path) -> None:
    taken = f"Port {app.port} is taken; set PORT to another"
    with pytest.raises(AssertionError, match=taken) as caught:
        running_app(tmp_path, PORT=str(app.port)).__enter__()
    assert "Traceback" not in str(caught.value)
