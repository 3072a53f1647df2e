"""Requests that nobody should send: none fails, stays without words, leaves a traceback, or tells of others.

LAB_FUZZ_REQUESTS sets how many there are.
"""

import json
import os
import random
import statistics
from typing import Any
from uuid import uuid4

from tests.api.conftest import create
from tests.api.fuzzing import fuzz
from tests.api.raw import Answer, Sent, has_words, post_json, send
from tests.conftest import RunningApp

REQUESTS = int(os.environ.get("LAB_FUZZ_REQUESTS", "300"))


def upload(app: RunningApp, name: str, content: bytes) -> str:
    """The path under which the app keeps a file that was uploaded."""
    part = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
    sent = Sent(
        b"POST",
        b"/gradio_api/upload",
        ((b"Content-Type", b"multipart/form-data; boundary=x"),),
        part + content + b"\r\n--x--\r\n",
    )
    return str(post_answer(send(app.address, sent))[0])


def post_answer(answer: Answer) -> Any:
    """What an answer that is no refusal says."""
    assert answer.status == 200, answer
    return json.loads(answer.body)


def test_generated_requests(app: RunningApp, client: Any) -> None:
    secret = uuid4().hex
    model_id = create(client, "product")
    path = upload(app, "mine.csv", secret.encode())
    said = app.output.count("Traceback")
    outcome = fuzz(app.address, REQUESTS, seed=random.randrange(2**32), secrets=[secret, model_id, path])
    assert not outcome.faults, str(outcome)
    assert app.output.count("Traceback") == said, app.output[-5000:]
    assert client.predict("product", api_name="/create_model")["task"] == "product"


def test_nothing_is_found_by_guessing(app: RunningApp, client: Any) -> None:
    create(client, "product")
    upload(app, "mine.csv", b"a,b,c")
    guesses = {
        "event": lambda: send(app.address, Sent(b"GET", f"/gradio_api/call/train/{uuid4().hex}".encode())),
        "session": lambda: send(app.address, Sent(b"GET", f"/gradio_api/queue/data?session_hash={uuid4().hex}".encode())),
        "file": lambda: send(app.address, Sent(b"GET", f"/gradio_api/file=/tmp/gradio/{uuid4().hex}/mine.csv".encode())),
        "model": lambda: post_json(app.address, "/lab/predict", {"model_id": uuid4().hex, "vectors": "1,2,3"}),
    }  # fmt: skip
    for kind, guess in guesses.items():
        answers = [guess() for _ in range(max(5, REQUESTS // 20))]
        assert {answer.status for answer in answers} <= {200, 400, 403, 404}
        assert all(has_words(answer.body) for answer in answers), kind
        # But for the id, which it repeats, each answer is the same.
        assert len({len(answer.body) for answer in answers}) == 1, kind
        assert statistics.median(answer.seconds for answer in answers) < 0.5
