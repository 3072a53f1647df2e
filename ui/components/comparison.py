"""Two engines side by side: how fast each is, and how far apart their parameters are."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import torch

from service import Job

ENGINES = {"compiled": "Compiled", "autograd": "PyTorch"}


@dataclass(frozen=True)
class Difference:
    """The largest difference between two models' parameters, and where it is."""

    size: float
    place: str
    values: tuple[float, float]


def largest_difference(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference:
    """Compare parameters of the same names and shapes, as `TrainingService.parameters` gives them."""
    found: list[Difference] = []
    for name, value in ours.items():
        a, b = (torch.tensor(each, dtype=torch.float64) for each in (value, theirs[name]))
        apart = (a - b).abs().flatten()
        worst = int(apart.argmax())
        index = ", ".join(str(int(part)) for part in torch.unravel_index(torch.tensor(worst), a.shape))
        place = f"{name}[{index}]" if index else name
        values = (a.flatten()[worst].item(), b.flatten()[worst].item())
        found.append(Difference(apart[worst].item(), place, values))
    return max(found, key=lambda difference: difference.size)


def comparison_panel(jobs: list[Job], difference: Difference | None) -> str:
    """The last jobs of a model and of its twin on the other engine; nothing if there is no twin."""
    if len(jobs) < 2:
        return ""
    ordered = sorted(jobs, key=lambda job: list(ENGINES).index(job.config.engine))
    head = "".join(f"<th scope='col'>{ENGINES[job.config.engine]}</th>" for job in ordered)
    rows = "".join(
        f"<tr><th scope='row'>{label}</th>{''.join(f'<td>{show(job)}</td>' for job in ordered)}</tr>"
        for label, show in ROWS.items()
    )
    return (
        '<section class="panel comparison"><h3>The two engines, side by side</h3>'
        f"<div class='scroll'><table class='predictions'><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div><p role='status'>{escape(_verdict(ordered, difference))}</p>"
        "</section>"
    )


def _verdict(jobs: list[Job], difference: Difference | None) -> str:
    if difference is None:
        return "Under way ..."
    if difference.size == 0:
        return "No difference: every parameter is the same to the bit."
    a, b = difference.values
    return (
        f"Largest difference: {difference.size:.3g}, in {difference.place} ({a:.9g} and {b:.9g}). "
        "float32 keeps about 7 digits, and the engines add in a different order."
    )


def _steps(job: Job) -> str:
    done, all_of_them = job.step - job.start_step, job.target_step - job.start_step
    return f"{done:,}" if done == all_of_them else f"{done:,} of {all_of_them:,}"


def _seconds(job: Job) -> str:
    if not job.steps_per_second:
        return "-"
    seconds = (job.step - job.start_step) / job.steps_per_second
    return f"{seconds:,.2f} s" if seconds >= 1 else f"{1000 * seconds:,.2f} ms"


ROWS = {
    "steps": _steps,
    "speed": lambda job: "-" if job.steps_per_second is None else f"{job.steps_per_second:,.0f} steps/s",
    "time": _seconds,
    "loss": lambda job: "-" if job.loss is None else f"{job.loss:.6g}",
}
