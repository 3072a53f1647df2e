"""What the server remembers of the pages that are open, and of results that nobody has fetched yet.

For each session Gradio describes every component of the page anew, which takes 26 ms and 600 kB; it serves
its deep links alone, which this page has not. Whoever calls an endpoint has nothing to be remembered, and
would without a session of its own be a new one with each call. Results that nobody fetches Gradio keeps
for good.
"""

import ctypes
import sys
from collections import ChainMap, OrderedDict
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

import gradio as gr
from gradio import mcp, route_utils, routes, state_holder
from gradio.queueing import Queue
from gradio.state_holder import SessionState, StateHolder

MAX_SESSIONS = 5_000
"""Pages whose states are kept; of more, those that were used last."""
CLOSED_SESSION_SECONDS = 3600
"""How long a page that was closed keeps its states, for it may be opened again."""
UNREAD_RESULT_SECONDS = 30
"""How long a result waits for whoever asked for it."""
GIVE_BACK_SECONDS = 15
"""How often memory that is free goes back to the system."""
MAX_UNREAD_MESSAGES = 1_000
"""Of a session, by a stream that nobody reads."""


class Session(SessionState):
    """The states of a page; what it shares with all others is not copied."""

    def __init__(self, blocks: gr.Blocks) -> None:
        """Begin with the page as it was made."""
        made: Any = blocks.default_config
        self.blocks_config: Any = type(made)(blocks)
        self.blocks_config.blocks, self.blocks_config.fns = ChainMap({}, made.blocks), made.fns
        self.config_values = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl = {}
        self.is_closed = False
        self.used: Callable[[], None] = _nothing
        """Called when there is something to remember."""

    def __getitem__(self, key: int) -> Any:
        """The component, or what a state holds."""
        known = len(self.state_data)
        value = super().__getitem__(key)
        if len(self.state_data) > known:
            self.used()
        return value

    def __setitem__(self, key: int, value: Any) -> None:
        """Remember a component as it is now, or what a state holds."""
        kept = self.state_data if isinstance(self.blocks_config.blocks.get(key), gr.State) else None
        (self.blocks_config.blocks if kept is None else kept)[key] = value
        self.used()

    def _update_config(self, key: int) -> None:
        """Describe nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Describe nothing."""


class Sessions(StateHolder):
    """The sessions that are in use, and those with something to remember."""

    def __init__(self) -> None:
        super().__init__()
        self.session_data: OrderedDict[str, Any] = OrderedDict()
        self.capacity = MAX_SESSIONS
        self._alive: WeakValueDictionary[str, Session] = WeakValueDictionary()
        self._closed: dict[str, float] = {}
        """Since when sessions have been closed, and below, results have been waiting to be read."""
        self._unread: dict[str, float] = {}
        self._give_back_at = 0.0

    def set_blocks(self, blocks: gr.Blocks) -> None:
        """Keep the sessions of this page."""
        self.blocks = blocks
        blocks.state_holder = self

    def __getitem__(self, session_id: str) -> Session:
        """The session, which is kept as long as it is in use, and once it has something to remember."""
        session = self._alive.get(session_id)
        if session is None:
            session = self._alive[session_id] = Session(self.blocks)
            session.used = partial(self._keep, session_id)
        return session

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._alive

    def _keep(self, session_id: str) -> None:
        with self.lock:
            if (session := self._alive.get(session_id)) is None:
                return
            self.session_data[session_id] = session
            self.session_data.move_to_end(session_id)
            if len(self.session_data) > self.capacity:
                self.session_data.popitem(last=False)

    def delete_all_expired_state(self) -> None:
        """Forget pages closed long ago, and results that nobody reads. Gradio calls it every second."""
        closed = {each for each, session in list(self.session_data.items()) if session.is_closed}
        for session_id in _overdue(self._closed, closed, CLOSED_SESSION_SECONDS):
            self.session_data.pop(session_id, None)
        forget_unread(self.blocks._queue, self._unread)
        if (now := monotonic()) >= self._give_back_at:
            self._give_back_at = now + GIVE_BACK_SECONDS
            give_back_memory()


def forget_unread(queue: Queue, since: dict[str, float]) -> None:
    """Forget the results that have been waiting to be read for long, and that a session once had some.

    `since` is kept from call to call.
    """
    waiting: set[str] = set()
    for session_id, messages in list(queue.pending_messages_per_session.items()):
        events = queue.pending_event_ids_session.get(session_id, set())
        at_work = any(event in queue.event_ids_to_events for event in events)
        if messages.qsize() > (MAX_UNREAD_MESSAGES if at_work else 0):
            waiting.add(session_id)
    for session_id in _overdue(since, waiting, UNREAD_RESULT_SECONDS):
        for event in queue.pending_event_ids_session.pop(session_id, set()):
            if event in queue.event_ids_to_events:
                queue.event_ids_to_events[event].alive = False
        queue.pending_messages_per_session.pop(session_id, None)
    for session_id in [each for each, events in queue.pending_event_ids_session.items() if not events]:
        del queue.pending_event_ids_session[session_id]


def give_back_memory() -> None:
    """Give free memory back to the system, where its C library keeps that otherwise.

    Of long answers, glibc would keep hundreds of MB (https://man7.org/linux/man-pages/man3/malloc_trim.3.html).
    """
    if sys.platform.startswith("linux") and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _overdue(since: dict[str, float], present: set[str], seconds: float) -> list[str]:
    """Which of those `present` have been so for that long; `since` is brought up to date."""
    now = monotonic()
    for gone in since.keys() - present:
        del since[gone]
    for each in present:
        since.setdefault(each, now)
    return [each for each, begin in since.items() if now - begin > seconds]


def _nothing() -> None:
    """What is called of a session that is not kept."""


def use_these_sessions() -> None:
    """Have Gradio remember with these classes, in all places where it looks them up."""
    places: list[Any] = [state_holder, route_utils, mcp]
    for module in places:
        module.SessionState = Session
    held: Any = routes
    held.StateHolder = Sessions
