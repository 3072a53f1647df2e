"""The lab's own time: however the computer's clock jumps, it never goes back, and never far ahead."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import InlineExecutor, TrainingService
from service.jobs import clock
from service.jobs.clock import MAX_AWAY_HOURS, LabClock, iso
from service.jobs.database import Database

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
MINE = "a" * 32

Set = Callable[[timedelta], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set the computer's clock, by how far it is ahead."""

    class Wrong(datetime):
        ahead = timedelta(0)

        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(UTC) + cls.ahead

    monkeypatch.setattr(clock, "datetime", Wrong)
    return lambda ahead: setattr(Wrong, "ahead", ahead)


def test_it_passes_as_the_process_runs(monkeypatch: pytest.MonkeyPatch, set_clock: Set) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 100.0)
    lab = LabClock(BEGIN, datetime.now(UTC) + YEAR)
    set_clock(YEAR)
    monkeypatch.setattr(clock, "monotonic", lambda: 107.5)
    assert lab.now() == iso(BEGIN + timedelta(seconds=7.5))
    assert lab.now(ago_seconds=10) == iso(BEGIN - timedelta(seconds=2.5)) < lab.now()


@given(st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000)))
def test_between_two_starts_it_goes_on_by_no_more_than_half_a_day(away: timedelta) -> None:
    shown = datetime.fromisoformat(LabClock(BEGIN, datetime.now(UTC) - away).now())
    most = min(max(away, timedelta(0)), timedelta(hours=MAX_AWAY_HOURS))
    assert timedelta(0) <= shown - BEGIN - most <= timedelta(seconds=5)


def test_starts_by_a_wrong_clock_count_once(tmp_path: Path, set_clock: Set) -> None:
    path = tmp_path / "lab.sqlite"

    def started() -> datetime:
        with closing(Database(path)) as database:
            return datetime.fromisoformat(database.clock.now())

    first = started()
    set_clock(YEAR)
    for _ in range(3):
        assert timedelta(0) < started() - first < timedelta(hours=MAX_AWAY_HOURS + 1)
    set_clock(timedelta(0))
    assert timedelta(0) < started() - first < timedelta(hours=MAX_AWAY_HOURS + 1)


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
@pytest.mark.parametrize("restarted", [False, True])
def test_what_was_removed_a_minute_ago_outlives_a_clock_that_jumps(
    tmp_path: Path, set_clock: Set, jump: timedelta, restarted: bool
) -> None:
    def opened() -> TrainingService:
        return TrainingService(tmp_path, workers=1, make_executor=InlineExecutor)

    def add(lab: TrainingService) -> str:
        model = lab.create_model("product").id
        lab.runs.keep(MINE, model)
        return model

    lab = opened()
    removed, later = add(lab), add(lab)
    lab.runs.remove(MINE, [removed])
    for ahead in (jump, timedelta(0)):
        if restarted:
            lab.close()
        set_clock(ahead)
        lab = opened() if restarted else lab
        add(lab)
    lab.runs.remove(MINE, [later])
    assert lab.runs.last_removed(MINE) == [later]
    lab.runs.restore(MINE, [later])
    assert lab.runs.last_removed(MINE) == [removed]
    lab.runs.restore(MINE, [removed])
    lab.close()


@pytest.mark.parametrize("damage", ["DELETE FROM clock", "UPDATE clock SET moment = 'noon'"])
def test_a_time_that_cannot_be_read_begins_anew(tmp_path: Path, damage: str) -> None:
    with closing(Database(tmp_path / "lab.sqlite")) as database:
        database.rows(damage)
        database._note_clock = lambda: None
    with closing(Database(tmp_path / "lab.sqlite")) as database:
        assert database.clock.now()[:10] == iso(datetime.now(UTC))[:10]
