"""Who may have a program's process: so many at a time, one of each owner, shared among addresses."""

import threading
from collections import Counter
from concurrent.futures import Future


class Seats:
    """The next seat goes to the address that has the fewest, of several to whoever asked first.

    An owner may be written "address/client"; one without a slash is an address with one client.
    """

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
        given_up = asked.cancel()
        with self._lock:
            if not given_up:
                self._seated.discard(owner)
                self._free += 1
            self._seat()

    def _seat(self) -> None:
        self._line = [(owner, asked) for owner, asked in self._line if not asked.cancelled()]
        while self._free:
            had = Counter(map(_address, self._seated))
            waiting = [each for each in self._line if each[0] not in self._seated]
            if not waiting:
                return
            owner, asked = chosen = min(waiting, key=lambda each: had[_address(each[0])])
            self._line.remove(chosen)
            if asked.set_running_or_notify_cancel():
                self._free -= 1
                self._seated.add(owner)
                asked.set_result(None)


def _address(owner: str) -> str:
    return owner.partition("/")[0]
