"""What is remembered of the pages that are open, and of results that nobody fetches."""

import asyncio
import gc
import sys
from typing import Any

import gradio as gr
import psutil
import pytest
from gradio.queueing import Queue

from ui import sessions
from ui.sessions import Session, Sessions, forget_unread, give_back_memory


@pytest.fixture
def page() -> gr.Blocks:
    with gr.Blocks() as page:
        gr.Textbox("as it was made")
        gr.State([1])
    return page


@pytest.fixture
def held(page: gr.Blocks) -> Sessions:
    held = Sessions()
    held.set_blocks(page)
    return held


def key(page: gr.Blocks, kind: type) -> int:
    return next(number for number, block in page.blocks.items() if type(block) is kind)


def test_a_session_that_remembers_nothing_is_gone_after_the_call(held: Sessions) -> None:
    for number in range(100):
        assert isinstance(held[str(number)], Session)
    gc.collect()
    assert not held.session_data
    assert "5" not in held


def test_events_under_way_together_share_a_session(held: Sessions) -> None:
    first = held["a"]
    assert held["a"] is first


def test_what_a_state_holds_is_remembered(held: Sessions, page: gr.Blocks) -> None:
    state = key(page, gr.State)
    held["a"][state].append(2)
    held["b"][state] = [7]
    gc.collect()
    assert (held["a"][state], held["b"][state], held["c"][state]) == ([1, 2], [7], [1])


def test_what_becomes_of_a_component_is_remembered_in_its_session_alone(
    held: Sessions, page: gr.Blocks
) -> None:
    box = key(page, gr.Textbox)
    held["a"][box] = gr.Textbox("otherwise", render=False)
    gc.collect()
    assert (held["a"][box].value, held["b"][box].value) == ("otherwise", "as it was made")
    assert page.blocks[box].value == "as it was made"  # pyright: ignore[reportAttributeAccessIssue]


def test_the_pages_that_were_used_last_are_kept(held: Sessions, page: gr.Blocks) -> None:
    held.capacity, state = 2, key(page, gr.State)
    for name in "abac":
        held[name][state] = name
    gc.collect()
    assert list(held.session_data) == ["a", "c"]


def test_a_page_that_was_closed_is_kept_for_a_while(
    held: Sessions, page: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.queue()
    state, now = key(page, gr.State), [0.0]
    monkeypatch.setattr(sessions, "monotonic", lambda: now[0])
    for name in ("open", "closed"):
        held[name][state] = name
    held["closed"].is_closed = True
    held.delete_all_expired_state()
    now[0] = sessions.CLOSED_SESSION_SECONDS - 1
    held.delete_all_expired_state()
    assert list(held.session_data) == ["open", "closed"]
    now[0] += 2
    held.delete_all_expired_state()
    assert list(held.session_data) == ["open"]


def with_unread(messages: int, *, at_work: bool = False) -> Queue:
    with gr.Blocks() as page:
        pass
    queue = page.queue()._queue
    unread: Any = asyncio.Queue()
    for number in range(messages):
        unread.put_nowait(number)
    queue.pending_messages_per_session["a"] = unread
    queue.pending_event_ids_session["a"] = {"e"}
    if at_work:
        event: Any = type("Event", (), {"alive": True})()
        queue.event_ids_to_events["e"] = event
    return queue


@pytest.mark.parametrize(
    ("messages", "at_work", "kept"),
    [
        (0, False, True),  # somebody reads
        (1, False, False),
        (1, True, True),  # it is not yet done
        (sessions.MAX_UNREAD_MESSAGES, True, True),
        (sessions.MAX_UNREAD_MESSAGES + 1, True, False),
    ],
)
def test_what_nobody_reads_is_forgotten(
    messages: int, at_work: bool, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, queue, since = [0.0], with_unread(messages, at_work=at_work), dict[str, float]()
    monkeypatch.setattr(sessions, "monotonic", lambda: now[0])
    forget_unread(queue, since)
    now[0] = sessions.UNREAD_RESULT_SECONDS - 1
    forget_unread(queue, since)
    assert "a" in queue.pending_messages_per_session
    now[0] += 2
    forget_unread(queue, since)
    assert ("a" in queue.pending_messages_per_session) is kept
    assert ("a" in queue.pending_event_ids_session) is kept
    if not kept and at_work:
        assert not queue.event_ids_to_events["e"].alive


def test_nothing_is_left_of_a_session_that_has_read_its_results() -> None:
    queue = with_unread(0)
    queue.pending_event_ids_session["a"].clear()
    queue.pending_event_ids_session["b"] = {"e"}
    forget_unread(queue, {})
    assert list(queue.pending_event_ids_session) == ["b"]


def test_a_result_waits_from_when_it_last_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    now, queue, since = [0.0], with_unread(1), dict[str, float]()
    monkeypatch.setattr(sessions, "monotonic", lambda: now[0])
    forget_unread(queue, since)
    queue.pending_messages_per_session["a"].get_nowait()
    now[0] = sessions.UNREAD_RESULT_SECONDS - 1
    forget_unread(queue, since)
    queue.pending_messages_per_session["a"].put_nowait(object())  # pyright: ignore[reportArgumentType]
    now[0] += 2
    forget_unread(queue, since)
    assert "a" in queue.pending_messages_per_session


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc is known to keep it")
def test_memory_that_is_free_goes_back_to_the_system() -> None:
    process = psutil.Process()
    texts = [bytes(1000) for _ in range(100_000)]
    last = texts.pop()  # glibc gives nothing back below what is in use
    texts.clear()
    before = process.memory_info().rss
    give_back_memory()
    assert process.memory_info().rss < before - 50_000_000
    assert last
