"""From the service's own arguments to options, and from its errors to sentences about these."""

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import Parameter
from typing import Annotated, Any

import typer

from service.errors import InvalidInput, LabError
from service.numbers import read_number
from service.records import Argument

OPTION_NAMES = {"learning_rate": "--lr", "learning_rates": "--lr", "seeds": "--seed"}
"""The options that are not called as their argument."""
OWN_FIELDS = ("learning_rates", "hidden", "seeds", "momentum", "export", "format", "log", "data")
"""What commands take beside the arguments of a model and a training."""
POSITIONAL = ("task", "exercise", "program")
FAILED, MISUSED, INTERRUPTED = 1, 2, 130
"""Exit codes."""


def option_name(field: str) -> str:
    """What a person types for an argument of the service."""
    if field in POSITIONAL:
        return field.upper()
    return OPTION_NAMES.get(field, "--" + field.replace("_", "-"))


@contextmanager
def errors_told(fields: Sequence[str]) -> Iterator[None]:
    """Tell an error of the lab in one sentence on stderr, and exit with its code.

    The `fields` that may be wrong are called as they were typed.
    """
    try:
        yield
    except InvalidInput as error:
        name, bracket, place = error.field.partition("[")
        called = option_name(name) + bracket + place if name in fields else error.field
        typer.echo(error.sentence(called), err=True)
        raise typer.Exit(MISUSED) from None
    except LabError as error:
        typer.echo(str(error).replace("set LAB_DATA to another", "give --data another"), err=True)
        raise typer.Exit(FAILED) from None


def typed_number(text: str) -> int | float | str:
    """The number that the text is, or else the text, for the service to say what is wrong with it."""
    number = read_number(text)
    return text if number is None else number


def typed_numbers(text: str) -> list[int | float | str]:
    """Numbers with commas between them; an empty text and the word none have none."""
    return [] if text.strip() in ("", "none") else [typed_number(part.strip()) for part in text.split(",")]


def typed_json(text: str) -> Any:
    """What the JSON means; or else the text, for the service to refuse."""
    try:
        return json.loads(text)
    except ValueError:
        return text


LISTS = {"hidden": "8,8", "start": "3,4"}
"""The arguments that are lists, each with an example."""


def _read(name: str, argument: Argument) -> tuple[str, Callable[[str], Any]]:
    """What stands for a value of the argument in the help, and how its text is read."""
    if name in LISTS:
        return LISTS[name], typed_numbers
    if name == "target":
        return "15 or 1,2,3,4,5", lambda text: typed_numbers(text) if "," in text else typed_number(text)
    if name == "settings":
        return "JSON", typed_json
    if "int" in str(argument.type) or "float" in str(argument.type):
        return "NUMBER", typed_number
    return "NAME", str


def option(name: str, argument: Argument, *, several: bool = False) -> Parameter:
    """The argument as a parameter of a command, which None stands for where it is not given.

    Of `several`, each time it is given adds its values.
    """
    metavar, parser = _read(name, argument)
    # null is a word of JSON; here, it is leaving the option out.
    title = re.sub(r"\(null(:?)", r"(left out\1", argument.title)
    words = f"{title[0].upper()}{title[1:]}: {argument.allowed}."
    annotation: Any = Annotated[
        str if name in POSITIONAL else Any,
        typer.Argument(metavar=name.upper(), help=words, show_default=False)
        if name in POSITIONAL
        else typer.Option(
            option_name(name),
            metavar=metavar,
            parser=parser,
            help=words + (f" Default: {argument.default}." if argument.default not in NOTHING else ""),
            show_default=False,
        ),
    ]
    default = Parameter.empty if name in POSITIONAL else None
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


NOTHING = (None, Parameter.empty)
"""Defaults that are not told: those that are a task's own."""


def command(function: Callable[..., None], groups: Mapping[str, Sequence[Parameter]]) -> Callable[..., None]:
    """The function as Typer has to find it, with a parameter for each option.

    A dict of those that were given takes the place of each of the `groups`. Errors are told.
    """
    parameters = inspect.signature(function).parameters
    flat = [each for name in groups for each in groups[name]]
    own = [
        each.replace(kind=Parameter.KEYWORD_ONLY) for each in parameters.values() if each.name not in groups
    ]
    fields = [*OWN_FIELDS, *(each.name for each in flat)]

    def call(**given: Any) -> None:
        grouped = {
            group: {each.name: value for each in members if (value := given.pop(each.name)) is not None}
            for group, members in groups.items()
        }
        with errors_told(fields):
            function(**grouped, **given)

    vars(call)["__signature__"] = inspect.Signature([*flat, *own])
    call.__doc__ = function.__doc__
    return call
