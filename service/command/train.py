"""`train`: one model, trained, certified, and taken home."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from service import InlineExecutor, InvalidInput, Job, JobStatus, export, with_momentum
from service.command.options import FAILED, command
from service.command.session import (
    DataFolder,
    Json,
    Momentum,
    follow,
    opened,
    options,
    with_own_data,
)
from service.errors import one_of
from service.takeaway.exports import FORMATS
from service.takeaway.loggers import LOGGERS, check_logging, log_run

ENDINGS = {kind.suffix: name for name, kind in FORMATS.items()}
"""The format of a file by what stands after the period of its name."""
ExportFile = Annotated[
    Path | None,
    typer.Option(
        "--export",
        metavar="FILE",
        help=f"Write the model to a file that ends in {', '.join(f'.{each}' for each in ENDINGS)}.",
    ),
]
FormatName = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help=f"What to write, whatever its end: {', '.join(FORMATS)}."),
]
LogTo = Annotated[
    list[str] | None,
    typer.Option(
        "--log",
        metavar="NAME:FOLDER",
        help=f"Log the run to a folder, as tensorboard:runs; one of {', '.join(LOGGERS)}. Can be repeated.",
    ),
]

EXAMPLES = """\b
Examples:
  python -m service train challenge --lr 1e-3 --steps 20000 --hidden 3
  python -m service train challenge --hidden none --lr 0.005 --export run.safetensors
  python -m service train product --start 3,4 --target 15 --steps 100 --json
  python -m service train challenge --dataset my.csv --held-out 0.2 --log tensorboard:runs
"""


def train(
    model: dict[str, Any],
    training: dict[str, Any],
    momentum: Momentum = None,
    export_to: ExportFile = None,
    format_name: FormatName = None,
    log: LogTo = None,
    data: DataFolder = None,
    as_json: Json = False,
) -> None:
    """Train a model and say how far it is right.

    A dataset may be a CSV file with the columns a, b, c and 5 targets. Exit code 1: it diverged or failed.
    """
    format = _export_format(export_to, format_name)
    targets = [_log_target(each) for each in log or []]
    with opened(data, InlineExecutor) as lab:
        config = with_own_data(lab, with_momentum(training, momentum))
        made = lab.create_model(**model)
        if format:
            export(lab.snapshot(made.id), format)  # what has no such format is refused before it trains
        (job,) = follow(lab, [lab.submit(made.id, **config)])
        snapshot = lab.snapshot(made.id)
        certificate = snapshot.certify() if snapshot.task.analysis else None
        if export_to and format:
            _write(export_to, export(snapshot, format).content)
        for name, folder in targets:
            log_run(snapshot, name, folder)
    if as_json:
        told = {"model": snapshot.model, "job": job, "certificate": certificate}
        typer.echo(json.dumps({name: each and each.model_dump(mode="json") for name, each in told.items()}))
    else:
        shape = snapshot.task.shape(snapshot.options)
        typer.echo(f"{snapshot.task.name} ({shape}), {_ended(job)}")
        if certificate:
            typer.echo(f"{certificate.verdict}\n{certificate.claim}\n{certificate.sentence}")
        if job.note:
            typer.echo(job.note)
        if export_to:
            typer.echo(f"Wrote {export_to}.")
        for name, folder in targets:
            typer.echo(f"Logged to {name} in {folder}.")
    if job.error:
        typer.echo(job.error, err=True)
    if job.status is not JobStatus.succeeded:
        raise typer.Exit(FAILED)


def _ended(job: Job) -> str:
    loss = "" if job.loss is None else f", loss {job.loss:.6g}"
    return f"{job.status} at step {job.step:,}{loss}"


def _export_format(path: Path | None, format: str | None) -> str | None:
    """The format to export in, None for no export. Raises InvalidInput."""
    if path is None:
        if format is not None:
            raise InvalidInput("format", format, "left out without --export")
        return None
    if not path.parent.is_dir() or path.is_dir():
        raise InvalidInput("export", str(path), "a file in a folder that there is")
    if format is not None:
        return one_of("format", format, FORMATS)
    suffix = path.suffix.removeprefix(".").lower()
    if suffix not in ENDINGS:
        endings = ", ".join(f".{each}" for each in ENDINGS)
        raise InvalidInput("export", str(path), f"a file that ends in {endings}, or be given with --format")
    return ENDINGS[suffix]


def _log_target(text: str) -> tuple[str, Path]:
    """The logger, and the folder for it. Raises InvalidInput, NotInstalled."""
    name, _, folder = text.partition(":")
    if name not in LOGGERS or not folder:
        allowed = f"one of {', '.join(LOGGERS)}, a colon and a folder, such as tensorboard:runs"
        raise InvalidInput("log", text, allowed)
    check_logging(name, Path(folder))
    return name, Path(folder)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InvalidInput("export", str(path), f"a file that can be written ({error.strerror})") from None


commands = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
commands.command(epilog=EXAMPLES)(
    command(train, {"model": options("model"), "training": options("training")})
)
