"""Predict, then run: a question, what is really the case, and a score that the browser keeps."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.components.figure import figure
from ui.components.question import score_panel, verdict_panel
from ui.events import QUIET
from ui.fields import Data
from ui.opening import Opening


@dataclass(frozen=True)
class Question:
    """Something to predict before it is run."""

    name: str
    text: str
    choices: tuple[str, ...]
    settle: Callable[[], tuple[str, str]]
    """Runs it, for real: the right choice, and the sentence with the numbers that show it."""


class Predictions:
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

        async def settle(chosen: str | None, answers: dict[str, str]) -> tuple[str, dict[str, str], str]:
            right, evidence = await asyncio.to_thread(question.settle)
            state = "skipped" if chosen is None else "right" if chosen == right else "wrong"
            # The first answer counts: the second one is given with the first verdict on the screen.
            answers = {question.name: state, **answers}
            return verdict_panel(chosen, right, evidence), answers, score_panel(answers, self._total)

        run.click(settle, [choice, self._answers], [verdict, self._answers, self._score], **QUIET)

    async def _restored(self, data: Data, _request: gr.Request) -> dict[Any, Any]:
        return {self._score: score_panel(data[self._answers] or {}, self._total)}
