"""The process that programs are forked from, and programs to try."""

import asyncio
from collections.abc import Iterator

import pytest

from service import ProgramEnd, ProgramProgress, TrainingService
from service.sandbox.process import Nursery, ProgramProcess
from service.sandbox.report import ProgramReport
from tests.conftest import run_async

PRODUCT = """\
import torch
var_1 = torch.tensor(3., requires_grad=True)
var_2 = torch.tensor(4., requires_grad=True)
my_sgd = torch.optim.SGD([var_1, var_2], lr=3e-3)
for _ in range({rounds}):
    loss = (15 - var_1 * var_2) ** 2
    loss.backward()
    my_sgd.step()
    my_sgd.zero_grad()
print(var_1, var_2)
"""
ENDLESS = "print('begun')\nwhile True:\n    pass\n"


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One for all tests that only use it."""
    shared = Nursery()
    shared.start()
    yield shared
    shared.close()


def ended(nursery: Nursery, program: str, *, seconds: int = 20, rate_factor: float = 1.0) -> ProgramReport:
    """What a program comes to in a process of its own."""
    process = ProgramProcess(
        nursery, program, seconds=seconds, rate_factor=rate_factor, told=lambda _progress: None
    )
    while not process.advance(1.0):
        pass
    assert process.report is not None
    return process.report


def told(lab: TrainingService, program: str, owner: str = "") -> list[ProgramProgress | ProgramEnd]:
    """All that is told of a program."""

    async def collect() -> list[ProgramProgress | ProgramEnd]:
        return [each async for each in lab.programs.run(program, owner=owner)]

    return run_async(collect())


def end_of(lab: TrainingService, program: str) -> ProgramEnd:
    """What a program comes to."""
    last = told(lab, program)[-1]
    assert isinstance(last, ProgramEnd)
    return last


async def first_progress(lab: TrainingService, program: str, owner: str, release: asyncio.Event) -> None:
    """Run a program until it has begun, then hold it until `release` is set, and give it up."""
    running = lab.programs.run(program, owner=owner)
    async for each in running:
        if isinstance(each, ProgramProgress) and not each.waiting:
            break
    release.set()
    await running.aclose()  # pyright: ignore[reportAttributeAccessIssue]
