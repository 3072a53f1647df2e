"""Two engines side by side: how fast each is, and how far apart their parameters are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch

from service import EngineInfo, Job, JobStatus
from ui.components.numbers import speed
from ui.components.parts import row, section, table
from ui.markup import Markup, tag

PAGE_CHECKED = "What this page computed has the server\u2019s bits, so all of this is true of it, too."


@dataclass(frozen=True)
class Difference:
    """The largest difference between two models' parameters, and where it is."""

    size: float
    place: str
    values: tuple[float, float]
    same_bits: bool
    """Whether all parameters are the same to the bit: 0 and -0 are equal, and are not."""


def largest_difference(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference:
    """Compare parameters of the same names and shapes, as `Snapshot.parameters` gives them."""
    found: list[Difference] = []
    same_bits = True
    for name, value in ours.items():
        a, b = (torch.tensor(each, dtype=torch.float64) for each in (value, theirs[name]))
        same_bits = same_bits and torch.equal(a.view(torch.int64), b.view(torch.int64))
        apart = (a - b).abs().flatten()
        worst = int(apart.argmax())
        index = ", ".join(str(int(part)) for part in torch.unravel_index(torch.tensor(worst), a.shape))
        place = f"{name}[{index}]" if index else name
        values = (a.flatten()[worst].item(), b.flatten()[worst].item())
        found.append(Difference(apart[worst].item(), place, values, same_bits))
    largest = max(found, key=lambda difference: difference.size)
    return replace(largest, same_bits=same_bits)


def comparison_panel(
    jobs: list[Job], difference: Difference | None, engines: Mapping[str, EngineInfo]
) -> Markup:
    """The last jobs of a model and of its twin on the other engine, in this order; nothing without a twin."""
    if len(jobs) < 2:
        return Markup()
    model, twin = jobs
    ordered = sorted(jobs, key=lambda job: list(engines).index(job.config.engine))
    heads = [None, *(engines[job.config.engine].title for job in ordered)]
    rows = [row(label, map(show, ordered)) for label, show in ROWS.items()]
    title = "The two engines, side by side"
    verdict = tag("p", _verdict(model, twin, difference, engines), role="status")
    # Shown where the page has computed the same (static/trainer.js).
    page = tag("p.page-checked", PAGE_CHECKED)
    return section("comparison", title, table(title, heads, rows), verdict, page)


def _verdict(model: Job, twin: Job, difference: Difference | None, engines: Mapping[str, EngineInfo]) -> str:
    if difference is None:
        ended = all(job.status.ended for job in (model, twin))
        # The twin gets the model's trainings one after another.
        to_come = twin.status is JobStatus.succeeded and twin.step < model.step
        if not ended or to_come:
            return "Under way ..."
        return (
            f"They ended at different steps, {engines[model.config.engine].title} at {model.step:,} and "
            f"{engines[twin.config.engine].title} at {twin.step:,}, so their parameters are not compared."
        )
    if difference.same_bits:
        return "No difference: every parameter is the same to the bit."
    if difference.size == 0:
        return "No difference except the sign of a 0."
    a, b = difference.values
    return (
        f"Largest difference: {difference.size:.3g}, in {difference.place} ({a:.9g} and {b:.9g}). "
        "The engines round differently on the way, and training can make such a difference smaller or larger."
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
    "speed": lambda job: "-" if job.steps_per_second is None else speed(job.steps_per_second),
    "time at that speed": _seconds,
    "loss": lambda job: "-" if job.loss is None else f"{job.loss:.6g}",
}
