"""Training: a network that memorizes one vector."""

import gradio as gr

from service import JobStatus
from ui.bench_task import BenchTask
from ui.book import Book, Chapter
from ui.components.figure import figure
from ui.components.parts import empty
from ui.components.replay_panel import SCRIPT, replay_panel
from ui.components.seeds_plot import seeds_plot
from ui.events import QUIET
from ui.fields import Fields, network_fields, numbers_field, seed_field
from ui.trainer import BenchState
from ui.workbench import lay_out_workbench

TASK = "memorize"

IDEA = """
## Memorize one vector.

Train `MyNetwork` to turn `[1, 2, 3]` into `[1, 2, 3, 4, 5]` as you drag the learning rate.
"""
STALL = """
At the lab's learning rate of 1e-6, 50,000 steps get only part of the way. At 0.001, 300 are enough.

A step can vanish: a float32 number has 24 bits, and adding less than half of the last one changes nothing.
Once a step changes no weight, no later one does. With the network and the answer that this page opens with,
every seed on the slider gets there within 1,000,000 steps at a learning rate of 0.00001. Then press
**Continue**: the loss stays.
"""
SEED_COUNT = 200

INPUT = [1.0, 2.0, 3.0]


def fields() -> Fields:
    """What the first weights are drawn with."""
    return {"seed": seed_field(TASK)}


def more() -> Fields:
    """The network, and what it is to answer."""
    return {
        **network_fields("2", "none"),
        "target": numbers_field("Answer to memorize", "1, 2, 3, 4, 5", "target"),
    }


BENCH_TASK = BenchTask(
    task=TASK,
    fields=fields,
    more=more,
    longest=1_000_000,
    log_loss=False,
    vectors="1 2 3",
    computed=("my_network(tensor([1., 2., 3.]))", INPUT),
)


def _lay_out(book: Book) -> None:
    layout = lay_out_workbench(book, CHAPTER.name, BENCH_TASK).layout
    with layout.above_controls:
        gr.Markdown(IDEA, elem_classes="poster")
    book.predictions.ask("seeds", "memorizing", "vanishing", task=TASK)
    with gr.Column(elem_classes="folds"):
        replay_fold = gr.Accordion("Step by step", open=False, elem_id="replay-part", elem_classes="part")
        with replay_fold:
            watch = gr.Button("Replay this training", elem_id="replay-run")
            replayed = figure(replay_panel([], [], []), "memorize-replay", SCRIPT)
        seeds_fold = gr.Accordion(
            "Your seed against others", open=False, elem_id="seeds-part", elem_classes="part"
        )
        with seeds_fold:
            compare = gr.Button(f"Train {SEED_COUNT} seeds as this one was trained", elem_id="seeds-run")
            seeds = figure(empty("Train the network first."), "memorize-seeds")
        with gr.Accordion("Steps that are too small", open=False, elem_id="stall-part", elem_classes="part"):
            gr.Markdown(STALL, elem_classes="idea")

    async def replay(shown: BenchState) -> str:
        if shown.model is None:
            return replay_panel([], [], [])
        frames = await book.service.reruns.replay(shown.model)
        return replay_panel(frames, INPUT, book.service.model(shown.model).options["target"])

    async def others(shown: BenchState) -> str:
        jobs = book.service.jobs(shown.model) if shown.model else []
        if shown.model is None or not jobs:
            return empty("Train the network first.")
        *before, job = jobs
        if not job.status.ended:
            return empty("This training is still under way. Wait for its end, or press Stop.")
        if any(each.status is JobStatus.diverged for each in before):
            return empty(
                "This training diverged on the way, where other seeds may not. Press Train for a new one."
            )
        losses = await book.service.reruns.seed_losses(shown.model, SEED_COUNT)
        diverged = job.status is JobStatus.diverged
        own, steps = (None, job.target_step) if diverged else (job.loss, job.step)
        return seeds_plot(own, book.service.model(shown.model).seed, losses, steps, SEED_COUNT)

    gr.on([watch.click, replay_fold.expand], replay, layout.shown, replayed, **QUIET)
    busy = {**QUIET, "show_progress": "minimal", "show_progress_on": seeds}
    gr.on([compare.click, seeds_fold.expand], others, layout.shown, seeds, **busy)


LEARNED = "train a network on one example, and tell a stalled training from a finished one."

CHAPTER = Chapter("training", "Training", _lay_out, LEARNED, trains=TASK)
