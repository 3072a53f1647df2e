"""Sends a running app what nobody should, and counts how it takes that.

`python -m tests.api.fuzzing http://127.0.0.1:7860 20000 1` sends 20,000 requests of the seed 1.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.api import garbage
from tests.api.raw import Answer, Sent, has_words, post_json, send
from tests.api.routes import QUERIES, TEMPLATES

MOST_SHOWN = 10
JSON_KIND = (b"Content-Type", b"application/json")
ENDED = b'"process_completed"'
UNEXPECTED = "Something went wrong on the server"
"""How the lab begins to say that something is a fault of its own."""


@dataclass
class Outcome:
    """How an app took its requests; but for `statuses`, each list has to be empty."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    """Answers of 500 and more, and events that failed for no reason that anybody expected."""
    wordless: list[str] = field(default_factory=list)
    """Errors, of answers or in events, without a sentence."""
    unanswered: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """Answers with what may not be in them: another's secret, or a made-up host."""

    @property
    def faults(self) -> dict[str, int]:
        """How many of each kind there are, if any."""
        kinds = ("failed", "wordless", "unanswered", "told")
        return {kind: len(each) for kind in kinds if (each := getattr(self, kind))}

    def __str__(self) -> str:
        lines = [
            f"{sum(self.statuses.values())} answers: {dict(sorted(self.statuses.items()))} {dict(self.kinds)}"
        ]
        for kind, number in self.faults.items():
            lines += [f"{number} {kind}:", *(f"  {each}" for each in getattr(self, kind)[:MOST_SHOWN])]
        return "\n".join(lines)


class Fuzzer:
    """Judges each answer of the app at `address`. No answer may have one of `secrets` in it."""

    def __init__(self, address: str, secrets: Iterable[str] = ()) -> None:
        self.address = address.rstrip("/")
        self.outcome = Outcome()
        self._secrets = [garbage.FOREIGN_HOST, *secrets]
        config = json.loads(send(self.address, Sent(b"GET", b"/config")).body)
        props = {each["id"]: each["props"].get("value") for each in config["components"]}
        self.events: dict[int, list[Any]] = {
            each["id"]: [props[one] for one in each["inputs"]]
            for each in config["dependencies"]
            if each["backend_fn"]
        }
        """What the inputs of each event hold, by its number."""

    def request(self, sent: Sent) -> Answer:
        """Send one, and judge the answer."""
        try:
            answer = send(self.address, sent)
        except TimeoutError:
            self.outcome.unanswered.append(_shown(sent))
            return Answer(0)
        if sent.stays:
            self._judge(_shown(sent), answer, bare=sent.method == b"HEAD")
        return answer

    def call(self, path: str, body: Any) -> None:
        """Make a call of the API, and read what comes of it."""
        answer = self.request(
            Sent(b"POST", path.encode(), (JSON_KIND,), json.dumps(body, default=repr).encode())
        )
        if answer.status == 200:
            name = path.removeprefix("/gradio_api/call/").removeprefix("v2/")
            result = f"/gradio_api/call/{name}/{json.loads(answer.body)['event_id']}"
            self._follow(f"{path} {_cut(body)}", result, b"event: complete", b"event: error")

    def event(self, body: Any) -> None:
        """Have an event of the page run, and read what comes of it."""
        answer = post_json(self.address, "/gradio_api/queue/join", body)
        self._judge(f"queue/join {_cut(body)}", answer)
        if answer.status == 200:
            session = quote(body["session_hash"], safe="", errors="surrogatepass")
            self._follow(f"queue/join {_cut(body)}", f"/gradio_api/queue/data?session_hash={session}", ENDED)

    def _follow(self, what: str, path: str, *ends: bytes) -> None:
        try:
            # Streams end by themselves, for an event is over.
            answer = send(self.address, Sent(b"GET", path.encode()), until=b"\0")
        except TimeoutError:
            answer = Answer(0)
        self.outcome.kinds["events"] += 1
        if not any(end in answer.body for end in ends) and b"unexpected_error" not in answer.body:
            self.outcome.unanswered.append(f"{what}: {answer}"[:600])
        self._judge(what, answer)
        is_error = b"event: error" in answer.body
        for each in answer.events:
            message = each.get("msg") if isinstance(each, dict) else None
            if is_error and not has_words(json.dumps(each).encode()):
                self.outcome.wordless.append(f"{what}: {each}")
            if message == "process_completed" and not each["success"]:
                self.outcome.kinds["refused events"] += 1
                if not has_words(json.dumps(each["output"]).encode()):
                    self.outcome.wordless.append(f"{what}: {each['output']}")
            elif message == "unexpected_error" and not has_words(json.dumps(each["message"]).encode()):
                self.outcome.wordless.append(f"{what}: {each}")

    def _judge(self, what: str, answer: Answer, bare: bool = False) -> None:
        outcome, status = self.outcome, answer.status
        outcome.statuses[status] += 1
        if status == 0:
            outcome.unanswered.append(f"{what}: {answer.headers}")
        if status >= 500 or UNEXPECTED.encode() in answer.body:
            outcome.failed.append(f"{what}: {status} {answer.body[:200]!r}")
        if status >= 400 and not bare and not has_words(answer.body):
            outcome.wordless.append(f"{what}: {status} {answer.body[:200]!r}")
        for secret in self._secrets:
            if secret.encode() in answer.body or secret in answer.headers:
                outcome.told.append(f"{what}: {secret} in {status} {answer.headers!r}")


