"""The workbench every chapter trains on: what moving and pressing its controls does and shows.

The ids of the chapter's model, and of its twin on the other engine, are kept in the browser, so a page
that is loaded again finds them and goes on watching.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import gradio as gr
from gradio.components import Component

from service import InvalidInput, Job
from ui.book import Book
from ui.components.comparison import comparison_panel, largest_difference
from ui.components.loss_plot import loss_plot
from ui.components.panels import parameters_panel, predictions_panel, status_panel
from ui.components.program import program_panel
from ui.errors import shows_errors
from ui.events import QUIET
from ui.exercise import Exercise
from ui.fields import Data, read_fields, show_fields
from ui.layout import Layout
from ui.links import hidden, link, linked, settled
from ui.parsing import parse_vectors
from ui.trainer import Shown, Trainer

Updates = dict[Any, Any]


class Workbench:
    """One chapter's tab, laid out in the gr.Blocks under construction and wired to the service."""

    def __init__(self, book: Book, chapter: str, exercise: Exercise, layout: Layout) -> None:
        """Wire the layout; `chapter` is what the page's address calls the tab."""
        service = book.service
        self._service = service
        self._chapter = chapter
        self._exercise = exercise
        self._trainer = Trainer(service, exercise.task)
        self._layout = layout
        known: set[Any] = {layout.shown, *layout.tested}
        everything: set[Any] = {*known, *layout.controls}
        seen = layout.seen
        live: list[Any] = [field.component for field in layout.fields.values() if field.live]
        # While a training is at work, what is moved starts no other, and then the last: nothing queues
        # up, and what is on the page is what was moved last.
        moved = [component.input for component in live]
        gr.on(moved, self.drag, everything, seen, trigger_mode="always_last", **QUIET)
        layout.train.click(self.train, everything, seen, **QUIET)
        learning_rate = layout.fields["learning_rate"].component
        layout.status.submit(self.take_offer, everything, [*seen, learning_rate], **QUIET)  # pyright: ignore[reportAttributeAccessIssue]
        layout.looked.change(self.look, known, seen, trigger_mode="always_last", **QUIET)
        layout.go_on.click(self.train_on, everything, seen, **QUIET)
        layout.stop.click(self.stop, known, seen, **QUIET)
        layout.rewind.click(self.rewind, known, seen, **QUIET)
        layout.check.click(self.check, known, seen, **QUIET)
        kept = [layout.shown, layout.model_id, layout.twin_id]
        controls = [*layout.tested, *layout.controls]
        book.opening.add(self.restore, [*seen, *layout.controls], kept=kept, controls=controls)
        if layout.vectors is not None:
            layout.predict.click(self.predict, everything, seen, **QUIET)

    # What moving and pressing does

    @shows_errors
    async def train(self, data: Data, request: gr.Request) -> Updates:
        """Train a new model from its first weights; it takes the place of the one before."""
        return await self._train(data, request)

    @shows_errors
    async def drag(self, data: Data, request: gr.Request) -> Updates:
        """`train`, unless that would replace a model that was trained on by hand."""
        known = self._known(data)
        last = self._service.latest_job(known) if known else None
        continued = last is not None and last.start_step > 0
        if continued or not data[self._layout.live]:
            return self._nothing()
        return await self._train(data, request)

    async def _train(self, data: Data, request: gr.Request) -> Updates:
        options = read_fields(self._layout.fields, data, "model")
        owner = request.session_hash or ""
        if await self._trainer.train(data[self._layout.shown], options, self._training(data), owner):
            return self._view(data)
        return self._nothing()

    def _nothing(self) -> Updates:
        return {self._layout.status: gr.skip()}

    @shows_errors
    async def train_on(self, data: Data, request: gr.Request) -> Updates:
        """Train the model on, with the settings as they now are."""
        known = self._known(data)
        if known is None:  # the server has been emptied since
            return await self._train(data, request)
        job = self._service.submit(known, **self._training(data))
        await self._trainer.drop_twin(data[self._layout.shown])
        await self._trainer.moment(job)
        return self._view(data)

    @shows_errors
    async def look(self, data: Data) -> Updates:
        """Show how the training stands in a moment; it looks again as long as something is at work."""
        shown: Shown = data[self._layout.shown]
        if job := self._trainer.running(shown.twin) or self._trainer.running(shown.model):
            await self._trainer.moment(job)
        self._trainer.train_twin_on(shown)
        return self._view(data)

    @shows_errors
    async def check(self, data: Data, request: gr.Request) -> Updates:
        """Train a twin on the other engine, as the model was trained, and show the two side by side."""
        await self._trainer.check(data[self._layout.shown], request.session_hash or "")
        return self._view(data)

    @shows_errors
    async def stop(self, data: Data) -> Updates:
        """Cancel what is at work; what the model has learned is kept."""
        shown: Shown = data[self._layout.shown]
        if self._trainer.running(shown.twin):
            await self._trainer.drop_twin(shown)
        await self._trainer.stop(shown.model)
        return self._view(data)

    @shows_errors
    async def rewind(self, data: Data) -> Updates:
        """Go back to the first weights."""
        if known := self._known(data):
            self._service.rewind(known)
        await self._trainer.drop_twin(data[self._layout.shown])
        return self._view(data)

    async def restore(self, data: Data, request: gr.Request) -> Updates:
        """Show what the page's address says, trained; or else the model this browser knows."""
        sight = dict.fromkeys(hidden(self._layout.linked, request), False)
        shown: Shown = data[self._layout.shown]
        shown.model = self._trainer.known(data[self._layout.model_id])
        shown.twin = self._trainer.known(data[self._layout.twin_id])
        values: Mapping[Component, Any] = linked(self._chapter, self._layout.linked, request)
        if values:
            data = {**data, **values}
            options, training = read_fields(self._layout.fields, data, "model"), self._training(data)
            if shown.model is None or not self._service.trained_so(shown.model, options, training):
                # What this browser knew is let go of, not deleted: a link may have been followed by chance.
                shown.model = shown.twin = None
                await self._trainer.train(shown, options, training, request.session_hash or "")
        view: Updates = {}
        if shown.model is not None:
            view = self._view(data)
            values = self._settings(shown.model)
            sight = {**self._layout.optimizer.sight(values), **sight}
            # With their labels, which buttons in a tab that nobody has opened yet would lose.
            view |= {button: {**view[button], "value": button.value} for button in self._layout.buttons}
        return {**view, **settled(values, sight, data)}

    @shows_errors
    async def take_offer(self, data: Data, request: gr.Request) -> Updates:
        """Train afresh with the learning rate that holds."""
        known = self._known(data)
        job = self._service.latest_job(known) if known else None
        if job is None or job.stable_learning_rate is None:
            return self._nothing()
        learning_rate = {self._layout.fields["learning_rate"].component: job.stable_learning_rate}
        return {**await self._train({**data, **learning_rate}, request), **learning_rate}

    @shows_errors
    async def predict(self, data: Data, request: gr.Request) -> Updates:
        """Answer the vectors; without a model yet, with a new and untrained one."""
        assert self._layout.vectors is not None
        vectors = parse_vectors(data[self._layout.vectors])
        if known := self._known(data):
            self._service.predict(known, vectors)
            return self._view(data)
        options = read_fields(self._layout.fields, data, "model")
        created = self._trainer.create(options, request.session_hash or "")
        try:
            self._service.predict(created, vectors)
        except InvalidInput:
            await self._trainer.drop(created)
            raise
        data[self._layout.shown].model = created
        return self._view(data)

    # What is shown

    def _known(self, data: Data) -> str | None:
        return self._trainer.known(data[self._layout.shown].model)

    def _training(self, data: Data) -> dict[str, Any]:
        return read_fields(self._layout.fields, data, "training") | self._layout.optimizer.read(data)

    def _settings(self, model_id: str) -> dict[Component, Any]:
        """What the controls hold when they say how the model was made, and trained last."""
        model, job = self._service.model(model_id), self._service.latest_job(model_id)
        arguments = {**model.options, "seed": model.seed, **(job.config.model_dump() if job else {})}
        optimizer = self._layout.optimizer.values(job.config) if job else {}
        return {**show_fields(self._layout.fields, arguments), **optimizer}

    def _view(self, data: Data) -> Updates:
        shown: Shown = data[self._layout.shown]
        model_id, twin_id = self._trainer.known(shown.model), self._trainer.known(shown.twin)
        model = self._service.model(model_id) if model_id else None
        job = self._service.latest_job(model_id) if model_id else None
        history = self._service.history(model_id) if model_id else None
        running = job is not None and not job.status.ended
        idle = model is not None and not running
        busy = running or self._trainer.running(twin_id) is not None
        view: Updates = {
            self._layout.model_id: model_id,
            self._layout.twin_id: twin_id,
            self._layout.status: status_panel(model, job) + self._link(job),
            self._layout.plot: loss_plot(history, self._exercise.task, self._exercise.log_loss),
            self._layout.details: self._details(model_id, twin_id) if model_id else "",
            self._layout.train: gr.update(interactive=not running),
            self._layout.go_on: gr.update(interactive=idle),
            self._layout.stop: gr.update(interactive=busy),
            self._layout.rewind: gr.update(interactive=idle),
            self._layout.check: gr.update(interactive=idle and job is not None),
        }
        if busy:
            view[self._layout.looked] = time.monotonic_ns()
        if self._layout.vectors is not None:
            view[self._layout.predictions] = self._predictions_of(model_id, data[self._layout.vectors])
        return view

    def _link(self, job: Job | None) -> str:
        values = self._settings(job.model_id) if job is not None else {}
        return link(self._chapter, "training", self._layout.linked, values)

    def _details(self, model_id: str, twin_id: str | None) -> str:
        parts = {
            "comparison": self._compared(model_id, twin_id) if twin_id else "",
            "parameters": self._parameters_of(model_id),
            "program": program_panel(self._service.program(model_id)),
        }
        return "".join(
            f'<div id="{self._exercise.task}-{name}">{markup}</div>' for name, markup in parts.items()
        )

    def _compared(self, model_id: str, twin_id: str) -> str:
        jobs = [self._service.latest_job(each) for each in (model_id, twin_id)]
        both: list[Job] = [job for job in jobs if job is not None]
        difference = None
        if len({job.step for job in both}) == 1 and all(job.status.ended for job in both):
            parameters = [self._service.parameters(each) for each in (model_id, twin_id)]
            difference = largest_difference(*parameters)
        return comparison_panel(both, difference)

    def _predictions_of(self, model_id: str | None, text: str) -> str:
        """The table for the vectors in the box; text that cannot be read leaves it empty."""
        if model_id is not None:
            with suppress(InvalidInput):
                return predictions_panel(self._service.predict(model_id, parse_vectors(text)))
        return predictions_panel(None)

    def _parameters_of(self, model_id: str) -> str:
        computed: dict[str, Any] = {}
        if self._exercise.computed is not None:
            label, vector = self._exercise.computed
            (output,) = self._service.predict(model_id, [vector]).outputs
            values = [float("nan") if value is None else value for value in output]
            computed[label] = values if vector else values[0]
        return parameters_panel(self._service.parameters(model_id), computed)


def lay_out_workbench(book: Book, chapter: str, exercise: Exercise) -> Layout:
    """A workbench in the tab under construction."""
    layout = Layout(book.service, exercise, book.memories[exercise.task])
    Workbench(book, chapter, exercise, layout)
    return layout
