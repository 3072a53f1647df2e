"""A sweep as a heatmap: learning rates across, widths and seeds down; every cell opens its run."""

from collections.abc import Mapping, Sequence
from math import log10

from service import JobStatus, Run
from ui.components.chart import plot_head
from ui.components.numbers import exact
from ui.components.parts import empty, legend, table
from ui.components.runs_table import Homes, open_link
from ui.markup import Markup, tag

SHADES = 5
"""How many shades a cell may have; the number in it says the rest."""

KEY = legend(
    ("worded", "across: learning rate"),
    ("worded", "down: network and seed"),
    ("shade", "the stronger the color, the better"),
)


def sweep_map(runs: Sequence[Run], radii: Mapping[str, int | None], homes: Homes) -> Markup:
    """The runs of one sweep; both maps are drawn, and two radio buttons choose between them."""
    if not runs:
        return empty("Press ", tag("b", "Sweep"), ": it trains one network for every combination.")
    ended = sum(not run.at_work and not _stopped(run) for run in runs)
    stopped = sum(map(_stopped, runs))
    missing = sum(not run.at_work and run.job is not None and run.model.id not in radii for run in runs)
    state = f"{ended:,} of {len(runs):,} trainings have ended"
    state += f", {stopped:,} stopped" if stopped else ""
    state += f", {missing:,} still to be certified" if missing else ""
    # A sweep trains all of its runs on the same examples.
    state += "".join(f", on {called}" for called in runs[0].datasets.values())
    losses = {run.model.id: run.loss for run in runs if not run.at_work and _finite(run)}
    title = tag("p.plot-title", state, role="status")
    return tag(
        "section.sweep-map",
        plot_head(title, "sweep-by", {"loss": "final loss", "radius": "radius"}, "loss"),
        _map(runs, "loss", losses, homes, smaller_is_better=True),
        _map(runs, "radius", radii, homes, smaller_is_better=False),
        tag("p", _best(runs, losses, radii)),
    )


def _stopped(run: Run) -> bool:
    return run.job is not None and run.job.status in (JobStatus.cancelled, JobStatus.failed)


def _finite(run: Run) -> bool:
    return run.job is not None and run.job.status is JobStatus.succeeded and run.loss is not None


def _map(
    runs: Sequence[Run],
    by: str,
    values: Mapping[str, float | None],
    homes: Homes,
    *,
    smaller_is_better: bool,
) -> Markup:
    rates = sorted({run.job.config.learning_rate for run in runs if run.job})
    grid: dict[tuple[str, int], dict[float, Run]] = {}
    for run in sorted(runs, key=lambda run: run.number):
        if run.job:
            grid.setdefault((run.shape, run.model.seed), {})[run.job.config.learning_rate] = run
    # A loss of 0 is the best there is; a radius of 0 is as good as none.
    rated = [value for value in values.values() if value or (smaller_is_better and value is not None)]
    shades = _shades(rated, smaller_is_better)
    rows = (
        tag(
            "tr",
            tag("th", f"{name}, seed {seed}", scope="row"),
            (_cell(cells[rate], by, values, shades, homes) if rate in cells else tag("td") for rate in rates),
        )
        for (name, seed), cells in grid.items()
    )
    drawn = table(f"Sweep by {by}", [None, *map(exact, rates)], rows)
    return tag(f"div.sweep-{by}", KEY, drawn)


def _shades(values: Sequence[float], smaller_is_better: bool) -> Mapping[float, int]:
    """The shade of each value: by its order of magnitude between the worst and the best."""
    if not values:
        return {}
    logs = {value: log10(max(value, 1e-30)) for value in values}
    low, high = min(logs.values()), max(logs.values())
    share = {value: (each - low) / (high - low) if high > low else 1.0 for value, each in logs.items()}
    return {
        value: round((1 - part if smaller_is_better and high > low else part) * (SHADES - 1)) + 1
        for value, part in share.items()
    }


def _cell(
    run: Run, by: str, values: Mapping[str, float | None], shades: Mapping[float, int], homes: Homes
) -> Markup:
    value = values.get(run.model.id)
    shade = shades.get(value, 0) if value is not None else 0
    text = _text(run, by, run.model.id in values, value)
    where = f"{run.shape}, seed {run.model.seed}, learning rate {exact(_rate(run))}"
    label = f"{where}: {by} {text}; open this run"
    return tag("td", open_link(run, homes, text, label), data_shade=shade)


def _text(run: Run, by: str, known: bool, value: float | None) -> str:
    if run.at_work:
        return "..."
    if _stopped(run):
        return "stopped"
    if run.job is not None and run.job.status is JobStatus.diverged and by == "loss":
        return "diverged"
    if value is None:
        return "none" if known else "..." if by == "radius" else "-"
    return f"{value:,.0f}" if by == "radius" else f"{value:.2g}"


def _rate(run: Run) -> float:
    return run.job.config.learning_rate if run.job else 0.0


def _best(runs: Sequence[Run], losses: Mapping[str, float | None], radii: Mapping[str, int | None]) -> str:
    """The best of each, in words."""
    said: list[str] = []
    trained = [(loss, run) for run in runs if (loss := losses.get(run.model.id)) is not None]
    if trained:
        loss, run = min(trained, key=lambda pair: pair[0])
        said.append(
            f"Smallest loss: {loss:.3g} ({_where(run)}{_others([each for each, _ in trained], loss)})."
        )
    proved = [
        (radius, run) for run in runs if not _stopped(run) and (radius := radii.get(run.model.id)) is not None
    ]
    if proved:
        radius, run = max(proved, key=lambda pair: pair[0])
        said.append(
            f"Largest radius: {radius:,} ({_where(run)}{_others([each for each, _ in proved], radius)})."
        )
    diverged = sum(run.job is not None and run.job.status is JobStatus.diverged for run in runs)
    if diverged:
        said.append(f"{diverged:,} diverged.")
    return " ".join(said)


def _others(values: Sequence[float], best: float) -> str:
    """Of the runs with the best value one is named; how many more there are."""
    more = values.count(best) - 1
    return f", and {more:,} more with the same" if more else ""


def _where(run: Run) -> str:
    return f"{run.shape}, learning rate {exact(_rate(run))}, seed {run.model.seed}"
