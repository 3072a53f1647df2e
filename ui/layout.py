"""The layout of a workbench: its controls, its figures, and where they stand."""

from typing import Any

import gradio as gr
from gradio.components import Component

from service import TrainingService
from ui.bench_task import BenchTask
from ui.components.details import details_panel
from ui.components.figure import figure
from ui.components.labels import label
from ui.components.loss_plot import loss_plot
from ui.components.number_slider import number_slider
from ui.components.panels import OFFER, predictions_panel, status_panel
from ui.components.program import SCRIPT as PROGRAM
from ui.components.share import SCRIPT as SHARE
from ui.components.terms import explained
from ui.dragging import hand, sliders
from ui.fields import Data, Field, Fields, OptimizerControls, engine_field, initially, read_fields
from ui.links import WRITER
from ui.looking import Looking
from ui.trainer import BenchState

HINT = """
**Train** starts over from the first weights, and so does moving a slider. **Continue** trains the same model
further; after that, sliders wait for **Train**. **Rewind** goes back to the first weights.
"""


WORDS = ("engine", "optimizer", "weight decay")
"""Those of the controls under "More"."""


class Memory:
    """What a chapter remembers from event to event.

    To be made outside the tabs: what is in a tab is not there before somebody opens it.
    """

    def __init__(self, task: str) -> None:
        self.model_id = _browser_state(task)
        """The chapter's model, and below, its twin on the other engine; kept for when the page is loaded
        again."""
        self.twin_id = _browser_state(f"{task}-twin")
        self.shown = gr.State(BenchState())
        self.looking = Looking()
        """At the trainings of the bench, and below, at a sweep."""
        self.looking_at_sweep = Looking()


def _browser_state(name: str) -> gr.BrowserState:
    """Something kept in the browser under `name`, readable after the server has been restarted.

    What is kept are ids, which are no secret from the browser's owner; hence the fixed key.
    """
    return gr.BrowserState(None, storage_key=f"backprop-lab-{name}", secret="backprop-lab")


class Layout:
    """One task's components, laid out in the gr.Blocks under construction when this is made."""

    def __init__(self, service: TrainingService, bench_task: BenchTask, memory: Memory) -> None:
        name = bench_task.task
        self.model_id = memory.model_id
        self.twin_id = memory.twin_id
        self.shown = memory.shown
        self.looking = memory.looking
        self.vectors: gr.Textbox | None = None
        with gr.Row(elem_classes="bench"):
            with gr.Column(min_width=300, elem_classes="controls"):
                self.above_controls = gr.Column(elem_classes="place above")
                """For what the chapter puts first, and below, above the figures."""
                self.fields: Fields = _training_fields(service, bench_task) | bench_task.fields()
                with gr.Row(elem_classes="buttons"):
                    self.train = gr.Button("Train", variant="primary", min_width=60)
                    self.go_on = gr.Button("Continue", interactive=False, min_width=60)
                    self.stop = gr.Button("Stop", interactive=False, min_width=60)
                    self.rewind = gr.Button("Rewind", interactive=False, min_width=60)
                self.unapplied = figure("", f"{name}-unapplied")
                """Says what has been set but not trained with."""
                with gr.Accordion(
                    "More", open=False, elem_id=f"{name}-more", elem_classes="part"
                ) as self.more:
                    gr.Markdown(HINT, elem_classes="hint")
                    self.live = gr.Checkbox(True, label="Train while a slider moves")
                    more = bench_task.more()
                    self.engine = engine_field(service, name)
                    self.check = gr.Button(
                        "Check against PyTorch", interactive=False, elem_id=f"{name}-check"
                    )
                    self.fields |= {"engine": self.engine, **more}
                    self.optimizer = OptimizerControls(service, name)
                    figure(explained(*WORDS), f"{name}-words")
            with gr.Column(min_width=300, elem_classes="figures"):
                self.above_figures = gr.Column(elem_classes="place above")
                with gr.Column(elem_classes="run"):
                    self.status = figure(status_panel(None, None), f"{name}-status", OFFER + WRITER)
                    self.plot = loss_plot(
                        name, bench_task.log_loss, self._hand(service, name), sliders(self.linked)
                    )
                self.under_plot = gr.Column(elem_classes="place")
                """For a figure of the chapter's own."""
                self.details = figure(details_panel(name), f"{name}-details", PROGRAM + SHARE)
        self.buttons = [self.train, self.go_on, self.stop, self.rewind, self.check]
        self.seen: list[Component] = [
            self.model_id,
            self.twin_id,
            *self.looking.outputs,
            self.status,
            self.plot,
            self.details,
            self.unapplied,
            *self.buttons,
        ]
        if bench_task.vectors is not None:
            self._lay_out_predictions(name, bench_task.vectors)

    def _lay_out_predictions(self, name: str, vectors: str) -> None:
        with gr.Row(elem_classes="test"):
            with gr.Column(min_width=300, elem_classes="tested"):
                self.vectors = gr.Textbox(
                    vectors,
                    label="Vectors, one per line",
                    info="1 2 3 or 1, 2, 3 or [1, 2, 3]",
                    lines=3,
                    max_lines=12,
                    elem_id=f"{name}-vectors",
                )
                self.predict = gr.Button("Predict", elem_id=f"{name}-predict")
            self.predictions = figure(predictions_panel(None), f"{name}-predictions")
        self.seen.append(self.predictions)

    def _hand(self, service: TrainingService, task: str) -> dict[str, Any] | None:
        """What the first move of a slider trains."""
        asked = service.descriptions.asked(task, *self.asked(initially(self.controls)))
        return hand(task, *asked, service.catalog.engines())

    def asked(self, data: Data) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the controls ask for: the arguments of `create_model` and of `submit`. Raises InvalidInput."""
        training = read_fields(self.fields, data, "training") | self.optimizer.read(data)
        return read_fields(self.fields, data, "model"), training

    @property
    def linked(self) -> Fields:
        """What a link holds."""
        return {**self.fields, **self.optimizer.fields}

    @property
    def controls(self) -> list[Component]:
        """What a training is read from."""
        fields = [field.component for field in self.fields.values()]
        return [self.live, *fields, *self.optimizer.components]

    @property
    def tested(self) -> list[Component]:
        """The box for vectors, where there is one."""
        return [] if self.vectors is None else [self.vectors]


def _training_fields(service: TrainingService, bench_task: BenchTask) -> Fields:
    defaults = next(task for task in service.catalog.tasks() if task.name == bench_task.task).training
    learning_rate = number_slider(
        label("learning_rate"),
        f"{bench_task.task}-learning-rate",
        value=defaults["learning_rate"],
        minimum=1e-6,
        maximum=1,
        ends=("small hops", "large hops"),
        word="learning rate",
    )
    steps = number_slider(
        label("steps"),
        f"{bench_task.task}-steps",
        value=defaults["steps"],
        minimum=1,
        maximum=bench_task.longest,
        whole=True,
        word="step",
    )
    return {
        "learning_rate": Field(learning_rate, "training", live=True),
        "steps": Field(steps, "training", live=True),
    }
