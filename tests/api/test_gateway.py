"""What stands before Gradio's app: what is not served, whose headers count, and what a client that goes hears."""

import json
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client

from tests.api.raw import Sent, post_json, send
from tests.conftest import RunningApp, running_app

MADE_UP = "made-up.example"
HEADERS = (
    (b"Host", MADE_UP.encode()),
    (b"X-Forwarded-Host", MADE_UP.encode()),
    (b"X-Forwarded-Proto", b"https"),
    (b"X-Forwarded-For", MADE_UP.encode()),
    (b"X-Gradio-Server", b"http://made-up.example"),
    (b"Origin", b"http://made-up.example"),
    (b"Cookie", b"a=b"),
)
TELLING = ["/", "/config", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/mcp", "/gradio_api/mcp/", "/gradio_api/mcp/schema", "/nothing"]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/monitoring", "/monitoring/summary", "/gradio_api/proxy=http://a.hf.space/", "/gradio_api/dev/reload", "/login",
     "/gradio_api/deep_link", "/gradio_api/vibe-code", "/gradio_api/process_recording", "/gradio_api/run/train",
     "/gradio_api/component_server", "/gradio_api/runs", "/openapi.json", "/docs", "/gradio_api/mcp/sse", "/a%00b", "/" + "a" * 3000],
)  # fmt: skip
def test_what_nobody_needs_is_not_served(app: RunningApp, path: str) -> None:
    for method in (b"GET", b"POST"):
        answer = send(app.address, Sent(method, path.encode()))
        assert (answer.status, json.loads(answer.body)["detail"][:36]) == (
            404,
            "There is nothing at this address; se",
        )


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info"])
@pytest.mark.parametrize(
    "query", [b"page=x", b"deep_link=x&page=", b"p%61ge=x&__theme=dark", b"page=%ff&page"]
)
def test_the_page_is_there_whatever_other_one_is_asked_for(app: RunningApp, path: str, query: bytes) -> None:
    answer = send(app.address, Sent(b"GET", path.encode() + b"?" + query))
    assert (answer.status, answer.body) == (200, send(app.address, Sent(b"GET", path.encode())).body)


def test_what_a_client_makes_up_is_not_told(app: RunningApp) -> None:
    for path in TELLING:
        answer = send(app.address, Sent(b"GET", path.encode(), HEADERS))
        assert MADE_UP not in answer.headers, path
        assert MADE_UP.encode() not in answer.body, path
    # Nor has anything of it been kept for others.
    for path in TELLING:
        assert MADE_UP.encode() not in send(app.address, Sent(b"GET", path.encode())).body


def test_a_trusted_proxy_is_believed(tmp_path: Path) -> None:
    with running_app(tmp_path, LAB_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8") as app:
        config = json.loads(send(app.address, Sent(b"GET", b"/config", HEADERS)).body)
        assert config["root"] == "https://made-up.example"


@pytest.mark.parametrize("path", ["/", "/gradio_api/info", "/gradio_api/queue/data?session_hash=a"])
@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_a_request_without_a_host(app: RunningApp, path: str, version: bytes) -> None:
    lines = b"GET " + path.encode() + b" " + version + b"\r\nConnection: close\r\nOrigin: null\r\n\r\n"

    class Bare(Sent):
        def lines(self, host: bytes) -> bytes:
            return lines

    answer = send(app.address, Bare(b"GET", b"/"))
    assert answer.status == 200


def test_every_origin_may_call(app: RunningApp) -> None:
    answer = send(app.address, Sent(b"GET", b"/gradio_api/info", ((b"Origin", b"null"),)))
    assert "access-control-allow-origin: *" in answer.headers


@pytest.mark.parametrize(
    "path", ["/lab/run", "/gradio_api/upload", "/gradio_api/queue/join", "/gradio_api/mcp/", "/nothing"]
)
def test_a_client_that_goes_away(app: RunningApp, path: str) -> None:
    said = app.output.count("Traceback")
    headers = ((b"Content-Length", b"1000"), (b"Content-Type", b"multipart/form-data; boundary=x"))
    send(
        app.address,
        Sent(
            b"POST",
            path.encode(),
            headers,
            b'--x\r\nContent-Disposition: form-data; name="files"',
            stays=False,
        ),
    )
    assert send(app.address, Sent(b"GET", b"/robots.txt")).status == 200
    assert app.output.count("Traceback") == said


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"fn_index": 10**6},
            "fn_index must be the number of an event of the page as it is now; got 1000000.",
        ),
        ({"fn_index": -1}, "fn_index must be the number of an event of the page as it is now; got -1."),
        ({"session_hash": "\x00"}, "session_hash must be 1 to 128 letters, digits, - and _; got '\\x00'."),
        ({"batched": True}, "batched must be left out; got true."),
        ({"data": [[[]] * 3]}, "data must be a list of"),
        ({"event_data": "\ud800"}, "A text in the request must be Unicode"),
    ],
)
def test_an_event_that_no_page_sends(app: RunningApp, changed: dict[str, object], sentence: str) -> None:
    config = json.loads(send(app.address, Sent(b"GET", b"/config")).body)
    event = next(each for each in config["dependencies"] if each["backend_fn"] and each["api_name"] == "drag")
    body = {"fn_index": event["id"], "session_hash": "a", "data": [None] * len(event["inputs"]), **changed}
    answer = post_json(app.address, "/gradio_api/queue/join", body)
    assert answer.status == 400
    assert json.loads(answer.body)["detail"].startswith(sentence)


