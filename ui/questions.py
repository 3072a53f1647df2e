"""Predict, then run: a question, what is really the case, and a score that the browser keeps."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import gradio as gr

from service import JobStatus, TrainingService
from ui.components.figure import figure
from ui.components.question import score_panel, verdict_panel
from ui.events import QUIET
from ui.fields import Data
from ui.opening import Opening

Verdict = tuple[str, str]
"""The right choice, and the sentence with the numbers that show it."""


@dataclass(frozen=True)
class Question:
    """Something to predict before it is run."""

    name: str
    text: str
    choices: tuple[str, ...]
    settle: Callable[[], Coroutine[Any, Any, Verdict]]
    """Runs it, for real, and gives the same every time."""


def once(settle: Callable[[], Coroutine[Any, Any, Verdict]]) -> Callable[[], Awaitable[Verdict]]:
    """`settle`, called for the first who asks: whoever asks meanwhile, or later, gets the same verdict.

    If it raises, all who wait are told, and whoever asks next has it called again.
    """
    run: asyncio.Task[Verdict] | None = None

    async def settled() -> Verdict:
        nonlocal run
        if run is None or (run.done() and (run.cancelled() or run.exception())):
            run = asyncio.create_task(settle())
        return await asyncio.shield(run)  # who goes away takes it from nobody else

    return settled


async def final_loss(service: TrainingService, model_id: str, **config: Any) -> float:
    """The loss at the end of a training that takes its turn with all others."""
    job = await service.ended(service.submit(model_id, **config).id)
    if job.status is not JobStatus.succeeded or job.loss is None:
        raise RuntimeError(f"The training of a question {job.status.value}: {job.error}")
    return job.loss


class Quiz:
    """All the questions of the page; what was answered is kept in the browser."""

    def __init__(self, opening: Opening, total: int) -> None:
        """Lay out the score. To be made outside the tabs, for it keeps the answers."""
        self._total = total
        self._answers = gr.BrowserState({}, storage_key="backprop-lab-predictions", secret="backprop-lab")
        self._score = figure(score_panel(None, total), "score")
        opening.add(self._restored, [self._score], kept=[self._answers])

    def ask(self, question: Question) -> None:
        """Lay the question out: its choices, the button that runs it, and room for the verdict."""
        with gr.Column(elem_classes="question"):
            choice = gr.Radio(list(question.choices), label=f"Predict: {question.text}")
            run = gr.Button("Run it and see", size="sm")
            verdict = figure("", f"{question.name}-verdict")

        settled = once(question.settle)

        async def settle(chosen: str | None, answers: dict[str, str]) -> tuple[str, dict[str, str], str]:
            right, evidence = await settled()
            state = "skipped" if chosen is None else "right" if chosen == right else "wrong"
            # The first answer counts: the second one is given with the first verdict on the screen.
            answers = {question.name: state, **answers}
            return verdict_panel(chosen, right, evidence), answers, score_panel(answers, self._total)

        run.click(settle, [choice, self._answers], [verdict, self._answers, self._score], **QUIET)

    async def _restored(self, data: Data, _request: gr.Request) -> dict[Any, Any]:
        return {self._score: score_panel(data[self._answers] or {}, self._total)}
