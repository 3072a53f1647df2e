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
from tests.api.guessing import KINDS, amiss, guess
from tests.api.raw import Answer, Sent, send
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
    for kind in KINDS:
        answers = [guess(app.address, kind) for _ in range(max(5, REQUESTS // 20))]
        assert not amiss(answers), kind
        assert statistics.median(answer.seconds for answer in answers) < 0.5
