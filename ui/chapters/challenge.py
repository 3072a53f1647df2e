"""Challenge: a network that knows the rule, for every vector."""

from functools import partial

import gradio as gr

from ui.chapters.base import Chapter
from ui.fields import Field, Fields, network_fields, number, seed_field

IDEA = """
### One rule for every vector

Given `[a, b, c]`, answer `[a, b, c, c+1, c+2]`. The network trains on integer examples, one a step,
and then has to answer vectors it has never seen. Try hidden layers of 2 and of 3: through two numbers
the rule cannot pass, so with 2 the loss never goes to 0, however long you train.
"""

GENERATED = "Generate"


def fields() -> Fields:
    """The network, and what its first weights are drawn with."""
    return {**network_fields("3", "none"), "seed": seed_field("challenge")}


def more(datasets: list[str]) -> Fields:
    """The examples, and how they are taken."""
    with gr.Row():
        found: Fields = {
            "dataset": Field(
                gr.Dropdown([GENERATED, *datasets], value=GENERATED, label="Examples", min_width=150),
                "training",
                read=lambda name: None if name == GENERATED else name,
                show=lambda name: name or GENERATED,
            ),
        }
    with gr.Row():
        found |= {
            "examples": number("How many", 1000, "training"),
            "low": number("Lowest entry", -10, "training"),
            "high": number("Highest entry", 10, "training"),
            "data_seed": number("Seed of the examples", 0, "training"),
        }
    with gr.Row():
        found |= {
            "batch_size": number("Batch size (examples a step)", 1, "training"),
            "order": Field(
                gr.Dropdown(["sequential", "shuffled"], value="sequential", label="Order", min_width=150),
                "training",
            ),
        }
    return found


def chapter(datasets: list[str]) -> Chapter:
    """The chapter, with the names of the sets to choose from."""
    return Chapter(
        task="challenge",
        tab="Challenge",
        idea=IDEA,
        fields=fields,
        more=partial(more, datasets),
        longest=1_000_000,
        log_loss=True,
        vectors="1 2 3\n-7, 0, 9\n[100, -50, 25]",
        computed=None,
    )
