"""The quiz: lays the questions out, runs one once it is answered, and keeps the score in the browser."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic

import gradio as gr
from pydantic import BaseModel

from service import TrainingService
from ui.components.figure import figure
from ui.components.question import question_panel, score_panel, verdict_panel
from ui.events import QUIET, told
from ui.fields import Data
from ui.markup import Markup
from ui.opening import Opening
from ui.questions.answers import Answer, Score, drawn, kept_answers, read_answers, score_of
from ui.questions.question import Evidence, Question, once
from ui.questions.registry import QUESTIONS, RETURNING
from ui.questions.trainings import Trainings
from ui.static import script

SCRIPT = script("question")


class Asked(Generic[Evidence]):
    """A question with what is computed for it, once."""

    def __init__(self, name: str, title: str, question: Question[Evidence], trainings: Trainings) -> None:
        self.question = question
        self.evidence = once(partial(question.run, trainings))
        self.panel = partial(
            question_panel, name, f"{title}: {question.title}", question.text, question.choices
        )
        """The question as it is drawn, given what was chosen and the verdict on that."""


Pick = Callable[[Mapping[str, Answer]], Asked[Any]]
"""What is asked of whoever has given these answers."""


class Quiz:
    """All the questions of the page; what was answered is kept in the browser."""

    def __init__(self, opening: Opening, service: TrainingService) -> None:
        """Lay out the score. To be made outside the tabs, for it keeps the answers."""
        self._opening = opening
        self._service = service
        self._answers = gr.BrowserState({}, storage_key="backprop-lab-predictions", secret="backprop-lab")
        self._score = figure(score_panel(score({}), known=False), "score")
        self._trainings: dict[str, Trainings] = {}
        self._ran: dict[str, Any] = {}
        opening.add(self._restored, [self._score], kept=[self._answers])

    def ask(self, *names: str, again: Sequence[str] = (), task: str = "") -> None:
        """Lay out the questions of these names, each closed to a line.

        Those that train, train models of `task`. Those to ask `again` are of earlier chapters: they come
        back with other numbers, once they have been answered there.
        """
        with gr.Column(elem_classes="questions"):
            for name in names:
                self._ask(name, Trainings(self._service, task))
            for name in again:
                self._ask_again(name)

    def _ask(self, name: str, trainings: Trainings) -> None:
        asked = Asked(name, "Predict", QUESTIONS[name], trainings)
        place = figure(asked.panel(), f"{name}-question", SCRIPT)
        self._trainings[name] = trainings
        self._ran[name] = self._wire(place, name, lambda _: asked)

    def _ask_again(self, name: str) -> None:
        kept_as = returned(name)
        variants = [
            Asked(kept_as, "Predict again", variant, self._trainings[name]) for variant in RETURNING[name]
        ]
        place = figure("", f"{kept_as}-question", SCRIPT)

        def pick(answers: Mapping[str, Answer]) -> Asked[Any]:
            return drawn(variants, answers.get(name, Answer("skipped")))

        def panel(answers: Mapping[str, Answer]) -> Any:
            return pick(answers).panel() if name in answers else gr.skip()

        async def follow(kept: Any) -> Any:
            answers = read_answers(kept)
            return gr.skip() if kept_as in answers else panel(answers)

        async def restore(data: Data, _request: gr.Request) -> dict[Any, Any]:
            return {place: panel(read_answers(data[self._answers]))}

        self._wire(place, kept_as, pick)
        self._ran[name].then(follow, self._answers, place, **QUIET)
        self._opening.add(restore, [place], kept=[self._answers])

    def _wire(self, place: gr.HTML, name: str, pick: Pick) -> Any:
        async def settle(kept: Any, event: gr.EventData) -> dict[Any, Any]:
            answers, chosen = read_answers(kept), told(event, Chosen).choice
            asked = pick(answers)
            if chosen not in range(len(asked.question.choices)):
                return {place: gr.skip()}
            panel, answer = await _settled(asked, chosen, counts=name not in answers)
            kept = kept_answers(kept, name, answer)
            return {place: panel, self._answers: kept, self._score: score_panel(score(kept))}

        outputs = [place, self._answers, self._score]
        return place.submit(settle, self._answers, outputs, **QUIET)  # pyright: ignore[reportAttributeAccessIssue]

    async def _restored(self, data: Data, _request: gr.Request) -> dict[Any, Any]:
        return {self._score: score_panel(score(data[self._answers]))}


class Chosen(BaseModel):
    """What a question's script tells: the number of a choice."""

    choice: int


async def _settled(asked: Asked[Any], chosen: int, counts: bool) -> tuple[Markup, Answer]:
    """The question with the verdict on that choice, and the answer that it is."""
    question, evidence = asked.question, await asked.evidence()
    choice, right = question.choices[chosen], question.right(evidence)
    verdict = verdict_panel(choice, right, question.replies[choice](evidence), counts=counts)
    return asked.panel(chosen, verdict), Answer("right" if choice == right else "wrong", chosen)


def score(kept: object) -> Score:
    """The score of what the browser has kept."""
    return score_of(read_answers(kept), QUESTIONS, map(returned, RETURNING))


def returned(name: str) -> str:
    """The name under which the answer to a question that came back is kept."""
    return f"{name}-again"
