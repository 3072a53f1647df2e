"""`run`: a program in the sandbox."""

import typer

from service import InlineExecutor, ProgramReport
from service.command.options import FAILED, errors_told
from service.command.programs import ProgramFile, ended, read_program
from service.command.session import Json, opened

EXAMPLES = """\b
Examples:
  python -m service run program.py
  echo "print(1 + 1)" | python -m service run -
"""
commands = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@commands.command(epilog=EXAMPLES)
def run(program: ProgramFile, as_json: Json = False) -> None:
    """Run a PyTorch program in the sandbox, and print what it prints.

    It may import torch, its nn and optim, math and random, and compute for LAB_PROGRAM_SECONDS (30). Exit
    code 1: an error ended it, which stderr tells with its line.
    """
    with errors_told(["program"]), opened(make_executor=InlineExecutor) as lab:
        report = ended(lab.programs.run(read_program(program))).report
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        for each in report.shown:
            typer.echo(each.text, nl=each.kind == "value")
        if report.error:
            typer.echo(_error(report), err=True)
    if report.error:
        raise typer.Exit(FAILED)


def _error(report: ProgramReport) -> str:
    assert report.error is not None
    place = f"Line {report.line}: " if report.line else ""
    return "\n".join(filter(None, (f"{place}{report.error.text}", report.error.meaning)))
