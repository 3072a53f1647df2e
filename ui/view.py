"""What a bench shows of its model: a pure function of what was read at one moment."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from service import (
    EngineInfo,
    InvalidInput,
    Job,
    JobStatus,
    Snapshot,
    TrainingService,
    packed_recipe,
    training_program,
)
from ui.bench_task import BenchTask
from ui.components.comparison import comparison_panel, largest_difference
from ui.components.details import details_panel
from ui.components.loss_plot import curve, plotted
from ui.components.panels import parameters_panel, predictions_panel, status_panel
from ui.components.program import program_panel
from ui.components.share import link_notes, share_panel, verdict
from ui.dragging import hand_of
from ui.fields import Data, show_fields
from ui.layout import Layout
from ui.links import link
from ui.markup import Markup, join
from ui.parsing import parse_vectors
from ui.trainer import BenchState, Trainer, due

Updates = dict[Any, Any]


@dataclass(frozen=True)
class Scene:
    """What a bench is drawn from."""

    model: Snapshot | None = None
    twin: Snapshot | None = None
    """The same model, trained by another engine."""
    pending: bool = False
    """Whether trainings of a link are still to come."""
    promised: str | None = None
    """The fingerprint that a link has promised."""
    vectors: str | None = None
    """What the box for vectors holds; None without a box."""

    @property
    def job(self) -> Job | None:
        """The model's last training."""
        return self.model.job if self.model else None

    @property
    def busy(self) -> bool:
        """Whether a model of the scene is being trained, or is still to be."""
        jobs = [each.job for each in (self.model, self.twin) if each is not None]
        at_work = any(job is not None and not job.status.ended for job in jobs)
        return at_work or self.pending or due(self.model, self.twin) is not None

    @property
    def idle(self) -> bool:
        """Whether there is a model that waits for what comes next."""
        at_work = self.job is not None and not self.job.status.ended
        return self.model is not None and not at_work and not self.pending


@dataclass(frozen=True)
class Drawing:
    """The figures of a bench: as markup, or what one is drawn from in the page."""

    status: Markup
    plot: dict[str, Any]
    details: Markup
    predictions: Markup


@dataclass(frozen=True)
class Setting:
    """What is the same for all scenes of a bench."""

    chapter: str
    bench_task: BenchTask
    engines: Mapping[str, EngineInfo]
    datasets: Sequence[str]
    """The names of the sets that every lab has."""


def draw(scene: Scene, setting: Setting) -> Drawing:
    """The figures."""
    model = scene.model
    promised = None
    if model and scene.idle:
        promised = verdict(scene.promised, model.fingerprint, model.jobs, setting.engines)
    return Drawing(
        status=join(status_panel(model and model.model, scene.job, model and model.parameters), promised),
        plot=_plotted(model, setting, moves=not scene.pending),
        details=_details(scene, setting),
        predictions=_predictions(scene),
    )


def _plotted(model: Snapshot | None, setting: Setting, *, moves: bool) -> dict[str, Any]:
    """What static/training_plot.js draws; `moves` says whether a slider's move trains a new model."""
    if model is None:
        return plotted()
    job = model.job
    ended = job is not None and job.status in (JobStatus.succeeded, JobStatus.diverged)
    return plotted(
        curve(model.history, model.loss_floor),
        hand=hand_of(model, setting.engines) if moves else None,
        working=job is not None and not job.status.ended,
        result={"weights": model.weights, "fingerprint": model.fingerprint} if ended else None,
    )


def _details(scene: Scene, setting: Setting) -> Markup:
    model, bench_task = scene.model, setting.bench_task
    if model is None:
        return details_panel(bench_task.task)
    parts = {"parameters": parameters_panel(model.parameters, _computed(model, bench_task))}
    if scene.idle:  # while it trains, a program and a link of it would be of different moments
        parts["program"] = program_panel(training_program(model))
        parts["share"] = _shared(model, setting)
    compared = _compared(model, scene.twin, setting) if scene.twin else None
    return details_panel(bench_task.task, parts, compared)


def _compared(model: Snapshot, twin: Snapshot, setting: Setting) -> Markup:
    both = [each for each in (model, twin) if each.job is not None]
    jobs = [each.job for each in both if each.job is not None]
    difference = None
    if len({job.step for job in jobs}) == 1 and all(job.status.ended for job in jobs):
        difference = largest_difference(model.parameters, twin.parameters)
    return comparison_panel(jobs, difference, setting.engines)


def _computed(model: Snapshot, bench_task: BenchTask) -> Mapping[str, Any]:
    """The line under the parameters: what the model answers to an input of its own."""
    if bench_task.computed is None:
        return {}
    label, vector = bench_task.computed
    (output,) = model.predict([vector]).outputs
    values = [float("nan") if value is None else value for value in output]
    return {label: values if vector else values[0]}


def _shared(model: Snapshot, setting: Setting) -> Markup:
    recipe = None
    with suppress(InvalidInput):  # too many trainings for a link, or a program
        recipe = packed_recipe(model)
    notes = link_notes(model.jobs, setting.datasets, model.titles, setting.engines)
    from_program = model.model.program is not None
    return share_panel(setting.chapter, model.model.id, recipe, model.fingerprint, notes, from_program)


def _predictions(scene: Scene) -> Markup:
    """The table for the vectors in the box; text that cannot be read leaves it empty."""
    if scene.model is not None and scene.vectors is not None:
        with suppress(InvalidInput):
            return predictions_panel(scene.model.predict(parse_vectors(scene.vectors)))
    return predictions_panel(None)


class View:
    """One chapter's bench: reads a scene of it, draws it, and says what of the page becomes what."""

    def __init__(
        self, service: TrainingService, trainer: Trainer, chapter: str, bench_task: BenchTask, layout: Layout
    ) -> None:
        self._setting = Setting(chapter, bench_task, service.catalog.engines(), service.catalog.datasets())
        self._trainer = trainer
        self._layout = layout

    def settings(self, snapshot: Snapshot) -> dict[Component, Any]:
        """What the controls hold when they say how the model was made, and trained last."""
        model, job = snapshot.model, snapshot.job
        arguments = {**model.options, "seed": model.seed, **(job.config.model_dump() if job else {})}
        optimizer = self._layout.optimizer.values(job.config) if job else {}
        return {**show_fields(self._layout.fields, arguments), **optimizer}

    def updates(self, data: Data) -> Updates:
        """The whole bench, for the model that is shown and what the controls hold."""
        layout = self._layout
        shown: BenchState = data[layout.shown]
        model, twin = self._trainer.read(shown)
        vectors = None if layout.vectors is None else data[layout.vectors]
        scene = Scene(model, twin, bool(shown.pending), shown.promised, vectors)
        drawn = draw(scene, self._setting)
        values = self.settings(model) if model and model.job else {}
        view: Updates = {
            layout.model_id: model.model.id if model else None,
            layout.twin_id: twin.model.id if twin else None,
            layout.status: drawn.status + link(self._setting.chapter, "training", layout.linked, values),
            layout.plot: drawn.plot,
            layout.details: drawn.details,
            layout.train: gr.update(interactive=scene.idle or model is None),
            layout.go_on: gr.update(interactive=scene.idle),
            layout.stop: gr.update(interactive=scene.busy),
            layout.rewind: gr.update(interactive=scene.idle),
            layout.check: gr.update(interactive=scene.idle and scene.job is not None),
        }
        if layout.vectors is not None:
            view[layout.predictions] = drawn.predictions
        return view | layout.looking.again(scene.busy)
