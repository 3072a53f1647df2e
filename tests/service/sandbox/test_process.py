"""The second wall: what a program's process may take, and what it has of the server. The first is left out."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, sleep

import pytest

from service.sandbox.process import MEMORY_BYTES, Nursery, ProgramProcess
from service.sandbox.report import ProgramProgress
from tests.service.sandbox.conftest import ENDLESS, PRODUCT, ended

linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux has /proc")


def of_process(pid: int, what: str) -> str:
    text = Path(f"/proc/{pid}/status").read_text()
    return next(line for line in text.splitlines() if line.startswith(what)).split()[1]


def test_a_program_runs_and_reports(nursery: Nursery) -> None:
    report = ended(nursery, PRODUCT.format(rounds=100))
    assert report.printed == "tensor(3.4505, requires_grad=True) tensor(4.3472, requires_grad=True)\n"
    assert report.error is None
    assert (report.backwards, report.steps, report.resets) == (100, 100, 100)
    assert report.losses[0] == 9
    assert 0 < report.seconds < 10


def test_each_run_draws_other_random_numbers(nursery: Nursery) -> None:
    program = "import torch\nprint(torch.rand(3))\n"
    assert ended(nursery, program).printed != ended(nursery, program).printed


def test_what_is_shown_faster_than_it_is_heard_is_told_in_turn(nursery: Nursery) -> None:
    program = "for _ in range(45_000):\n    print(1)\n"
    for _ in range(2):
        process = ProgramProcess(nursery, program, seconds=20, told=lambda _progress: sleep(0.05))
        while not process.advance(1.0):
            pass
        assert process.report is not None
        assert process.report.error is None
        assert process.report.printed == "1\n" * 45_000


def test_a_program_that_computes_too_long_is_stopped_in_time(nursery: Nursery) -> None:
    begin = monotonic()
    report = ended(nursery, ENDLESS, seconds=1)
    # It is the processor's second; so much longer, where others compute beside.
    assert monotonic() - begin < 4
    assert report.error is not None
    assert report.error.text == "The program was stopped after 1 seconds of computing."
    assert report.printed == "begun\n"
    assert report.line in (2, 3)


def test_it_runs_only_while_it_is_let(nursery: Nursery) -> None:
    progress: list[ProgramProgress] = []
    process = ProgramProcess(nursery, ENDLESS, seconds=20, told=progress.append)
    try:
        while not progress:
            assert not process.advance(0.3)
        assert process._pid is not None
        until = monotonic() + 5
        while of_process(process._pid, "State:") != "T":  # the signal was sent, and takes a moment
            assert monotonic() < until
        heard = len(progress)
        assert process._connection is not None
        while process._connection.poll(0):  # what was on its way when it was stopped
            process._connection.recv_bytes()
        assert not process._connection.poll(0.3)
        while len(progress) == heard:
            assert not process.advance(0.3)
    finally:
        process.end()


def test_what_is_ended_is_gone(nursery: Nursery) -> None:
    process = ProgramProcess(nursery, ENDLESS, seconds=20, told=lambda _progress: None)
    process.advance(0.2)
    pid = process._pid
    assert pid is not None
    begin = monotonic()
    assert process.end() == -signal.SIGKILL
    assert monotonic() - begin < 0.5
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert process.advance(0.2)


def test_one_that_was_given_up_before_it_began_never_begins(nursery: Nursery) -> None:
    process = ProgramProcess(nursery, ENDLESS, seconds=20, told=lambda _progress: None)
    assert process.end() is None
    assert process.advance(0.2)
    assert process._pid is None


def test_the_progress_says_the_line_and_the_round(nursery: Nursery) -> None:
    progress: list[ProgramProgress] = []
    process = ProgramProcess(nursery, PRODUCT.format(rounds=50_000), seconds=20, told=progress.append)
    try:
        while not any(each.round for each in progress):
            assert not process.advance(0.2)
    finally:
        process.end()
    last = progress[-1]
    assert last.rounds == 50_000
    assert last.round is not None
    assert 0 < last.round < 50_000
    assert last.line in range(5, 10)


@linux
def test_the_nursery_has_nothing_of_the_server(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    other = Nursery()
    other.start()
    try:
        assert other._process is not None
        pid = other._process.pid
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"HF_TOKEN" not in environment
        assert b"secret" not in environment
        assert of_process(pid, "Threads:") == "1"
        opened = [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()]
        assert not [each for each in opened if each.endswith(".sqlite")]
        assert len([each for each in opened if each.startswith("socket:")]) == 1
    finally:
        other.close()


@linux
def test_the_wall_behind_the_wall(nursery: Nursery) -> None:
    """What a process that has got out of the first wall is still kept from."""
    process = ProgramProcess(nursery, ENDLESS, seconds=20, told=lambda _progress: None)
    try:
        process.advance(0.3)
        pid = process._pid
        assert pid is not None
        assert of_process(pid, "NoNewPrivs:") == "1"
        assert of_process(pid, "Seccomp:") == "2"
        assert nursery._process is not None
        limits = Path(f"/proc/{nursery._process.pid}/limits").read_text()
        assert limits  # it could be read: the next one is the child's own
        child = Path(f"/proc/{pid}/limits").read_text()
        rows = {line[:26].strip(): line[26:].split()[0] for line in child.splitlines()[1:]}
        assert rows["Max cpu time"] == "20"
        assert rows["Max file size"] == "0"
        assert rows["Max processes"] == "0"
        assert int(rows["Max address space"]) > MEMORY_BYTES
    finally:
        process.end()


def test_where_no_process_can_be_begun_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    nursery = Nursery()
    monkeypatch.setattr("service.sandbox.process.START", "raise SystemExit(1)")
    try:
        report = ended(nursery, "print(1)")
        assert report.error is not None
        assert report.error.text == "The program could not be started."
        monkeypatch.undo()
        assert ended(nursery, "print(1)").printed == "1\n"
    finally:
        nursery.close()


def test_who_tells_too_much_is_stopped(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.sandbox.process.MAX_MESSAGES_PER_SECOND", 0)
    report = ended(nursery, ENDLESS)
    assert report.error is not None
    assert report.error.text == "The program was stopped: what it told could not be read."


def test_a_nursery_that_died_is_replaced() -> None:
    nursery = Nursery()
    nursery.start()
    try:
        assert nursery._process is not None
        process = ProgramProcess(nursery, ENDLESS, seconds=20, told=lambda _progress: None)
        process.advance(0.2)
        nursery._process.kill()
        nursery._process.wait()
        assert process.advance(5)  # its child went with it
        assert process.report is not None
        assert process.report.error is not None
        assert ended(nursery, PRODUCT.format(rounds=1)).error is None
    finally:
        nursery.close()


def _start_and_die(told: Connection) -> None:
    nursery = Nursery()
    nursery.start()
    process = ProgramProcess(nursery, ENDLESS, seconds=20, told=lambda _progress: None)
    process.advance(0.2)
    assert nursery._process is not None
    told.send({nursery._process.pid, process._pid})
    os.kill(os.getpid(), signal.SIGKILL)


def _die_while_it_loads(told: Connection) -> None:
    nursery = Nursery()
    threading.Thread(target=nursery.start, daemon=True).start()
    while nursery._process is None:
        sleep(0.01)
    sleep(0.2)  # Python itself has been loaded by then, and torch has not
    told.send({nursery._process.pid})
    os.kill(os.getpid(), signal.SIGKILL)


@linux
@pytest.mark.parametrize("die", [_start_and_die, _die_while_it_loads])
def test_nothing_is_left_of_a_server_that_was_killed(die: Callable[[Connection], None]) -> None:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=die, args=(theirs,))
    server.start()
    left: set[int] = ours.recv()
    server.join()
    until = monotonic() + 2
    while left and monotonic() < until:
        left = {pid for pid in left if _lives(pid)}
    assert not left


def _lives(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return of_process(pid, "State:") != "Z"
    return False


MUCH = """\
import torch
from torch import nn, optim
kinds = [optim.SGD, optim.Adam, optim.AdamW, optim.NAdam, optim.RAdam, optim.Adamax, optim.Adadelta, optim.Adagrad, optim.RMSprop, optim.Rprop, optim.ASGD]
for kind in kinds:
    net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.LayerNorm(8), nn.Dropout(0.1), nn.Linear(8, 5))
    o = kind(net.parameters(), lr=0.01)
    s = optim.lr_scheduler.StepLR(o, 1)
    for _ in range(2):
        loss = nn.MSELoss()(net(torch.rand(4, 3)), torch.rand(4, 5))
        loss.backward()
        o.step()
        o.zero_grad()
        s.step()
    print(kind, loss.item() > 0)
gru = nn.GRU(3, 4)
out, h = gru(torch.rand(5, 2, 3)); out.sum().backward()
c = nn.Conv2d(1, 2, 3)(torch.rand(1, 1, 8, 8)); c.sum().backward()
print(torch.einsum('ij,jk->ik', torch.rand(2,2), torch.rand(2,2)).shape)
g = torch.autograd.grad((net[0].weight ** 2).sum(), net[0].weight)
print(g[0].shape, net.state_dict().keys())
net.load_state_dict(net.state_dict())
print(f"{loss:.3f} {loss.item():>10.2e}")
w = torch.rand(3, requires_grad=True)
print(w.sum(), w.grad_fn, (w*2).grad_fn)
"""


def test_nothing_that_it_uses_has_still_to_be_loaded(nursery: Nursery) -> None:
    """Where no file can be opened, an import at its first use would fail."""
    report = ended(nursery, MUCH)
    assert report.error is None
    assert report.printed.count("True") == 11
