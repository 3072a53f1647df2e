"""Requests to the last byte: what no client library would send, and what came back of it."""

import http.client
import io
import json
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

ANSWER_SECONDS = 20.0
"""For how many seconds an answer may keep one waiting."""
STREAM_SECONDS = 0.05
"""For how many seconds a stream that nothing ends is listened to."""
MAX_READ_BYTES = 3_000_000


@dataclass(frozen=True)
class Sent:
    """A request."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    stays: bool = True
    """Whether the client waits for the answer."""

    def lines(self, host: bytes) -> bytes:
        """The request as it goes over the wire."""
        named = {name.lower() for name, _ in self.headers}
        own = [(b"Host", host), (b"Connection", b"close"), (b"Content-Length", str(len(self.body)).encode())]
        headers = [each for each in own if each[0].lower() not in named] + list(self.headers)
        head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        return self.method + b" " + self.target + b" HTTP/1.1\r\n" + head + b"\r\n" + self.body


@dataclass(frozen=True)
class Answer:
    """What came back; the status is 0 where it was no answer of HTTP's."""

    status: int
    headers: str = ""
    body: bytes = b""
    seconds: float = 0

    @property
    def events(self) -> list[Any]:
        """The data of a stream of events, as far as it is JSON."""
        told = []
        for line in self.body.decode(errors="replace").splitlines():
            if line.startswith("data: "):
                with suppress(ValueError):
                    told.append(json.loads(line.removeprefix("data: ")))
        return told


def send(address: str, sent: Sent, until: bytes = b"") -> Answer:
    """Send it and read the answer; a stream of events up to what has `until` in it, or for a moment."""
    place = urlsplit(address)
    host = f"{place.hostname}:{place.port}"
    begun = monotonic()
    with socket.create_connection((place.hostname, place.port), timeout=ANSWER_SECONDS) as connection:
        with suppress(ConnectionError, BrokenPipeError):  # it is refused before all of it is sent
            connection.sendall(sent.lines(host.encode()))
        if not sent.stays:
            return Answer(0)
        response = http.client.HTTPResponse(connection, method=sent.method.decode("latin1"))
        try:
            response.begin()
            body = io.BytesIO()
            is_stream = "text/event-stream" in response.headers.get("content-type", "")
            if is_stream and not until:
                connection.settimeout(STREAM_SECONDS)
            with suppress(TimeoutError):
                while body.tell() < MAX_READ_BYTES and (piece := response.read1(65536)):
                    body.write(piece)
                    if until and until in piece:
                        break
        except (http.client.HTTPException, ConnectionError, ValueError) as error:
            return Answer(0, repr(error), seconds=monotonic() - begun)
        return Answer(response.status, str(response.headers), body.getvalue(), monotonic() - begun)


def post_json(address: str, path: str, value: object, headers: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
    """Send a value as JSON; NaN and halves of surrogate pairs, too."""
    told = (*headers, (b"Content-Type", b"application/json"))
    return send(address, Sent(b"POST", path.encode(), told, json.dumps(value).encode()))


def has_words(body: bytes) -> bool:
    """Whether an answer has a sentence in it that says what is wrong: at least four words."""
    try:
        told = [*_texts(json.loads(body))]
    except ValueError:
        told = [body.decode(errors="replace")]
    return any(len(each.split()) >= 4 for each in told)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
