"""Whose turn it is, among those who share the workers.

An owner may be written "address/client". The workers are shared among the addresses first: the next slice
goes to the address that has been served least, and there to the owner who has been served least, of several
to whoever waits longest, and of one owner's entries to the first that waits. An owner without a slash is an
address with one client.

Nobody gathers credit by being away; a debt lasts until the others have been served as much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from service.jobs.entries import Entry

SLICE_SECONDS = 0.05
"""How long a slice is while others wait, and below, while nobody does: a newcomer may wait for so long."""
LONE_SLICE_SECONDS = 0.2
FIRST_SLICE_SECONDS = 0.01
"""How long an owner's first slice is while others wait."""
ROUND_SECONDS = 1.0
"""How long a slice of every owner takes together at most, so that all are served often."""
MIN_SLICE_SECONDS = 0.015
"""How long a slice is at least, however many owners there are: each costs some milliseconds more."""
MAX_DEBTORS = 1000
"""Of those who are away, so many are remembered, the most indebted."""


@dataclass(eq=False)
class _Owner:
    served: float
    """Seconds, and for whoever comes later what the others had had by then."""
    line: list[Entry] = field(default_factory=list)

    @property
    def present(self) -> bool:
        return bool(self.line)

    def waiting(self) -> Entry | None:
        """The first that waits."""
        return next((entry for entry in self.line if entry.waiting), None)


@dataclass(eq=False)
class _Address:
    served: float
    owners: dict[str, _Owner] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        return any(owner.present for owner in self.owners.values())

    def waiting(self) -> Entry | None:
        """What comes next of all its owners."""
        return _first(self.owners)


Share = TypeVar("Share", _Owner, _Address)


class Shares:
    """The entries that want slices, and what their owners have had. For one thread."""

    def __init__(self) -> None:
        # In either dictionary, whoever has waited longest comes first.
        self._addresses: dict[str, _Address] = {}
        self.running = 0
        """How many slices are in flight."""

    def __iter__(self) -> Iterator[Entry]:
        """Every entry."""
        for address in self._addresses.values():
            for owner in address.owners.values():
                yield from owner.line

    def join(self, entry: Entry) -> None:
        """Take an entry in, as the last of its owner's."""
        at = _address(entry.owner)
        address = _enter(self._addresses, at, _Address)
        if not address.present:
            address.owners.clear()  # to the others of the address, who are away, nobody owes anything
        _enter(address.owners, entry.owner, _Owner).line.append(entry)

    def next(self) -> Entry | None:
        """Whose turn it is, if anybody waits."""
        return _first(self._addresses)

    def slice_seconds(self, entry: Entry, stretch: float = 1.0) -> float:
        """How long its next slice is to be; `stretch` times as long while others wait."""
        if not any(other.waiting for other in self if other is not entry):
            return LONE_SLICE_SECONDS
        line = self._addresses[_address(entry.owner)].owners[entry.owner].line
        if not any(each.begun for each in line):
            return stretch * FIRST_SLICE_SECONDS
        owners = sum(owner.present for each in self._addresses.values() for owner in each.owners.values())
        return stretch * max(MIN_SLICE_SECONDS, min(SLICE_SECONDS, ROUND_SECONDS / owners))

    def begin(self, entry: Entry, seconds: float) -> None:
        """Note that a slice of the entry is in flight.

        It is charged in advance, so that one owner's two entries do not take both workers at once.
        """
        entry.running = True
        entry.reserved_seconds = seconds
        self.running += 1
        self._charge(entry.owner, seconds)

    def end(self, entry: Entry, seconds: float) -> None:
        """Note that the slice is over, and taken up, and how many seconds of a worker it took."""
        entry.running = False
        self.running -= 1
        self._charge(entry.owner, seconds - entry.reserved_seconds)
        # To the end of every line, so that those who are served alike take turns.
        at = _address(entry.owner)
        address = self._addresses[at]
        address.owners[entry.owner].line.remove(entry)
        address.owners[entry.owner].line.append(entry)
        address.owners[entry.owner] = address.owners.pop(entry.owner)
        self._addresses[at] = self._addresses.pop(at)
        self.leave(entry)

    def leave(self, entry: Entry) -> None:
        """Let go of an entry that has ended, unless a slice of it is in flight: then it goes with that."""
        address = self._addresses.get(_address(entry.owner))
        owner = address and address.owners.get(entry.owner)
        if owner and entry.ended and not entry.running and entry in owner.line:
            owner.line.remove(entry)

    def served(self, owner: str) -> float:
        """What the owner has been charged, in seconds; 0 for one who is not remembered."""
        address = self._addresses.get(_address(owner))
        known = address and address.owners.get(owner)
        return known.served if known else 0.0

    def _charge(self, owner: str, seconds: float) -> None:
        address = self._addresses[_address(owner)]
        address.served += seconds
        address.owners[owner].served += seconds


def _address(owner: str) -> str:
    return owner.partition("/")[0]


def _first(shares: dict[str, _Owner] | dict[str, _Address]) -> Entry | None:
    for share in sorted(shares.values(), key=lambda share: share.served):
        if entry := share.waiting():
            return entry
    return None


def _enter(shares: dict[str, Share], name: str, make: type[Share]) -> Share:
    """The share of that name, which is there from now on."""
    present = [share.served for share in shares.values() if share.present]
    floor = min(present, default=0.0)
    debts = {each: share for each, share in shares.items() if not share.present}
    kept = {each: share for each, share in debts.items() if present and share.served > floor}
    if len(kept) > MAX_DEBTORS:
        most = sorted(kept, key=lambda each: kept[each].served)[-MAX_DEBTORS:]
        kept = {each: kept[each] for each in most}
    for each in debts.keys() - kept.keys():
        del shares[each]
    return shares.setdefault(name, make(floor))
