"""Who may have a program's process: so many at a time, and one of each owner."""

import threading
from concurrent.futures import Future


class Seats:
    """Given in the order in which they were asked for; but of one owner's, the next when the last is free."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._lock = threading.Lock()
        self._seated: set[str] = set()
        self._line: list[tuple[str, Future[None]]] = []

    def ask(self, owner: str) -> Future[None]:
        """A future that is done once the owner has a seat, to be given back by `leave`."""
        asked = Future[None]()
        with self._lock:
            self._line.append((owner, asked))
        self._seat()
        return asked

    def leave(self, owner: str, asked: Future[None]) -> None:
        """Give the seat back, or ask for it no longer."""
        if not asked.cancel():
            with self._lock:
                self._seated.discard(owner)
                self._free += 1
        self._seat()

    def _seat(self) -> None:
        with self._lock:
            waiting, self._line = self._line, []
            for owner, asked in waiting:
                if asked.cancelled():
                    continue
                if self._free and owner not in self._seated and asked.set_running_or_notify_cancel():
                    self._free -= 1
                    self._seated.add(owner)
                    asked.set_result(None)
                elif not asked.cancelled():
                    self._line.append((owner, asked))
