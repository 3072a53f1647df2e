"""The endpoints that run and judge programs that somebody wrote."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import gradio as gr
from pydantic import Field

from service import JUDGED, ProgramEnd, ProgramProgress, TrainingService
from ui.visitors import owner_of

Program = Annotated[
    str,
    "a program in Python and PyTorch, at most 20,000 characters, which may import torch, its nn and optim, "
    "math and random",
    Field(max_length=20_000, examples=["import torch\nprint(torch.tensor(3.0) * 4)\n"]),
]


async def run_program(
    service: TrainingService, program: Program, request: gr.Request | None = None
) -> dict[str, Any]:
    """Run a program on real PyTorch and return what it showed.

    `printed`: all that print wrote. `values`: [{line, text}] of the lines that hold just an expression.
    `error`: null, or {text, meaning}: Python's last line, and what it means if that is known. `line`: where.
    `losses`: those it kept in a list, or else those it called backward on; of many, every `loss_every`th.
    `seconds`: of the processor. `model_id`: of the network of 3 inputs and 5 outputs that it made, for
    /predict, /certify and /export; null if it made none, or where `no_model` says why not.
    """
    end = await _ended(service.programs.run(program, owner=owner_of(request)))
    report = end.report
    return {
        "printed": report.printed,
        "values": [{"line": each.line, "text": each.text} for each in report.shown if each.kind == "value"],
        "error": report.error and report.error.model_dump(),
        "line": report.line,
        "losses": report.losses,
        "loss_every": report.loss_every,
        "seconds": report.seconds,
        "model_id": end.model_id,
        "no_model": end.no_model,
    }


async def check_program(
    service: TrainingService,
    exercise: Annotated[
        str, "the name of an exercise: " + ", ".join(JUDGED), Field(json_schema_extra={"enum": [*JUDGED]})
    ],
    program: Program,
    request: gr.Request | None = None,
) -> dict[str, Any]:
    """Run a program for an exercise and judge it by what happened.

    `passed`: whether it does what is asked, however it is written. `said`: what happened in it. `hint`: what
    to look at next, or null. `radius`: how far its network is certified, where the exercise asks for that.
    """
    end = await _ended(service.programs.check(exercise, program, owner=owner_of(request)))
    return {"passed": end.passed, "said": end.said, "hint": end.hint, "radius": end.radius}


async def _ended(told: AsyncIterator[ProgramProgress | ProgramEnd]) -> ProgramEnd:
    last: ProgramProgress | ProgramEnd | None = None
    async for each in told:
        last = each
    assert isinstance(last, ProgramEnd)
    return last