def test_what_is_nested_too_deep(app: RunningApp) -> None:
    body = b'{"data": ' + b"[" * 200 + b"]" * 200 + b"}"
    answer = send(
        app.address,
        Sent(b"POST", b"/gradio_api/call/predict", ((b"Content-Type", b"application/json"),), body),
    )
    assert (
        json.loads(answer.body)["detail"] == "Lists and objects in a request may be nested at most 100 deep."
    )


@pytest.mark.parametrize(
    "path", ["/gradio_api/call/train", "/gradio_api/upload", "/gradio_api/mcp/", "/lab/run"]
)
def test_a_body_that_is_too_large(app: RunningApp, path: str) -> None:
    body = b'{"data": ["' + b"x" * 12_000_001 + b'"]}'
    answer = send(app.address, Sent(b"POST", path.encode(), ((b"Content-Type", b"application/json"),), body))
    assert answer.status == 413
    assert json.loads(answer.body) == {
        "detail": "The request must hold at most 12 MB; what was sent is larger."
    }


def test_calls_beyond_what_an_address_may(tmp_path: Path) -> None:
    with running_app(tmp_path, LAB_MAX_CALLS_PER_MINUTE="3") as app:
        client = Client(app.address, verbose=False)
        for _ in range(3):
            client.predict(api_name="/tasks")
        sentence = r"3 calls came from your address within a minute, as many as may be; try again in \d+ s\."
        with pytest.raises(Exception, match=sentence):
            client.predict(api_name="/tasks")


LONG: dict[str, Any] = {"engine": "autograd", "steps": 10_000_000, "learning_rate": 1e-6}


@pytest.mark.timeout(120)
def test_many_open_streams_keep_nobody_waiting(app: RunningApp) -> None:
    client = Client(app.address, verbose=False, max_workers=70)
    model = client.predict(task="product", api_name="/create_model")["id"]
    job = client.predict(model, **LONG, api_name="/submit")["id"]
    watches = [client.submit(job, api_name="/watch") for _ in range(60)]
    for watch in watches:
        next(iter(watch))
    assert client.predict(job, api_name="/job")["status"] == "running"
    client.predict(job, api_name="/cancel")
    assert {watch.result()["status"] for watch in watches} == {"cancelled"}


def test_more_open_streams_than_an_address_may(tmp_path: Path) -> None:
    with running_app(tmp_path, LAB_MAX_CALLS_AT_ONCE_PER_ADDRESS="2") as app:
        client = Client(app.address, verbose=False)
        model = client.predict(task="product", api_name="/create_model")["id"]
        job = client.predict(model, **LONG, api_name="/submit")["id"]
        watches = [client.submit(job, api_name="/watch") for _ in range(2)]
        for watch in watches:
            next(iter(watch))
        sentence = "2 calls from your address are under way, as many as may be at a time; try again in 10 s."
        with pytest.raises(Exception, match=sentence):
            client.predict(api_name="/tasks")
        watches[0].cancel()


def test_too_many_long_answers_for_one_address(app: RunningApp) -> None:
    client = Client(app.address, verbose=False)
    model = client.predict(task="challenge", api_name="/create_model")["id"]
    vectors = [[1, 2, 3]] * 10_000
    jobs = [client.submit(model, vectors, api_name="/predict") for _ in range(20)]
    said = {str(error) for job in jobs if (error := job.exception()) is not None}
    sentence = "8 requests from your address with over 1,000 vectors are waiting, as many as may be; try again in 5 s."
    assert said == {sentence}
    assert any(job.exception() is None for job in jobs)
    assert len(client.predict(model, vectors, api_name="/predict")["correct"]) == 10_000
