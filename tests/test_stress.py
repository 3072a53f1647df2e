"""Each row of the table of promises, small: whatever the speed, nothing fails and everything is right.

`make stress` measures them at full size.
"""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from benchmarks.stress import (
    cancels,
    crashes,
    crowd,
    faults,
    floods,
    kills,
    limits,
    owners,
    reconnects,
    sessions,
)
from benchmarks.stress.rows import Row
from benchmarks.stress.server import Server, running
from tests.conftest import run_async

Rows = Coroutine[Any, Any, list[Row]]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A lab of its own, for what others would suffer from."""
    with running() as server:
        yield server


@pytest.mark.parametrize("run", [floods.run, owners.run, cancels.run])
def test_it_goes_on_beside_whatever_one_client_does(
    server: Server, run: Callable[[Server, float], Rows]
) -> None:
    """Each trains or cancels for others meanwhile, and raises where that is refused or fails."""
    assert run_async(run(server, 0.02))
    assert "Traceback" not in server.text()


def test_a_crowd_meets_no_error(server: Server) -> None:
    learners, tasks = run_async(crowd.run(server, 0.05))
    assert "0 errors" in learners.measured, learners
    assert tasks.measured


def test_every_point_comes_once_in_order(server: Server) -> None:
    (row,) = run_async(reconnects.run(server, 0.03))
    assert row.holds, row


def test_calls_leave_nothing_behind(server: Server) -> None:
    _, without_session = run_async(sessions.run(server, 0.03))
    assert without_session.holds, without_session


@pytest.mark.parametrize(("run", "scale"), [(limits.run, 1.0), (crashes.run, 0.1)])
def test_it_holds_where_something_is_reached_or_dies(run: Callable[[float], Rows], scale: float) -> None:
    (row,) = run_async(run(scale))
    assert row.holds, row


def test_a_full_disk_and_each_start_that_cannot_be_are_put_into_words() -> None:
    for row in run_async(faults.run(0.1)):
        assert row.holds, row


def test_no_job_is_lost_with_the_server() -> None:
    (row,) = run_async(kills.run(0.02))
    assert row.holds, row
