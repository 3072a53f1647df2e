"""What nobody would send on purpose: paths, headers, bodies and values, as Hypothesis's strategies."""

import json
from typing import Any

from hypothesis import strategies as st

FOREIGN_HOST = "made-up.example"
"""Nothing that is served may have it."""

NAMES = st.sampled_from(["predict", "train", "tasks", "nope", "redraw", "..", "%00", "é", "a" * 300])
IDS = st.one_of(
    st.sampled_from(
        ["0" * 32, "abc", "", "null", "-1", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%ff%fe", "%", "%zz"]
    ),
    st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    st.text("abcdefghij0123456789-_.~!*'();:@&=+$,/[]%", max_size=40),
)


def mostly(right: st.SearchStrategy[Any], wrong: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What is right, but for one in eight."""
    return st.integers(0, 7).flatmap(lambda number: right if number else wrong)


SESSIONS = mostly(
    st.integers(0, 15).map(lambda n: f"session{n}"),
    st.sampled_from([None, "", "\x00", "\ud800", "é", "a" * 10_000, 7, [], {"a": 1}, "../..", "session 1"]),
)
"""Few, for each costs the server memory."""

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 300),
    st.sampled_from([2**31, 2**63, -(2**64), 10**400, 0.1, -0.0, 1e308, float("nan"), float("inf"), 1e-320]),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["", "\x00", "\ud800", "<b>&", "1e999", "9" * 5000, "../../etc/passwd", "NaN", "0", "1,2"]
    ),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FILES = st.fixed_dictionaries(
    {
        "path": st.sampled_from(
            ["/etc/passwd", "../../app.py", "", "x\x00y", "/tmp/gradio", "http://127.0.0.1/"]
        ),
        "meta": st.sampled_from([{"_type": "gradio.FileData"}, {}, None]),
    }
)
VALUES = st.one_of(JSON, FILES)

TOLD = st.one_of(
    JSON,
    st.fixed_dictionaries({"choice": SCALARS}),
    st.fixed_dictionaries(
        {
            "action": st.sampled_from(
                ["rename", "pin", "remove", "restore", "order", "turn", "fold", "choose", "x"]
            ),
            "models": st.lists(st.text(max_size=5), max_size=3),
            "value": st.one_of(st.text(max_size=10), SCALARS),
        }
    ),
)
"""What an event says of itself."""


def deep(depth: int) -> bytes:
    """JSON that is nested this deep."""
    return b'{"data":' + b"[" * depth + b"]" * depth + b"}"


BODIES = st.one_of(
    JSON.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"", b"{", b'{"data": ', b"\xff\xfe", b"null", b"[]", b'{"data": []}', b'{"data": [' + b"1," * 9000 + b"1]}",
            deep(50), deep(150), deep(900), deep(50_000), b'{"data": [' + b"9" * 5000 + b"]}", b'{"a": NaN, "a": 1}',
            b"username=a&password=b", b"x" * 400_000, "{\"data\": []}".encode("utf-16"), b"\xef\xbb\xbf{}",
        ]
    ),
)  # fmt: skip

PART = b'--x\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n--x--\r\n'
MULTIPARTS = st.one_of(
    st.tuples(
        st.sampled_from([b"a.csv", b"", b"..", b"../../x", b"/etc/passwd", b"\x00", b"a" * 400, b"\xff.txt"]),
        st.binary(max_size=40),
    ).map(lambda each: PART % each),
    st.sampled_from(
        [
            b"--x\r\n\r\n\r\n--x--\r\n", b"--y\r\n", b"--x", b"--x--\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
            b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\nno file\r\n--x--\r\n',
            b'--x\r\nContent-Disposition: form-data; name="data"\r\n\r\n{}\r\n--x--\r\n', b"--x\r\n" + b"A" * 20_000,
        ]
    ),
    st.binary(max_size=60),
)  # fmt: skip
FORMS = st.sampled_from(
    [b"multipart/form-data; boundary=x", b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; charset=nope; boundary=x"]
)  # fmt: skip

HOST = FOREIGN_HOST.encode()
HEADERS = st.lists(
    st.sampled_from(
        [
            (b"Host", HOST), (b"Host", b"made-up.example:99999"), (b"Host", b""), (b"Host", b"[::1"), (b"Host", b"a b"),
            (b"X-Forwarded-Host", HOST), (b"X-Forwarded-Host", b"a b\x80"), (b"X-Forwarded-Proto", b"https"),
            (b"X-Forwarded-Proto", b"javascript"), (b"X-Forwarded-For", HOST), (b"X-Forwarded-Prefix", b"/" + HOST),
            (b"X-Gradio-Server", b"http://made-up.example/"), (b"Forwarded", b"host=made-up.example"),
            (b"Origin", b"http://made-up.example"), (b"Origin", b"null"), (b"Origin", b"\xff"), (b"Referer", b"http://made-up.example"),
            (b"Range", b"bytes=0-1"), (b"Range", b"bytes=5-1"), (b"Range", b"bytes=--"), (b"Range", b"bytes=0-1-2"), (b"Range", b"lines=1"),
            (b"Range", b"bytes=" + b"9" * 400 + b"-"), (b"Range", "bytes=²-³".encode()), (b"Accept", b"text/event-stream"), (b"Accept", b"\xff"),
            (b"Cookie", b"a=\xff; ;;="), (b"Authorization", b"Bearer x"), (b"Accept-Encoding", b"gzip;q=x, br"), (b"If-None-Match", b"*"),
            (b"If-Modified-Since", b"nonsense"), (b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"), (b"Expect", b"100-continue"),
            (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="), (b"Sec-WebSocket-Version", b"13"), (b"Transfer-Encoding", b"gzip"),
            (b"X" * 300, b"y" * 5000), (b"X-Empty", b""), (b"Mcp-Session-Id", b"abc"), (b"Mcp-Protocol-Version", b"1"), (b"Content-Length", b"-1"),
            (b"Access-Control-Request-Method", b"PATCH"), (b"x-gradio-user", b"mcp"), (b"Last-Event-ID", b"7"),
        ]
    ),
    max_size=3,
    unique_by=lambda each: each[0],
)  # fmt: skip
KINDS = st.sampled_from([b"application/json", b"text/plain", b"", b"application/x-www-form-urlencoded", b"nonsense/\xff", b"application/json; charset=nope"])  # fmt: skip
