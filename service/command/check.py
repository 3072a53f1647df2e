"""`check`: a program, judged for an exercise."""

import json
from typing import Annotated

import typer

from service import InlineExecutor
from service.command.options import FAILED, errors_told
from service.command.programs import ProgramFile, ended, read_program
from service.command.session import Json, opened

EXAMPLES = """\b
Examples:
  python -m service exercises fifteen > fifteen.py
  python -m service check fifteen fifteen.py
"""
commands = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@commands.command(epilog=EXAMPLES)
def check(
    exercise: Annotated[
        str, typer.Argument(metavar="EXERCISE", help="One that `exercises` lists.", show_default=False)
    ],
    program: ProgramFile,
    as_json: Json = False,
) -> None:
    """Run a program for an exercise, and judge it by what happened.

    Exit code 0: it passes; 1: it does not.
    """
    with errors_told(["exercise", "program"]), opened(make_executor=InlineExecutor) as lab:
        end = ended(lab.programs.check(exercise, read_program(program)))
    if as_json:
        typer.echo(json.dumps(end.model_dump(include={"passed", "said", "hint", "radius"})))
    else:
        typer.echo(" ".join(filter(None, ("Passed." if end.passed else "Not passed.", end.said, end.hint))))
    if not end.passed:
        raise typer.Exit(FAILED)
