"""What `run` and `check` have in common: a program, read and run to its end."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer

from service import InvalidInput, ProgramEnd, ProgramProgress
from service.command.session import run_until_interrupted

ProgramFile = Annotated[
    str, typer.Argument(metavar="PROGRAM", help="A file with a program, or - for stdin.", show_default=False)
]


def read_program(path: str) -> str:
    """The text of a program. Raises InvalidInput."""
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InvalidInput("program", path, "a file of text that can be read, or - for stdin") from None


def ended(told: AsyncIterator[ProgramProgress | ProgramEnd]) -> ProgramEnd:
    """What the program came to. On Ctrl-C it is ended, and the process exits."""

    async def last() -> ProgramEnd:
        *_, end = [each async for each in told]
        assert isinstance(end, ProgramEnd)
        return end

    return run_until_interrupted(last(), lambda: "Stopped.")
