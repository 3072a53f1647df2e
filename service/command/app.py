"""The commands, by name; each is imported when it is asked for, since most load PyTorch."""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from service.version import __version__

COMMANDS = {
    "train": "Train a model and say how far it is right.",
    "sweep": "Train a model for every learning rate, width and seed.",
    "run": "Run a PyTorch program in the sandbox.",
    "check": "Judge a program for an exercise by what happens when it runs.",
    "exercises": "List the exercises, or print one to begin with.",
}
"""What there is; each has a module of its name, and `commands` there is a Typer with it."""

EXAMPLES = """\b
Examples:
  python -m service train challenge --lr 1e-3 --steps 20000 --hidden 3
  python -m service COMMAND --help
"""


class LazyCommands(TyperGroup):
    """COMMANDS, of which only the one that was asked for is loaded."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names."""
        return [*COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        return get_command(import_module(f"service.command.{cmd_name}").commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write them down, as help does."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    epilog=EXAMPLES,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def lab(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Backprop Lab on the command line: train, sweep, run and check.

    Results go to stdout; progress and errors to stderr. Exit codes: 0 success; 1 it did not succeed, such as
    a run that diverged or a program that does not pass; 2 what was asked for is not allowed; 130 Ctrl-C.
    """
