"""The workbench every chapter trains on: what moving and pressing its controls does and shows.

The ids of the chapter's model, and of its twin on the other engine, are kept in the browser, so a page
that is loaded again finds them and goes on watching.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import gradio as gr

from service import InvalidInput, Job, NotFound
from ui.book import Book
from ui.components.comparison import comparison_panel, largest_difference
from ui.components.loss_plot import loss_plot
from ui.components.panels import parameters_panel, predictions_panel, status_panel
from ui.components.program import program_panel
from ui.errors import shows_errors
from ui.exercise import Exercise
from ui.fields import Data, read_fields, show_fields
from ui.layout import Layout
from ui.lesson import QUIET
from ui.links import hidden, linked, writer
from ui.parsing import parse_vectors
from ui.trainer import Trainer

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
        known: set[Any] = set(layout.known)
        everything: set[Any] = {*layout.known, *layout.controls}
        seen = layout.seen
        live: list[Any] = [field.component for field in layout.fields.values() if field.live]
        # While a training is at work, what is moved starts no other, and then the last: nothing queues
        # up, and what is on the page is what was moved last.
        moved = [component.input for component in live]
        dragged = gr.on(moved, self.drag, everything, seen, trigger_mode="always_last", **QUIET)
        trained = layout.train.click(self.train, everything, seen, **QUIET)
        js = writer(chapter, list(layout.linked))
        for event in (dragged, trained):
            linked_components = [field.component for field in layout.linked.values()]
            event.then(None, linked_components, None, js=js, api_visibility="private")
        learning_rate = layout.fields["learning_rate"].component
        layout.offer.click(self.take_offer, everything, [*seen, learning_rate], **QUIET)
        layout.followed.change(self.follow, known, seen, **QUIET)
        layout.go_on.click(self.train_on, everything, seen, **QUIET)
        layout.stop.click(self.stop, known, seen, **QUIET)
        layout.rewind.click(self.rewind, known, seen, **QUIET)
        layout.check.click(self.check, known, seen, **QUIET)
        opened = [*seen, *layout.controls]
        book.opening.add(self.restore, opened, kept=layout.memory, controls=everything - set(layout.memory))
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
        known, _ = self._known(data)
        last = self._service.latest_job(known) if known else None
        continued = last is not None and last.start_step > 0
        if continued or not data[self._layout.live]:
            return self._nothing()
        return await self._train(data, request)

    async def _train(self, data: Data, request: gr.Request) -> Updates:
        before, twin = self._known(data)
        options = read_fields(self._layout.fields, data, "model")
        job = self._trainer.begin(options, self._training(data), request.session_hash or "")
        # Shared by all events of this page, and so right even where the browser does not know yet.
        newest: dict[str, str | None] = data[self._layout.newest]
        unseen, newest["model"] = newest.get("model"), job.model_id
        await self._trainer.moment(job)
        if newest["model"] != job.model_id:
            return self._nothing()  # a later training has taken the place, and drops this one
        kept = before if before and self._trainer.differ_in_engine(before, job.model_id) else None
        for replaced in {before, twin, unseen} - {kept}:
            await self._trainer.drop(replaced)
        return self._view(job.model_id, kept, data)

    def _nothing(self) -> Updates:
        return {self._layout.status: gr.skip()}

    @shows_errors
    async def train_on(self, data: Data, request: gr.Request) -> Updates:
        """Train the model on, with the settings as they now are."""
        known, twin = self._known(data)
        if known is None:  # the server has been emptied since
            return await self._train(data, request)
        job = self._service.submit(known, **self._training(data))
        await self._trainer.moment(job)
        await self._trainer.drop(twin)
        return self._view(known, None, data)

    # Gradio repeats what a generator yielded last when it ends, and empties everything if that was
    # nothing. So the two below begin and end with no change.

    @shows_errors
    async def follow(self, data: Data) -> AsyncIterator[Updates]:
        """Show a job that takes longer than a moment, to its end."""
        yield self._nothing()
        if (job_id := data[self._layout.followed]) is not None:
            with suppress(NotFound):
                async for model_id in self._trainer.follow(job_id):
                    yield self._view(model_id, data[self._layout.twin_id], data)
        yield self._nothing()

    @shows_errors
    async def check(self, data: Data, request: gr.Request) -> AsyncIterator[Updates]:
        """Train a twin on the other engine, as the model was trained, and show the two side by side."""
        yield self._nothing()
        known, twin = self._known(data)
        await self._trainer.drop(twin)
        if known is not None:
            with suppress(NotFound):
                async for twin in self._trainer.check(known, request.session_hash or ""):
                    yield self._view(known, twin, data)
        yield self._nothing()

    @shows_errors
    async def stop(self, data: Data) -> Updates:
        """Cancel the model's job; what it has learned is kept."""
        known, twin = self._known(data)
        if known is not None:
            await self._trainer.stop(known)
        return self._view(known, twin, data)

    @shows_errors
    async def rewind(self, data: Data) -> Updates:
        """Go back to the first weights."""
        known, twin = self._known(data)
        if known is not None:
            self._service.rewind(known)
        await self._trainer.drop(twin)
        return self._view(known, None, data)

    async def restore(self, data: Data, request: gr.Request) -> Updates:
        """Show what the page's address says, trained; or else the model this browser knows."""
        hide = {component: gr.update(visible=False) for component in hidden(self._layout.linked, request)}
        known, twin = self._known(data)
        asked = linked(self._chapter, self._layout.linked, request)
        if asked:
            data = {**data, **asked}
            options = read_fields(self._layout.fields, data, "model")
            if known is None or not self._service.trained_so(known, options, self._training(data)):
                # What this browser knew is let go of, not deleted: a link may have been followed by chance.
                forgotten = {self._layout.model_id: None, self._layout.twin_id: None}
                return {**await self._train({**data, **forgotten}, request), **asked, **hide}
        if known is None:
            return hide
        return {**self._view(known, twin, data), **self._settings(known), **hide}

    @shows_errors
    async def take_offer(self, data: Data, request: gr.Request) -> Updates:
        """Train afresh with the learning rate that holds."""
        known, _ = self._known(data)
        job = self._service.latest_job(known) if known else None
        if job is None or job.stable_learning_rate is None:
            return self._nothing()
        learning_rate = {self._layout.fields["learning_rate"].component: job.stable_learning_rate}
        return {**await self._train({**data, **learning_rate}, request), **learning_rate}

    @shows_errors
    async def predict(self, data: Data, request: gr.Request) -> Updates:
        """Answer the vectors; without a model yet, with a new and untrained one."""
        known, twin = self._known(data)
        assert self._layout.vectors is not None
        vectors = parse_vectors(data[self._layout.vectors])
        created = None
        if known is None:
            options = read_fields(self._layout.fields, data, "model")
            known = created = self._trainer.create(options, request.session_hash or "")
        try:
            self._service.predict(known, vectors)
        except InvalidInput:
            await self._trainer.drop(created)
            raise
        return self._view(known, twin, data)

    # What is shown

    def _known(self, data: Data) -> tuple[str | None, str | None]:
        return self._trainer.known(data[self._layout.model_id]), self._trainer.known(
            data[self._layout.twin_id]
        )

    def _training(self, data: Data) -> dict[str, Any]:
        return read_fields(self._layout.fields, data, "training") | self._layout.optimizer.read(data)

    def _settings(self, model_id: str) -> Updates:
        model, job = self._service.model(model_id), self._service.latest_job(model_id)
        arguments = {**model.options, "seed": model.seed, **(job.config.model_dump() if job else {})}
        shown = self._layout.optimizer.show(job.config) if job else {}
        return {**show_fields(self._layout.fields, arguments), **shown}

    def _view(self, model_id: str | None, twin_id: str | None, data: Data) -> Updates:
        model = self._service.model(model_id) if model_id else None
        job = self._service.latest_job(model_id) if model_id else None
        running = job is not None and not job.status.ended
        name = self._exercise.task
        history = self._service.history(model_id) if model_id else None
        view: Updates = {
            self._layout.model_id: model_id,
            self._layout.twin_id: twin_id,
            self._layout.status: status_panel(model, job),
            self._layout.plot: loss_plot(history, name, self._exercise.log_loss),
            self._layout.comparison: self._compared(model_id, twin_id) if model_id and twin_id else "",
            self._layout.parameters: self._parameters_of(model_id) if model_id else "",
            self._layout.train: _pressable(self._layout.train, not running),
            self._layout.go_on: _pressable(self._layout.go_on, model is not None and not running),
            self._layout.stop: _pressable(self._layout.stop, running),
            self._layout.rewind: _pressable(self._layout.rewind, model is not None and not running),
            self._layout.check: _pressable(self._layout.check, job is not None and not running),
            self._layout.offer: _offered(job),
            self._layout.program: program_panel(self._service.program(model_id)) if model_id else "",
        }
        if job is not None and running:
            view[self._layout.followed] = job.id
        if self._layout.vectors is not None:
            view[self._layout.predictions] = self._predictions_of(model_id, data[self._layout.vectors])
        return view

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


def _offered(job: Job | None) -> gr.Button:
    rate = job.stable_learning_rate if job is not None else None
    return gr.Button(f"Train with learning rate {rate:g}" if rate else "", visible=rate is not None)


def _pressable(button: gr.Button, interactive: bool) -> gr.Button:
    # With its label, which a button in a tab that nobody has opened yet would lose.
    return gr.Button(button.value, interactive=interactive)
