"""A sweep as a heatmap: learning rates across, widths and seeds down; every cell opens its run."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

from service import JobStatus, Run
from ui.components.numbers import exact
from ui.components.runs_table import Homes, opening_link

SHADES = 5
"""How many shades a cell may have; the number in it says the rest."""


def sweep_map(runs: Sequence[Run], radii: Mapping[str, int | None], homes: Homes) -> str:
    """The runs of one sweep; both maps are drawn, and two radio buttons choose between them."""
    if not runs:
        return '<div class="empty">Press <b>Sweep</b>: it trains one network for every combination.</div>'
    ended = sum(not run.at_work and not _stopped(run) for run in runs)
    stopped = sum(map(_stopped, runs))
    missing = sum(not run.at_work and run.job is not None and run.model.id not in radii for run in runs)
    state = f"{ended:,} of {len(runs):,} trainings have ended"
    state += f", {stopped:,} stopped" if stopped else ""
    state += f", {missing:,} still to be certified" if missing else ""
    scales = "".join(
        f'<label class="plot-scale"><input type="radio" name="sweep-by" value="{by}"'
        f"{' checked' if by == 'loss' else ''}>{label}</label>"
        for by, label in (("loss", "final loss"), ("radius", "radius"))
    )
    losses = {run.model.id: run.loss for run in runs if not run.at_work and _finite(run)}
    return (
        '<section class="sweep-map"><div class="plot-head">'
        f'<p class="plot-title" role="status">{state}</p>{scales}</div>'
        f"{_map(runs, 'loss', losses, homes, smaller_is_better=True)}"
        f"{_map(runs, 'radius', radii, homes, smaller_is_better=False)}"
        f"<p>{_best(runs, losses, radii)}</p></section>"
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
) -> str:
    rates = sorted({run.job.config.learning_rate for run in runs if run.job})
    rows: dict[tuple[str, int], dict[float, Run]] = {}
    for run in sorted(runs, key=lambda run: run.number):
        if run.job:
            rows.setdefault((run.shape, run.model.seed), {})[run.job.config.learning_rate] = run
    # A loss of 0 is the best there is; a radius of 0 is as good as none.
    rated = [value for value in values.values() if value or (smaller_is_better and value is not None)]
    positions = _positions(rated, smaller_is_better)
    heads = "".join(f"<th scope='col'>{exact(rate)}</th>" for rate in rates)
    body = "".join(
        f"<tr><th scope='row'>{name}, seed {seed}</th>"
        + "".join(
            _cell(cells[rate], by, values, positions, homes) if rate in cells else "<td></td>"
            for rate in rates
        )
        + "</tr>"
        for (name, seed), cells in rows.items()
    )
    return (
        f"<div class='sweep-{by}'><p>{by}, by learning rate (across), network and seed (down); the stronger "
        "the color, the better</p>"
        f"<div class='scroll' tabindex='0' role='region' aria-label='Sweep by {by}'>"
        "<table class='predictions'>"
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>"
        "</div></div>"
    )


def _positions(values: Sequence[float], smaller_is_better: bool) -> Mapping[float, int]:
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
) -> str:
    value = values.get(run.model.id)
    shade = shades.get(value, 0) if value is not None else 0
    text = _text(run, by, run.model.id in values, value)
    where = f"{run.shape}, seed {run.model.seed}, learning rate {exact(_rate(run))}"
    label = f"{where}: {by} {text}; open this run"
    return (
        f'<td data-shade="{shade}"><a href="{escape(opening_link(run, homes))}" '
        f'aria-label="{label}">{text}</a></td>'
    )


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
