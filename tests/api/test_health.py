"""/health of a running app."""

import json
from typing import Any

from tests.api.conftest import create
from tests.api.raw import Sent, send
from tests.conftest import RunningApp


def test_it_answers_at_once_while_the_server_is_busy(app: RunningApp, client: Any) -> None:
    job = client.submit(create(client, "product"), steps=200_000, engine="autograd", api_name="/train")
    send(app.address, Sent(b"GET", b"/health"))
    answers = [send(app.address, Sent(b"GET", b"/health")) for _ in range(5)]
    job.cancel()
    assert {(answer.status, answer.body) for answer in answers} == {
        (200, json.dumps({"status": "ok"}, separators=(",", ":")).encode())
    }
    assert sorted(answer.seconds for answer in answers)[2] < 0.1
    assert "/health" not in app.output
