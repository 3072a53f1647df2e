"""The panels beside the plot: how the run stands, the parameters, and the predictions."""

import json
from collections.abc import Mapping, Sequence
from itertools import starmap
from typing import Any

import torch

from service import Job, JobStatus, Model, Predictions
from ui.components.details import TITLES
from ui.components.numbers import exact, plain, shown, speed
from ui.components.parts import button, empty, fold, icon, printed, row, section, table
from ui.components.terms import term
from ui.markup import Child, Markup, join, tag
from ui.static import script

STATUS = {
    JobStatus.queued: ("◌", "Queued"),
    JobStatus.running: ("▶", "Training"),
    JobStatus.succeeded: ("●", "Finished"),
    JobStatus.diverged: ("⚠", "Diverged"),
    JobStatus.cancelled: ("■", "Stopped"),
    JobStatus.failed: ("✕", "Failed"),
}


OFFER = script("offer")
"""What the figure that holds the status panel does: the offered learning rate is taken by `submit`."""


def status_panel(model: Model | None, job: Job | None, parameters: Mapping[str, Any] | None = None) -> Markup:
    """Where the model and its latest job stand: state, step, loss, speed and progress.

    The speed is that of the last slice, as the engine made it. Of the `parameters`, those that are a single
    number are told, too.
    """
    if model is None:
        return _status("none", tag("p", "Not trained yet.", role="status"))
    if job is None:
        words = f"Not trained yet: these are its first weights (seed {model.seed})."
        return _status("ready", tag("p", words, role="status"))
    facts: list[tuple[Child, Child]] = [(term("step"), f"{job.step:,} of {job.target_step:,}")]
    if job.loss is not None:
        facts.append((term("mean loss", "loss"), f"{job.loss:.6g}"))
    if job.steps_per_second is not None:
        facts.append(("speed", speed(job.steps_per_second)))
    facts.append((term("learning rate"), exact(job.config.learning_rate)))
    facts += [(name, shown(value)) for name, value in (parameters or {}).items() if isinstance(value, float)]
    rate = job.stable_learning_rate
    return _status(
        job.status,
        tag("div.run-status-line", tag("p", _state(job.status), role="status"), _facts(facts)),
        tag(
            "progress",
            max=job.target_step - job.start_step,
            value=job.step - job.start_step,
            aria_label="Progress of this run",
        ),
        job.error and tag("p.run-status-error", job.error, role="alert"),
        rate is not None
        and button("run-status-offer", f"Train again from the start with learning rate {exact(rate)}"),
        job.note and tag("p.run-status-note", job.note),
    )


def page_status() -> Markup:
    """The panel that static/figures.js fills while the page trains."""
    facts: list[tuple[Child, Child]] = [
        (word, tag("span", data_fact=name))
        for name, word in {
            "step": term("step"),
            "loss": term("mean loss", "loss"),
            "speed": "speed",
            "learning_rate": term("learning rate"),
        }.items()
    ]
    ends = (JobStatus.succeeded, JobStatus.diverged)
    words = (tag("span", _state(status), data_when=status, hidden=True) for status in ends)
    return tag(
        "div.run-status.page-status",
        tag("div.run-status-line", tag("p", words), _facts(facts)),
        tag("progress", max=1, value=0, aria_label="Progress of this run"),
        tag(
            "p.run-status-error",
            *(
                "Diverged at step ",
                tag("span", data_fact="diverged_at"),
                ": a weight or the loss was no longer a ",
            ),
            "finite number. Rest the thumb, and the server looks for a learning rate that stays finite.",
            data_when=JobStatus.diverged,
            hidden=True,
        ),
        data_status=JobStatus.succeeded,
    )


def _state(status: JobStatus) -> Markup:
    sign, word = STATUS[status]
    return join(icon(sign), " ", term("diverged", word) if status is JobStatus.diverged else word)


def _facts(facts: Sequence[tuple[Child, Child]]) -> Markup:
    return tag("dl", (tag("div", tag("dt", name), tag("dd", value)) for name, value in facts))


def _status(state: str, *parts: Child) -> Markup:
    return tag("div.run-status", *parts, data_status=state)


def parameters_panel(parameters: Mapping[str, Any], extra: Mapping[str, Any]) -> Markup:
    """The parameters as torch prints them, folded; `extra` are values computed from them."""
    lines = [f"{name} = {torch.tensor(value)!r}" for name, value in {**parameters, **extra}.items()]
    return fold("panel", TITLES["parameters"], printed("Parameters", "\n".join(lines)))


def predictions_panel(predictions: Predictions | None, *, trained: bool = True) -> Markup:
    """The predictions as a table, one row a vector; `trained` says whether the lab knows of steps."""
    if predictions is None:
        return empty("Enter vectors and press ", tag("b", "Predict"), ".")
    known = [correct for correct in predictions.correct if correct is not None]
    score = f": {sum(known):,} of {len(known):,} right" if known else ""
    judged = zip(predictions.correct, predictions.expected, strict=True)
    unclear = any(correct is None and expected is not None for correct, expected in judged)
    vectors = list(
        zip(
            predictions.inputs,
            predictions.outputs,
            predictions.rounded,
            predictions.expected,
            predictions.correct,
            strict=True,
        )
    )
    hidden = len(vectors) - MAX_ROWS
    return section(
        "",
        f"Predictions{f' at step {predictions.step:,}' if trained else ''}{score}",
        table("Predictions", HEADS, starmap(_row, vectors[:MAX_ROWS])),
        hidden > 0 and tag("p", f"and {hidden:,} more vectors, counted above but not shown."),
        unclear and tag("p", NOT_JUDGED),
        data_tested=None if hidden > 0 else _tested(predictions),
    )


def _tested(predictions: Predictions) -> str:
    """What static/figures.js answers while the page trains."""
    return json.dumps({"inputs": predictions.inputs, "expected": predictions.expected})


MAX_ROWS = 200
HEADS = ("answer", "vector", "output", "rounded", "expected", "largest error")
NOT_JUDGED = (
    "An answer is right if every output rounds to the expected number. Where the expected numbers are not "
    "integers, or are too large to be exact, the answer is not judged: see the largest error."
)


def _row(
    vector: list[float],
    output: list[float | None],
    rounded: list[float | None],
    expected: list[float] | None,
    correct: bool | None,
) -> Markup:
    cells = (
        _judged(correct, expected),
        _numbers(vector),
        _numbers(output, ".4f"),
        _numbers(rounded),
        "not part of the task" if expected is None else _numbers(expected),
        _largest_error(output, expected),
    )
    return row(None, cells)


def _judged(correct: bool | None, expected: list[float] | None) -> str:
    if correct is None:
        return "-" if expected is None else "not judged"
    return "✓ right" if correct else "✗ wrong"


def _numbers(values: Sequence[float | None], form: str = "") -> str:
    shown = ["not finite" if v is None else format(v, form) if form else plain(v) for v in values]
    return f"[{', '.join(shown)}]"


def _largest_error(output: list[float | None], expected: list[float] | None) -> str:
    if expected is None:
        return ""
    if None in output:
        return "not finite"
    errors = [abs(o - e) for o, e in zip(output, expected, strict=True) if o is not None]
    return f"{max(errors):.4g}"