def fuzz(address: str, requests: int, seed: int, secrets: Iterable[str] = ()) -> Outcome:
    """Send this many generated requests, one after another, and say how they were taken."""
    fuzzer = Fuzzer(address, secrets)
    # Not one_of, which would take the many branches of some for many kinds.
    actions = st.sampled_from(_actions(fuzzer)).flatmap(lambda kind: kind)

    @hypothesis.seed(seed)
    @settings(
        max_examples=requests,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @hypothesis.given(actions)
    def act(action: Callable[[], object]) -> None:
        action()

    act()
    return fuzzer.outcome


def _actions(fuzzer: Fuzzer) -> list[st.SearchStrategy[Callable[[], object]]]:
    """What can be done to an app: several kinds, as likely one as the other."""

    def requests(strategy: st.SearchStrategy[Sent]) -> st.SearchStrategy[Callable[[], object]]:
        return strategy.map(lambda sent: lambda: fuzzer.request(sent))

    events = _events(fuzzer.events).map(lambda body: lambda: fuzzer.event(body))
    calls = _calls(fuzzer.address).map(lambda call: lambda: fuzzer.call(*call))
    return [events, events, calls, requests(_anything()), requests(_posts()), requests(_forms())]


def _events(events: dict[int, list[Any]]) -> st.SearchStrategy[Any]:
    """Events of the page with made-up data."""

    @st.composite
    def made_up(draw: st.DrawFn) -> dict[str, Any]:
        index = draw(st.sampled_from(sorted(events)))
        values = [draw(garbage.mostly(st.just(value), garbage.VALUES)) for value in events[index]]
        body = {
            "data": draw(garbage.mostly(st.just(values), st.lists(garbage.VALUES, max_size=3))),
            "fn_index": draw(garbage.mostly(st.just(index), garbage.SCALARS)),
            "session_hash": draw(garbage.SESSIONS),
            "event_data": draw(garbage.TOLD),
            "trigger_id": draw(garbage.mostly(st.none(), garbage.SCALARS)),
        }
        more = {"event_id": garbage.SCALARS, "batched": st.booleans(), "simple_format": st.booleans(), "oauth_token": garbage.SCALARS}  # fmt: skip
        return body | draw(garbage.mostly(st.just({}), st.fixed_dictionaries({}, optional=more)))

    return made_up()


def _calls(address: str) -> st.SearchStrategy[tuple[str, Any]]:
    """Calls of the API as its OpenAPI document describes them, and as it does not."""
    document = json.loads(send(address, Sent(b"GET", b"/gradio_api/openapi.json")).body)
    assert document["openapi"] == "3.1.0"
    schema = schemathesis.openapi.from_dict(document)
    cases = [
        operation.as_strategy(generation_mode=mode)
        for operation in (each.ok() for each in schema.get_all_operations() if isinstance(each, Ok))
        if operation.path.startswith("/gradio_api/call/v2/")
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    paths = [path for path in document["paths"] if "/v2/" in path]
    described = st.one_of(*cases).map(lambda case: (case.path, case.body))
    by_name = st.tuples(st.sampled_from(paths), st.dictionaries(st.sampled_from(["model_id", "task", "steps", "program", "csv", "vectors", "format", "job_id"]), garbage.VALUES))  # fmt: skip
    data = st.fixed_dictionaries({"data": st.lists(garbage.VALUES, max_size=3)})
    by_position = st.tuples(st.sampled_from([path.replace("/v2/", "/") for path in paths]), data)
    return st.one_of(described, by_name, by_position)


def _targets() -> st.SearchStrategy[bytes]:
    def filled(each: tuple[str, str, str, str]) -> bytes:
        template, query, identifier, name = each
        text = (template + query).replace("{id}", identifier).replace("{name}", name)
        return quote(text, safe="%/?&=:*,.~!'()@;+$[]{}").encode()

    return st.tuples(st.sampled_from(TEMPLATES), st.sampled_from(QUERIES), garbage.IDS, garbage.NAMES).map(
        filled
    )


def _anything() -> st.SearchStrategy[Sent]:
    methods = st.sampled_from(
        [*[b"GET"] * 6, b"POST", b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"FOO"]
    )
    return st.builds(Sent, methods, _targets(), garbage.HEADERS.map(tuple))


def _posts() -> st.SearchStrategy[Sent]:
    names = ["data", "session_hash", "fn_index", "event_id", "component_id", "fn_name", "program", "exercise", "owner", "model_id", "vectors", "jsonrpc", "method", "params", "id", "task"]  # fmt: skip
    named = st.dictionaries(st.sampled_from(names), garbage.VALUES).map(
        lambda each: json.dumps(each).encode()
    )
    tools = st.builds(
        lambda method, params: json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        ).encode(),
        st.sampled_from(["initialize", "tools/call", "tools/list", "ping", "nope"]),
        st.one_of(garbage.JSON, st.fixed_dictionaries({"name": garbage.NAMES, "arguments": garbage.JSON})),
    )
    kinds = st.one_of(*[st.just(JSON_KIND)] * 4, garbage.KINDS.map(lambda kind: (b"Content-Type", kind)))
    headers = st.builds(lambda kind, more: ((b"Accept", b"application/json, text/event-stream"), kind, *more), kinds, garbage.HEADERS)  # fmt: skip
    return st.builds(
        Sent, st.just(b"POST"), _targets(), headers, st.one_of(named, tools, garbage.BODIES), stays=_mostly()
    )


def _forms() -> st.SearchStrategy[Sent]:
    targets = st.sampled_from([b"/gradio_api/upload", b"/gradio_api/upload?upload_id=x", b"/gradio_api/component_server", b"/gradio_api/process_recording"])  # fmt: skip
    headers = garbage.FORMS.map(lambda kind: ((b"Content-Type", kind),))
    return st.builds(Sent, st.just(b"POST"), targets, headers, garbage.MULTIPARTS, stays=_mostly())


def _mostly() -> st.SearchStrategy[bool]:
    return st.integers(0, 9).map(bool)


def _shown(sent: Sent) -> str:
    return f"{sent.method.decode()} {sent.target.decode()[:200]} {sent.headers} {sent.body[:200]!r}"


def _cut(value: Any) -> str:
    return json.dumps(value, default=repr)[:400]


if __name__ == "__main__":
    outcome = fuzz(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(outcome)
    sys.exit(bool(outcome.faults))
