"""Whose turn it is: alike among addresses, then among an address's owners, with workers that a clock moves."""

import heapq
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.jobs import shares as module
from service.jobs.entries import Entry, ErrandEntry
from service.jobs.shares import FIRST_SLICE_SECONDS, SLICE_SECONDS, Shares


class Endless(ErrandEntry):
    """An errand that somebody else runs, for ever."""

    def __init__(self, owner: str, place: Any = None) -> None:
        super().__init__(errand=None, owner=owner, place=place)  # pyright: ignore[reportArgumentType]


class Machine:
    """Workers that take whoever's turn it is, and a clock."""

    def __init__(self, workers: int = 2) -> None:
        self.shares = Shares()
        self.now = 0.0
        self.free = workers
        self.ends: list[tuple[float, int, Entry]] = []
        self.slices: list[tuple[float, str, float]] = []
        """When each began, whose it was, and how long it took."""

    def join(self, *owners: str, place: Any = None) -> list[Entry]:
        entries: list[Entry] = [Endless(owner, place) for owner in owners]
        for entry in entries:
            self.shares.join(entry)
        return entries

    def run(self, seconds: float) -> None:
        stop = self.now + seconds
        while True:
            while self.free and (entry := self.shares.next()):
                # No slice takes exactly what was asked for.
                taken = SLICE_SECONDS * (0.8 + 0.1 * (len(self.slices) % 5))
                self.shares.begin(entry, SLICE_SECONDS)
                self.free -= 1
                heapq.heappush(self.ends, (self.now + taken, len(self.slices), entry))
                self.slices.append((self.now, entry.owner, taken))
            if not self.ends or self.ends[0][0] > stop:
                self.now = stop
                return
            self.now, number, entry = heapq.heappop(self.ends)
            self.shares.end(entry, self.slices[number][2])
            self.free += 1

    def served(self, begin: float, end: float) -> Counter[str]:
        found: Counter[str] = Counter()
        for at, owner, taken in self.slices:
            if begin <= at < end:
                found[owner] += taken  # pyright: ignore[reportArgumentType]
        return found


@pytest.mark.parametrize("place", [None, ThreadPoolExecutor(1)], ids=["jobs", "programs"])
def test_a_hundred_jobs_of_one_owner_take_nothing_from_fifty_who_have_one(place: Any) -> None:
    machine = Machine()
    machine.join(*["greedy"] * 100, *(f"owner {number}" for number in range(50)), place=place)
    machine.run(30)
    equal = 2 * 10 / 51
    for begin in range(20):
        served = machine.served(begin, begin + 10)
        assert len(served) == 51
        assert min(served.values()) >= 0.8 * equal


def test_an_address_with_three_hundred_clients_has_half_beside_another() -> None:
    machine = Machine()
    machine.join(*(f"busy/{number}" for number in range(300)), "other/one")
    machine.run(20)
    # With two workers and one job it cannot have more than one of them.
    assert machine.served(0, 20)["other/one"] == pytest.approx(20, rel=0.05)


def test_a_new_client_of_a_busy_address_is_served_at_once() -> None:
    machine = Machine()
    machine.join(*(f"busy/{number}" for number in range(30)), *(f"other/{number}" for number in range(30)))
    machine.run(10)
    begin = machine.now
    machine.join("busy/new")
    machine.run(1)
    assert next(at for at, owner, _ in machine.slices if owner == "busy/new") - begin < 5 * SLICE_SECONDS


def test_who_waits_longest_comes_first_among_equals() -> None:
    shares = Shares()
    entries = [Endless(owner) for owner in ("b", "a/2", "a/1", "c")]
    for entry in entries:
        shares.join(entry)
    turns: list[str] = []
    for _ in range(4):
        entry = shares.next()
        assert entry is not None
        shares.begin(entry, SLICE_SECONDS)
        turns.append(entry.owner)
    assert turns == ["b", "a/2", "c", "a/1"]


def test_the_entries_of_one_owner_take_turns() -> None:
    machine = Machine(workers=1)
    first, second = machine.join("a", "a")
    order: list[Entry] = []
    for _ in range(6):
        entry = machine.shares.next()
        assert entry is not None
        machine.shares.begin(entry, SLICE_SECONDS)
        machine.shares.end(entry, SLICE_SECONDS)
        order.append(entry)
    assert {*order} == {first, second}
    assert all(one is not other for one, other in pairwise(order))


def test_nobody_gathers_credit_by_being_away_nor_loses_a_debt() -> None:
    machine = Machine(workers=1)
    machine.join("busy")
    machine.run(10)
    machine.join("newcomer")
    machine.run(2)
    served = machine.served(10, 12)
    assert served["newcomer"] == pytest.approx(served["busy"], rel=0.1)
    shares = Shares()
    shares.join(Endless("there"))
    debtor = Endless("debtor")
    shares.join(debtor)
    shares.begin(debtor, SLICE_SECONDS)
    shares.end(debtor, 5.0)
    debtor.future.cancel()
    shares.leave(debtor)
    assert shares.next() is not debtor
    shares.join(Endless("debtor"))
    assert shares._addresses["debtor"].served == 5.0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=60))
def test_what_is_remembered_is_bounded(comers: list[tuple[int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_DEBTORS", 3)
        shares = Shares()
        shares.join(Endless("there/always"))
        for address, client in comers:
            entry = Endless(f"{address}/{client}")
            shares.join(entry)
            shares.begin(entry, SLICE_SECONDS)
            shares.end(entry, 1.0 + client)
            entry.future.cancel()
            shares.leave(entry)
        assert len(shares._addresses) <= 1 + 3 + 1
        assert all(len(address.owners) <= 3 + 1 for address in shares._addresses.values())


@pytest.mark.parametrize(("owners", "seconds"), [(2, 0.05), (20, 0.05), (50, 0.02), (1000, 0.015)])
def test_the_more_share_the_workers_the_shorter_a_slice(owners: int, seconds: float) -> None:
    shares = Shares()
    entries = [Endless(f"owner {number}") for number in range(owners)]
    for entry in entries:
        shares.join(entry)
    assert shares.slice_seconds(entries[0]) == FIRST_SLICE_SECONDS
    entries[0].begun = True
    assert shares.slice_seconds(entries[0]) == seconds
    assert shares.slice_seconds(entries[1]) == FIRST_SLICE_SECONDS


def test_only_the_first_of_an_owner_s_slices_is_very_short() -> None:
    shares = Shares()
    one, other, theirs = Endless("one"), Endless("one"), Endless("another")
    for entry in (one, other, theirs):
        shares.join(entry)
    one.begun = True
    assert shares.slice_seconds(other) == shares.slice_seconds(one) == SLICE_SECONDS
    assert shares.slice_seconds(theirs) == FIRST_SLICE_SECONDS
