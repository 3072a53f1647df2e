"""Which runs the table lists, and how: filtered, in order, those of a sweep together, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from service import Run
from ui.components.panels import STATUS
from ui.components.settings import Names, settings_of

ROWS_PER_PAGE = 25

Radii = Mapping[str, int | None]
"""The certified radii by model, where they are known."""


def known_radius(radius: int | None) -> int:
    """The radius, below all others where there is none."""
    return -1 if radius is None else radius


ORDERS: dict[str, tuple[str, Callable[[Run, Radii], float]]] = {
    "newest": ("newest first", lambda run, _: -run.number),
    "loss": ("smallest loss first", lambda run, _: inf if run.loss is None else run.loss),
    "radius": ("largest radius first", lambda run, radii: -known_radius(radii.get(run.model.id))),
    "seconds": ("longest first", lambda run, _: -run.seconds),
}
"""By what the table can be ordered: what that is called, and the key to sort by."""


@dataclass
class Listing:
    """What somebody has asked to see of the runs."""

    query: str = ""
    order: str = "newest"
    page: int = 0
    unfolded: set[str] = field(default_factory=set)
    """The sweeps whose runs are listed one by one."""
    chosen: set[str] = field(default_factory=set)
    """The models of the runs that are chosen."""


@dataclass(frozen=True)
class Fold:
    """The runs of one sweep, in the table's order: one row, above those of its runs if it is unfolded."""

    sweep: str
    runs: Sequence[Run]
    unfolded: bool

    @property
    def best(self) -> float | None:
        """The smallest loss among them; None if none of them has one."""
        return min((run.loss for run in self.runs if run.loss is not None), default=None)


@dataclass(frozen=True)
class Listed:
    """A page of the table."""

    found: Sequence[Run]
    """All runs that the query finds, in order."""
    rows: Sequence[Run | Fold]
    page: int
    pages: int


def listed(runs: Sequence[Run], radii: Radii, listing: Listing, names: Names) -> Listed:
    """The page that is asked for, or the last one there is."""
    found = sorted(
        (run for run in runs if matches(run, listing.query, names)),
        key=lambda run: ORDERS[listing.order][1](run, radii),
    )
    rows = _folded(found, listing.unfolded)
    pages = max(1, -(-len(rows) // ROWS_PER_PAGE))
    page = max(0, min(listing.page, pages - 1))
    return Listed(found, rows[page * ROWS_PER_PAGE : (page + 1) * ROWS_PER_PAGE], page, pages)


def matches(run: Run, query: str, names: Names) -> bool:
    """Whether every word of the query occurs in the run's name, settings or status, in any case.

    A number is in settings only where it begins a word: 3 is no part of 0.003.
    """
    settings = " ".join(f"{name} {value}" for name, value in settings_of(run, names).items())
    said, name = f"{_status(run)} {settings}".casefold(), run.name.casefold()
    return all(
        word in name
        or (any(each.startswith(word) for each in said.split()) if _has_digit(word) else word in said)
        for word in query.casefold().split()
    )


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _status(run: Run) -> str:
    return "not trained" if run.job is None else f"{run.job.status} {STATUS[run.job.status][1]}"


def _folded(runs: Sequence[Run], unfolded: set[str]) -> list[Run | Fold]:
    """The runs in order, those of a sweep where the first of them stands. One alone is a row like others."""
    together: dict[str, list[Run]] = {}
    for run in runs:
        together.setdefault(run.sweep or run.model.id, []).append(run)
    rows: list[Run | Fold] = []
    for sweep, group in together.items():
        if len(group) > 1:
            rows.append(Fold(sweep, group, sweep in unfolded))
        if len(group) == 1 or sweep in unfolded:
            rows += group
    return rows
