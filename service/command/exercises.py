"""`exercises`: what there is to write and to repair."""

import json
import textwrap
from typing import Annotated

import typer

from service import JUDGED, Exercise
from service.command.options import errors_told
from service.command.session import Json
from service.errors import one_of

EXAMPLES = """\b
Examples:
  python -m service exercises
  python -m service exercises fifteen > fifteen.py
"""
commands = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@commands.command(epilog=EXAMPLES)
def exercises(
    exercise: Annotated[
        str | None,
        typer.Argument(metavar="EXERCISE", help="The one to print.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the exercises by name, or print what one asks for with the program to begin with."""
    with errors_told(["exercise"]):
        chosen = None if exercise is None else JUDGED[one_of("exercise", exercise, JUDGED)]
    if chosen is None and as_json:
        typer.echo(json.dumps({name: each.title for name, each in JUDGED.items()}))
    elif chosen is None:
        widest = max(map(len, JUDGED))
        typer.echo("\n".join(f"{name:{widest}}  {each.title}" for name, each in JUDGED.items()))
    elif as_json:
        typer.echo(json.dumps({"name": chosen.name, "task": chosen.task, "start": _start(chosen)}))
    else:
        typer.echo(textwrap.indent(textwrap.fill(chosen.task, 96), "# ") + "\n\n" + _start(chosen), nl=False)


def _start(exercise: Exercise) -> str:
    """The program to begin with; lines to be put in order stand below it as they are dealt."""
    lines = "".join(f"# {line.strip()}\n" for line in exercise.lines)
    return exercise.start.strip("\n") + "\n" + lines
