"""The panels beside the plot: how the run stands, the parameters, and the predictions."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import torch

from service import Job, JobStatus, Model, Predictions
from ui.components.numbers import exact, plain, speed
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


def status_panel(model: Model | None, job: Job | None) -> str:
    """Where the model and its latest job stand: state, step, loss, speed and progress.

    The speed is that of the last slice, as the engine made it.
    """
    if model is None:
        return '<div class="run-status" data-status="none"><p role="status">Not trained yet.</p></div>'
    if job is None:
        return (
            '<div class="run-status" data-status="ready"><p role="status">'
            f"At its first weights, step 0 (seed {model.seed}).</p></div>"
        )
    sign, word = STATUS[job.status]
    done = job.step - job.start_step
    total = job.target_step - job.start_step
    facts = [("step", f"{job.step:,} of {job.target_step:,}")]
    if job.loss is not None:
        facts.append(("loss", f"{job.loss:.6g}"))
    if job.steps_per_second is not None:
        facts.append(("speed", speed(job.steps_per_second)))
    facts.append(("learning rate", exact(job.config.learning_rate)))
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    error = f'<p class="run-status-error" role="alert">{escape(job.error)}</p>' if job.error else ""
    if rate := job.stable_learning_rate:
        words = f"Train afresh with learning rate {exact(rate)}"
        error += f'<button type="button" class="run-status-offer">{words}</button>'
    note = f'<p class="run-status-note">{escape(job.note)}</p>' if job.note else ""
    return (
        f'<div class="run-status" data-status="{job.status}">'
        f'<p role="status"><span aria-hidden="true">{sign}</span> {word}</p>{error}{note}<dl>{listed}</dl>'
        f'<progress max="{total}" value="{done}" aria-label="Progress of this run"></progress></div>'
    )


def parameters_panel(parameters: Mapping[str, Any], extra: Mapping[str, Any]) -> str:
    """The parameters as torch prints them; `extra` are values computed from them."""
    if not parameters:
        return ""
    lines = [f"{name} = {torch.tensor(value)!r}" for name, value in {**parameters, **extra}.items()]
    return (
        '<section class="panel"><h3>Parameters</h3>'
        f'<pre tabindex="0" aria-label="Parameters">{escape(chr(10).join(lines))}</pre></section>'
    )


def predictions_panel(predictions: Predictions | None) -> str:
    """The predictions as a table, one row a vector."""
    if predictions is None:
        return '<div class="empty">Enter vectors and press <b>Predict</b>.</div>'
    rows = [
        {
            "answer": _judged(correct, expected),
            "vector": _numbers(vector),
            "output": _numbers(output, ".4f"),
            "rounded": _numbers(rounded),
            "expected": "not part of the task" if expected is None else _numbers(expected),
            "largest error": _largest_error(output, expected),
        }
        for vector, output, rounded, expected, correct in zip(
            predictions.inputs,
            predictions.outputs,
            predictions.rounded,
            predictions.expected,
            predictions.correct,
            strict=True,
        )
    ]
    known = [correct for correct in predictions.correct if correct is not None]
    score = f": {sum(known):,} of {len(known):,} right" if known else ""
    judged = zip(predictions.correct, predictions.expected, strict=True)
    unclear = any(correct is None and expected is not None for correct, expected in judged)
    table = pd.DataFrame(rows[:MOST_ROWS]).to_html(index=False, border=0, classes="predictions")
    hidden = len(rows) - MOST_ROWS
    more = f"<p>and {hidden:,} more vectors, counted above but not shown.</p>" if hidden > 0 else ""
    return (
        f'<section class="panel"><h3>Predictions at step {predictions.step:,}{score}</h3>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Predictions">{table}</div>{more}'
        f"{NOT_JUDGED if unclear else ''}"
        "</section>"
    )


MOST_ROWS = 200
NOT_JUDGED = (
    "<p>An answer is right if every output rounds to what is expected. Where that is not made of integers, "
    "or they are too large to be exact, it is not judged: see the largest error.</p>"
)


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
