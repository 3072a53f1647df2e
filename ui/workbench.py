"""The workbench every chapter trains on: the controls, the figures, and what the buttons do.

Training never runs inside an event of the page. An event submits a job and then only watches it; the
model's id is kept in the browser, so a page that is loaded again finds its model and goes on watching.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio.blocks import Block

from service import InvalidInput, Job, LabError, ModelBusy, NotFound, TrainingService
from ui.chapters.base import Chapter
from ui.components.loss_plot import loss_plot
from ui.components.number_slider import number_slider
from ui.components.panels import parameters_panel, predictions_panel, status_panel
from ui.errors import shows_errors
from ui.fields import Data, Field, Fields, OptimizerControls
from ui.parsing import parse_vectors

Updates = dict[Any, Any]


class Workbench:
    """One chapter's tab, laid out in the gr.Blocks under construction and wired to the service."""

    def __init__(
        self, service: TrainingService, chapter: Chapter, page: gr.Blocks, model_id: gr.BrowserState
    ) -> None:
        """`model_id` is where the browser keeps the id of the chapter's model."""
        self._service = service
        self._chapter = chapter
        self._model_id = model_id
        self._lay_out()
        self._wire(page)

    def _lay_out(self) -> None:
        chapter, name = self._chapter, self._chapter.task
        defaults = next(task for task in self._service.tasks() if task.name == name).training
        gr.Markdown(chapter.idea, elem_classes="idea")
        with gr.Row(elem_classes="bench"):
            with gr.Column(scale=2, min_width=300, elem_classes="controls"):
                self._fields: Fields = {
                    "learning_rate": Field(
                        number_slider(
                            "Learning rate",
                            f"{name}-learning-rate",
                            value=defaults["learning_rate"],
                            minimum=1e-6,
                            maximum=1,
                        ),
                        "training",
                    ),
                    "steps": Field(
                        number_slider(
                            "Steps",
                            f"{name}-steps",
                            value=defaults["steps"],
                            minimum=1,
                            maximum=chapter.longest,
                            whole=True,
                        ),
                        "training",
                    ),
                }
                with gr.Row():
                    self._fields |= chapter.fields()
                with gr.Row(elem_classes="buttons"):
                    self._train = gr.Button("Train", variant="primary", min_width=80)
                    self._continue = gr.Button("Continue", interactive=False, min_width=80)
                    self._stop = gr.Button("Stop", interactive=False, min_width=80)
                    self._rewind = gr.Button("Rewind", interactive=False, min_width=80)
                gr.Markdown(
                    "**Train** starts from fresh first weights, **Continue** goes on from where the "
                    "model stands, **Rewind** goes back to its first weights.",
                    elem_classes="hint",
                )
                with gr.Accordion("More", open=False):
                    self._fields |= chapter.more()
                    self._optimizer = OptimizerControls(self._service)
            with gr.Column(scale=3, min_width=300, elem_classes="figures"):
                self._status = figure(status_panel(None, None), f"{name}-status")
                self._plot = figure(loss_plot(None, name), f"{name}-plot")
                self._parameters = figure("", f"{name}-parameters")
        self._figures = [self._status, self._plot, self._parameters]
        self._buttons = [self._train, self._continue, self._stop, self._rewind]
        if chapter.vectors is not None:
            self._lay_out_predictions(chapter.vectors)

    def _lay_out_predictions(self, vectors: str) -> None:
        name = self._chapter.task
        gr.Markdown("### Test it on any vector", elem_classes="idea")
        with gr.Row(elem_classes="bench"):
            self._vectors = gr.Textbox(
                vectors,
                label="Vectors, one a line",
                info="1 2 3 or 1, 2, 3 or [1, 2, 3]",
                lines=3,
                max_lines=12,
                scale=4,
                min_width=260,
                elem_id=f"{name}-vectors",
            )
            self._predict = gr.Button("Predict", scale=1, min_width=120, elem_id=f"{name}-predict")
        self._predictions = figure(predictions_panel(None), f"{name}-predictions")

    def _wire(self, page: gr.Blocks) -> None:
        quiet: dict[str, Any] = {
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": None,
        }
        controls: set[Block] = {
            self._model_id,
            *self._optimizer.components,
            *(field.component for field in self._fields.values()),
        }
        seen = [self._model_id, *self._figures, *self._buttons]
        shown = [*seen, *self._optimizer.components, *(f.component for f in self._fields.values())]
        endings = [
            self._train.click(self.train, controls, seen, **quiet),
            self._continue.click(self.train_on, controls, seen, **quiet),
            self._rewind.click(self.rewind, self._model_id, seen, **quiet),
            page.load(self.restore, self._model_id, shown, **quiet),
        ]
        self._stop.click(self.stop, self._model_id, seen, **quiet)
        if self._chapter.vectors is not None:
            predicting = {*controls, self._vectors}
            results = [*seen, self._predictions]
            self._predict.click(self.predict, predicting, results, **quiet)
            for ending in endings:
                ending.then(self.predict_again, [self._model_id, self._vectors], self._predictions, **quiet)

    # What the buttons do

    @shows_errors
    async def train(self, data: Data, request: gr.Request) -> AsyncIterator[Updates]:
        """Train a new model from its first weights; it takes the place of the one before."""
        before = self._known(data[self._model_id])
        if before and (job := self._service.latest_job(before)) and not job.status.ended:
            raise ModelBusy(before)
        with self._model(None, data, request) as model_id:
            job = self._submit(model_id, data)
        if before:
            self._service.delete_model(before)
        yield {self._model_id: model_id, **self._view(model_id)}
        async for updates in self._follow(job):
            yield updates

    @shows_errors
    async def train_on(self, data: Data, request: gr.Request) -> AsyncIterator[Updates]:
        """Train the model on, with the settings as they now are."""
        with self._model(self._known(data[self._model_id]), data, request) as model_id:
            job = self._submit(model_id, data)
        yield {self._model_id: model_id, **self._view(model_id)}
        async for updates in self._follow(job):
            yield updates

    @shows_errors
    async def stop(self, model_id: str | None) -> Updates:
        """Cancel the model's job; what it has learned is kept."""
        known = self._known(model_id)
        job = self._service.latest_job(known) if known else None
        if job is not None:
            self._service.request_cancel(job.id)
            async for _ in self._service.watch(job.id):
                pass
        return self._view(known)

    @shows_errors
    async def rewind(self, model_id: str | None) -> Updates:
        """Go back to the first weights."""
        known = self._known(model_id)
        if known:
            self._service.rewind(known)
        return {self._model_id: known, **self._view(known)}

    @shows_errors
    async def restore(self, model_id: str | None) -> AsyncIterator[Updates]:
        """Show the model this browser knows, with the settings of its last job, and go on watching."""
        known = self._known(model_id)
        job = self._service.latest_job(known) if known else None
        yield {self._model_id: known, **self._view(known), **self._settings(known, job)}
        if job is not None:
            async for updates in self._follow(job):
                yield updates

    @shows_errors
    async def predict(self, data: Data, request: gr.Request) -> Updates:
        """Answer the vectors; without a model yet, with a new and untrained one."""
        vectors = parse_vectors(data[self._vectors])
        with self._model(self._known(data[self._model_id]), data, request) as model_id:
            table = predictions_panel(self._service.predict(model_id, vectors))
        return {self._model_id: model_id, self._predictions: table, **self._view(model_id)}

    @shows_errors
    async def predict_again(self, model_id: str | None, text: str) -> str:
        """Bring the table up to date with the model; text that cannot be read leaves it empty."""
        known = self._known(model_id)
        if known is None:
            return predictions_panel(None)
        try:
            return predictions_panel(self._service.predict(known, parse_vectors(text)))
        except InvalidInput:
            return predictions_panel(None)

    # How they do it

    def _known(self, model_id: str | None) -> str | None:
        try:
            return self._service.model(model_id).id if model_id else None
        except (NotFound, InvalidInput):
            return None  # the browser remembers a model of a server that has been emptied since

    @contextmanager
    def _model(self, known: str | None, data: Data, request: gr.Request) -> Iterator[str]:
        """The known model, or else a new one, which goes again if what is done with it is refused."""
        if known is not None:
            yield known
            return
        options = self._read(data, "model")
        owner = request.session_hash or ""
        model = self._service.create_model(self._chapter.task, owner=owner, **options)
        try:
            yield model.id
        except LabError:
            self._service.delete_model(model.id)
            raise

    def _submit(self, model_id: str, data: Data) -> Job:
        training = self._read(data, "training") | self._optimizer.read(data)
        return self._service.submit(model_id, **training)

    def _read(self, data: Data, argument_of: str) -> dict[str, Any]:
        return {
            name: field.read(data[field.component])
            for name, field in self._fields.items()
            if field.argument_of == argument_of
        }

    def _settings(self, model_id: str | None, job: Job | None) -> Updates:
        if model_id is None:
            return {}
        model = self._service.model(model_id)
        values = {**model.options, "seed": model.seed}
        updates: Updates = {}
        if job is not None:
            values |= job.config.model_dump()
            updates = self._optimizer.show(job.config)
        for name, field in self._fields.items():
            if name in values:
                updates[field.component] = field.show(values[name])
        return updates

    async def _follow(self, job: Job) -> AsyncIterator[Updates]:
        async for _ in self._service.watch(job.id):
            yield self._view(job.model_id)

    def _view(self, model_id: str | None) -> Updates:
        model = self._service.model(model_id) if model_id else None
        job = self._service.latest_job(model_id) if model_id else None
        running = job is not None and not job.status.ended
        name = self._chapter.task
        return {
            self._status: status_panel(model, job),
            self._plot: loss_plot(
                self._service.history(model_id) if model_id else None, name, self._chapter.log_loss
            ),
            self._parameters: self._parameters_of(model_id) if model_id else "",
            self._train: gr.Button(interactive=not running),
            self._continue: gr.Button(interactive=model is not None and not running),
            self._stop: gr.Button(interactive=running),
            self._rewind: gr.Button(interactive=model is not None and not running),
        }

    def _parameters_of(self, model_id: str) -> str:
        computed: dict[str, Any] = {}
        if self._chapter.computed is not None:
            label, vector = self._chapter.computed
            (output,) = self._service.predict(model_id, [vector]).outputs
            values = [float("nan") if value is None else value for value in output]
            computed[label] = values if vector else values[0]
        return parameters_panel(self._service.parameters(model_id), computed)


def figure(markup: str, elem_id: str) -> gr.HTML:
    """A place for markup of our own, styled by style.css alone."""
    return gr.HTML(markup, elem_id=elem_id, apply_default_css=False, elem_classes="figure")
