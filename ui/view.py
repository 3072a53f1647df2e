"""What a workbench shows of its model: the updates of all its figures and buttons."""

from contextlib import suppress
from typing import Any

import gradio as gr
from gradio.components import Component

from service import InvalidInput, Job, TrainingService
from ui.components.comparison import comparison_panel, largest_difference
from ui.components.loss_plot import loss_plot
from ui.components.panels import parameters_panel, predictions_panel, status_panel
from ui.components.program import program_panel
from ui.components.share import link_notes, share_panel, verdict
from ui.exercise import Exercise
from ui.fields import Data, show_fields
from ui.layout import Layout
from ui.links import link
from ui.markup import Markup, join, tag
from ui.parsing import parse_vectors
from ui.trainer import Shown, Trainer

Updates = dict[Any, Any]


class View:
    """One chapter's bench, drawn from what the service knows."""

    def __init__(
        self, service: TrainingService, trainer: Trainer, chapter: str, exercise: Exercise, layout: Layout
    ) -> None:
        self._service = service
        self._trainer = trainer
        self._chapter = chapter
        self._exercise = exercise
        self._layout = layout

    def settings(self, model_id: str) -> dict[Component, Any]:
        """What the controls hold when they say how the model was made, and trained last."""
        model, job = self._service.model(model_id), self._service.latest_job(model_id)
        arguments = {**model.options, "seed": model.seed, **(job.config.model_dump() if job else {})}
        optimizer = self._layout.optimizer.values(job.config) if job else {}
        return {**show_fields(self._layout.fields, arguments), **optimizer}

    def updates(self, data: Data) -> Updates:
        """The whole bench, for the model that is shown and what the controls hold."""
        shown: Shown = data[self._layout.shown]
        # Before all else: what ends while the rest is read may be shown as at work, and is looked at again.
        busy = self._trainer.busy(shown)
        model_id, twin_id = self._trainer.known(shown.model), self._trainer.known(shown.twin)
        model = self._service.model(model_id) if model_id else None
        job = self._service.latest_job(model_id) if model_id else None
        running = job is not None and not job.status.ended
        idle = model is not None and not running and not shown.pending
        history = self._service.history(model_id) if model_id else None
        floor = self._service.loss_floor(model_id) if model_id else None
        view: Updates = {
            self._layout.model_id: model_id,
            self._layout.twin_id: twin_id,
            self._layout.status: status_panel(model, job) + self._verdict(shown, idle) + self._link(job),
            self._layout.plot: loss_plot(history, self._exercise.task, self._exercise.log_loss, floor),
            self._layout.details: self._details(model_id, twin_id, idle) if model_id else "",
            self._layout.train: gr.update(interactive=idle or model is None),
            self._layout.go_on: gr.update(interactive=idle),
            self._layout.stop: gr.update(interactive=busy),
            self._layout.rewind: gr.update(interactive=idle),
            self._layout.check: gr.update(interactive=idle and job is not None),
        }
        view |= self._layout.looking.again(busy)
        if self._layout.vectors is not None:
            view[self._layout.predictions] = self._predictions_of(model_id, data[self._layout.vectors])
        return view

    def _verdict(self, shown: Shown, idle: bool) -> Markup:
        """Whether a run that a link has brought came out as it says, once it has ended."""
        if shown.model is None or not idle:
            return Markup()
        jobs = self._service.jobs(shown.model)
        return verdict(shown.promised, self._service.fingerprint(shown.model), jobs)

    def _shared(self, model_id: str) -> Markup:
        recipe = None
        with suppress(InvalidInput):  # too many trainings for a link
            recipe = self._service.recipe(model_id)
        notes = link_notes(self._service.jobs(model_id), self._service.datasets())
        return share_panel(self._chapter, model_id, recipe, self._service.fingerprint(model_id), notes)

    def _link(self, job: Job | None) -> Markup:
        values = self.settings(job.model_id) if job is not None else {}
        return link(self._chapter, "training", self._layout.linked, values)

    def _details(self, model_id: str, twin_id: str | None, idle: bool) -> Markup:
        parts = {
            "comparison": self._compared(model_id, twin_id) if twin_id else None,
            "parameters": self._parameters_of(model_id),
        }
        if idle:  # while it trains, a program and a link of it would be of different moments
            parts["program"] = program_panel(self._service.program(model_id))
            parts["share"] = self._shared(model_id)
        return join(tag("div", markup, id=f"{self._exercise.task}-{name}") for name, markup in parts.items())

    def _compared(self, model_id: str, twin_id: str) -> Markup:
        jobs = [self._service.latest_job(each) for each in (model_id, twin_id)]
        both: list[Job] = [job for job in jobs if job is not None]
        difference = None
        if len({job.step for job in both}) == 1 and all(job.status.ended for job in both):
            parameters = [self._service.parameters(each) for each in (model_id, twin_id)]
            difference = largest_difference(*parameters)
        return comparison_panel(both, difference)

    def _predictions_of(self, model_id: str | None, text: str) -> Markup:
        """The table for the vectors in the box; text that cannot be read leaves it empty."""
        if model_id is not None:
            with suppress(InvalidInput):
                return predictions_panel(self._service.predict(model_id, parse_vectors(text)))
        return predictions_panel(None)

    def _parameters_of(self, model_id: str) -> Markup:
        computed: dict[str, Any] = {}
        if self._exercise.computed is not None:
            label, vector = self._exercise.computed
            (output,) = self._service.predict(model_id, [vector]).outputs
            values = [float("nan") if value is None else value for value in output]
            computed[label] = values if vector else values[0]
        return parameters_panel(self._service.parameters(model_id), computed)
