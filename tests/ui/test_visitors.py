"""Who is charged for what is asked: an address first, and within it a session."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from starlette.datastructures import Address

from ui.visitors import address_of, owner_of


def asked(host: str, session: str | None = "s") -> Any:
    request: Any = SimpleNamespace(client=Address(host, 1), headers={})
    return gr.Request(request, session_hash=session)


def test_sessions_of_one_address_share_what_it_gets() -> None:
    one, other = owner_of(asked("192.0.2.1", "a")), owner_of(asked("192.0.2.1", "b"))
    assert one != other
    assert one.split("/")[0] == other.split("/")[0]


@pytest.mark.parametrize(
    ("host", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("testclient", "testclient", True),
    ],
)
def test_an_address_is_what_one_visitor_has(host: str, other: str, same: bool) -> None:
    assert (address_of(Address(host, 1)) == address_of(Address(other, 2))) is same


def test_no_address_is_told() -> None:
    assert "192.0.2.1" not in owner_of(asked("192.0.2.1"))


def test_python_itself_is_charged_to_nobody() -> None:
    assert owner_of(None) == ""
    assert address_of(None) == address_of(None)
