"""The pool of processes: what it returns, what a death costs, and who is blamed for it."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest

from service.jobs import pool as pools
from service.jobs.pool import MAX_DEATHS, WorkerDied, WorkerPool
from service.jobs.workers import process_pool


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    with process_pool(2) as made:
        yield made


def note(path: Path) -> int:
    """Add the process's id to a file, and return how many are in it."""
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return len(path.read_text().splitlines())


def die(path: Path, how: int) -> None:
    note(path)
    if how < 0:
        os.kill(os.getpid(), -how)
    os._exit(how)


def die_at_first(path: Path) -> str:
    if note(path) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def wait_for(path: Path) -> int:
    """Read a number from a named pipe, once somebody writes it there."""
    return int(path.read_text())


def note_and_wait(path: Path, pipe: Path) -> int:
    note(path)
    return wait_for(pipe)


def process_id(path: Path, number: int) -> int:
    """That which was noted in the file after `number` others."""
    while not path.exists() or len(noted := path.read_text().splitlines()) <= number:
        pass
    return int(noted[number])


class Unpicklable(Exception):
    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


ERRORS = [SystemExit(3), MemoryError("no room"), Unpicklable(1, 2)]


def fail(number: int) -> None:
    raise ERRORS[number]


class TestCalls:
    def test_they_give_what_they_return(self, pool: WorkerPool) -> None:
        assert [*pool.map(divmod, range(50), [7] * 50)] == [divmod(each, 7) for each in range(50)]

    def test_they_raise_what_they_raise_with_where_it_happened(self, pool: WorkerPool) -> None:
        with pytest.raises(ZeroDivisionError) as caught:
            pool.submit(divmod, 1, 0).result()
        assert "Traceback" in caught.value.__notes__[0]

    @pytest.mark.parametrize(
        ("number", "raised", "said"),
        [
            (0, SystemExit, "3"),
            (1, MemoryError, "no room"),
            (2, RuntimeError, "Unpicklable: 1 and 2"),
        ],
    )
    def test_no_error_ends_a_process(
        self, pool: WorkerPool, number: int, raised: type[BaseException], said: str
    ) -> None:
        before = pool.submit(os.getpid).result()
        with pytest.raises(raised, match=said):
            pool.submit(fail, number).result()
        assert pool.submit(os.getpid).result() == before

    def test_what_cannot_be_sent_is_said_where_it_is_asked_for(self, pool: WorkerPool) -> None:
        with pytest.raises((TypeError, AttributeError)):
            pool.submit(lambda: 1).result()
        with pytest.raises(TypeError):
            pool.submit(threading.Lock).result()
        assert pool.submit(int).result() == 0

    def test_none_is_taken_after_the_end(self) -> None:
        pool = process_pool(1)
        last = pool.submit(os.getpid)
        pool.shutdown()
        psutil.wait_procs([psutil.Process(last.result())] if psutil.pid_exists(last.result()) else [], 30)
        assert not psutil.pid_exists(last.result())
        with pytest.raises(RuntimeError, match="after shutdown"):
            pool.submit(int)


class TestDeaths:
    def test_a_call_whose_process_is_killed_is_made_again(self, pool: WorkerPool, tmp_path: Path) -> None:
        assert pool.submit(die_at_first, tmp_path / "deaths").result() == "done"

    @pytest.mark.parametrize("how", [1, -signal.SIGSEGV, -signal.SIGKILL])
    def test_one_that_kills_its_process_is_blamed_after_three(
        self, pool: WorkerPool, tmp_path: Path, how: int
    ) -> None:
        with pytest.raises(WorkerDied, match=r"ended its worker 3 times, .*(SIG|code 1)"):
            pool.submit(die, tmp_path / "deaths", how).result()
        assert len((tmp_path / "deaths").read_text().split()) == MAX_DEATHS
        assert pool.submit(int).result() == 0

    def test_the_calls_beside_it_go_on(self, pool: WorkerPool, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        beside = pool.submit(wait_for, tmp_path / "pipe")
        with pytest.raises(WorkerDied):
            pool.submit(die, tmp_path / "deaths", 1).result()
        (tmp_path / "pipe").write_text("7")
        assert beside.result() == 7

    def test_a_process_that_dies_at_rest_costs_no_call(self, pool: WorkerPool) -> None:
        for _ in range(2 * MAX_DEATHS):
            os.kill(pool.submit(os.getpid).result(), signal.SIGKILL)
        assert pool.submit(int).result() == 0

    def test_nobody_is_blamed_for_a_sigkill_while_others_die(self, pool: WorkerPool, tmp_path: Path) -> None:
        pool.submit(die_at_first, tmp_path / "other").result()
        doomed = pool.submit(die, tmp_path / "deaths", -signal.SIGKILL)
        begin = monotonic()
        with pytest.raises(WorkerDied):
            doomed.result()
        assert monotonic() - begin > pools.BLAMELESS_SECONDS - 1
        assert len((tmp_path / "deaths").read_text().split()) > MAX_DEATHS

    def test_an_exit_is_its_own_doing_even_then(self, pool: WorkerPool, tmp_path: Path) -> None:
        pool.submit(die_at_first, tmp_path / "other").result()
        with pytest.raises(WorkerDied):
            pool.submit(die, tmp_path / "deaths", 1).result()
        assert len((tmp_path / "deaths").read_text().split()) == MAX_DEATHS

    def test_the_fork_server_may_die_too(self, pool: WorkerPool, tmp_path: Path) -> None:
        server = pool.submit(os.getppid).result()
        os.kill(server, signal.SIGKILL)
        assert pool.submit(die_at_first, tmp_path / "deaths").result() == "done"
        assert pool.submit(die_at_first, tmp_path / "more").result() == "done"
        assert pool.submit(os.getppid).result() != server


def test_nobody_is_blamed_for_a_sigkill_while_there_is_no_other_to_die(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    may_start, start = threading.Semaphore(0), pools.Worker

    def when_it_may(*given: Any) -> Any:
        may_start.acquire()
        return start(*given)

    monkeypatch.setattr(pools, "Worker", when_it_may)
    os.mkfifo(tmp_path / "pipe")
    with process_pool(1) as pool:
        call = pool.submit(note_and_wait, tmp_path / "process", tmp_path / "pipe")
        for number in range(MAX_DEATHS):
            may_start.release()
            os.kill(process_id(tmp_path / "process", number), signal.SIGKILL)
        with pytest.raises(TimeoutError):
            call.result(2 * pools.VERDICT_SECONDS)
        may_start.release()
        while not pool._resting:
            assert not call.done()
        os.kill(pool._resting[0]._process.pid or 0, signal.SIGKILL)
        may_start.release(2)
        (tmp_path / "pipe").write_text("7")
        assert call.result() == 7


def test_calls_wait_while_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    failing: list[str] = []
    start = pools.Worker

    def at_first_none(*given: Any) -> Any:
        if len(failing) < 3:
            failing.append("no memory")
            raise OSError("no memory")
        return start(*given)

    monkeypatch.setattr(pools, "Worker", at_first_none)
    with process_pool(1) as pool:
        assert pool.submit(int).result() == 0


def test_a_pool_that_can_start_none_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def none(*_: Any) -> Any:
        raise OSError("no memory")

    monkeypatch.setattr(pools, "Worker", none)
    monkeypatch.setattr(pools, "pause_after", lambda _: 0.0)
    with process_pool(2) as pool:
        with pytest.raises(BrokenExecutor):
            pool.submit(int).result()
        with pytest.raises(BrokenExecutor):
            pool.submit(int)
    assert len(caplog.records) == 1
