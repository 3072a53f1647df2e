"""`sweep`: a model for every learning rate, width and seed, in a table."""

import csv
import io
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from service import JobStatus, with_momentum
from service.command.options import FAILED, command, typed_numbers
from service.command.session import (
    DataFolder,
    Json,
    Momentum,
    follow,
    opened,
    options,
    with_own_data,
)

Rates = Annotated[
    list[str],
    typer.Option(
        "--lr", metavar="1e-3,3e-3", help="The learning rates to try: numbers above 0 and at most 1000."
    ),
]
Widths = Annotated[
    list[str] | None,
    typer.Option(
        "--hidden",
        metavar="8,8",
        help="The layer widths of a network to try, none for no hidden layer. Repeat it for others.",
    ),
]
Seeds = Annotated[
    list[str] | None, typer.Option("--seed", metavar="0,1,2", help="The seeds to try. Default: 0.")
]
Csv = Annotated[bool, typer.Option("--csv", help="Print the table as CSV.")]

EXAMPLES = """\b
Examples:
  python -m service sweep challenge --lr 1e-3,3e-3 --hidden 3 --hidden 8,8 --seed 0,1
  python -m service sweep challenge --lr 1e-3 --seed 0,1,2 --steps 5000 --csv > sweep.csv
"""


def sweep(
    model: dict[str, Any],
    training: dict[str, Any],
    learning_rates: Rates,
    hidden: Widths = None,
    seeds: Seeds = None,
    momentum: Momentum = None,
    data: DataFolder = None,
    as_csv: Csv = False,
    as_json: Json = False,
) -> None:
    """Train a new model for every learning rate, width and seed, at most 200, on all cores.

    All else is the same for all. Exit code 1: none of the runs succeeded.
    """
    task = model.pop("task")
    grid = {
        "learning_rates": [each for text in learning_rates for each in typed_numbers(text)],
        "hidden": [typed_numbers(text) for text in hidden] if hidden else None,
        "seeds": [each for text in seeds for each in typed_numbers(text)] if seeds else None,
    }
    with opened(data) as lab:
        config = with_own_data(lab, with_momentum(training, momentum))
        jobs = follow(lab, lab.sweep(task, grid, model, config))
        models = [lab.model(job.model_id) for job in jobs]
        radii = lab.runs.radii([each.id for each in models], float("inf"))
    rows = [
        {
            "learning_rate": job.config.learning_rate,
            "hidden": made.options.get("hidden"),
            "seed": made.seed,
            "status": str(job.status),
            "step": job.step,
            "loss": job.loss,
            "radius": radii.get(made.id),
        }
        for made, job in zip(models, jobs, strict=True)
    ]
    if as_json:
        typer.echo(json.dumps(rows))
    elif as_csv:
        typer.echo(_csv(rows), nl=False)
    else:
        Console().print(_table(rows))
    if not any(job.status is JobStatus.succeeded for job in jobs):
        raise typer.Exit(FAILED)


def _csv(rows: list[dict[str, Any]]) -> str:
    """The rows with commas between; widths as 8 8, and nothing where there is no value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(" ".join(map(str, each)) if isinstance(each, list) else each for each in row.values())
    return text.getvalue()


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(*(name.replace("_", " ") for name in rows[0]), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(each) for each in row.values()))
    return table


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, float):
        return f"{value:.6g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


commands = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
commands.command(epilog=EXAMPLES)(
    command(sweep, {"model": options("swept_model"), "training": options("swept_training")})
)
