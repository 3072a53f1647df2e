"""What the commands have in common: a lab for as long as one runs, and jobs followed to their end."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from inspect import Parameter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from service import Job, Limits, Settings, TrainingService
from service.catalog import Catalog
from service.command.options import INTERRUPTED, option, typed_number
from service.optimizers import SGDSettings
from service.training.requests import step_limits

Result = TypeVar("Result")

DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="Keep the models in this folder. Default: they are not kept."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Momentum = Annotated[
    Any,
    typer.Option(
        "--momentum",
        metavar="NUMBER",
        parser=typed_number,
        help=f"Short for the momentum of --settings: {SGDSettings.model_fields['momentum'].description}.",
    ),
]


@contextmanager
def opened(
    data: Path | None = None, make_executor: Callable[[], Executor] | None = None
) -> Iterator[TrainingService]:
    """A service on the folder, or on one that is gone in the end. Raises as TrainingService does."""
    settings = Settings.from_env()
    with (
        TemporaryDirectory(prefix="backprop-lab-", ignore_cleanup_errors=True) as temporary,
        TrainingService(
            data or Path(temporary),
            workers=1 if make_executor else settings.workers,
            make_executor=make_executor,
            program_seconds=settings.program_seconds,
            limits=settings.limits,
        ) as lab,
    ):
        yield lab


def options(group: str, without: Collection[str] = ("key",)) -> list[Parameter]:
    """The arguments of a group of the catalog as options, but for those `without`."""
    arguments = Catalog(step_limits(), Limits()).arguments()[group]
    return [option(name, each) for name, each in arguments.items() if name not in without]


def run_until_interrupted(work: Coroutine[Any, Any, Result], stop: Callable[[], str]) -> Result:
    """What the work comes to. On Ctrl-C, `stop` what it waits for, say what that gives, and exit."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        typer.echo(stop(), err=True)
        raise typer.Exit(INTERRUPTED) from None


def follow(lab: TrainingService, jobs: Sequence[Job]) -> list[Job]:
    """The jobs, once they have ended; meanwhile a bar tells of their steps, where stderr is a terminal.

    On Ctrl-C they are cancelled, and the process exits.
    """
    console = Console(stderr=True)
    columns = ("{task.completed:,.0f} of {task.total:,.0f} steps", "{task.fields[loss]}")
    bar = Progress(
        BarColumn(),
        *(TextColumn(each) for each in columns),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    made = {job.id: 0 for job in jobs}
    total = sum(job.target_step - job.start_step for job in jobs)

    async def watch(job: Job) -> Job:
        async for progress in lab.watch(job.id):
            made[job.id] = progress.step - progress.start_step
            loss = "" if progress.loss is None else f"loss {progress.loss:.4g}"
            bar.update(shown, completed=sum(made.values()), loss=loss)
        return await lab.ended(job.id)

    async def watch_all() -> list[Job]:
        with bar:
            return await asyncio.gather(*map(watch, jobs))

    def cancel() -> str:
        for job in jobs:
            lab.request_cancel(job.id)
        ended = [lab.wait(job.id) for job in jobs]
        steps = sum(job.step - job.start_step for job in ended)
        return f"Cancelled after {steps:,} of {total:,} steps."

    shown = bar.add_task("", total=total, loss="")
    return run_until_interrupted(watch_all(), cancel)


def with_own_data(lab: TrainingService, training: dict[str, Any]) -> dict[str, Any]:
    """The training, with a CSV file that its dataset names kept as a data set. Raises InvalidInput."""
    named = training.get("dataset")
    if named is None or not (path := Path(named)).is_file():
        return training
    return training | {"dataset": lab.add_dataset(path.read_bytes(), path.name).name}
