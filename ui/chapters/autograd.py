"""Autograd: two numbers, changed until their product is the target."""

from ui.chapters.base import Chapter
from ui.components.number_slider import number_slider
from ui.fields import Field, Fields, number

IDEA = """
### Two numbers learn to multiply to 15

`var_1 = 3` and `var_2 = 4` multiply to 12. The **loss** `(15 - var_1 * var_2) ** 2` is 9, and it is 0
when the product is 15. Each step asks autograd which way the loss falls, and goes a little that way:
**Backprop**, **Optimize**, **Reset**.
"""


def fields() -> Fields:
    """Where to start."""
    return {
        f"start.{index}": Field(
            number_slider(
                f"var_{index + 1} starts at",
                f"product-start-{index + 1}",
                value=value,
                minimum=-10,
                maximum=10,
                step=0.1,
            ),
            "model",
            live=True,
        )
        for index, value in enumerate((3, 4))
    }


def more() -> Fields:
    """Where to go."""
    return {"target": number("Target product", 15, "model")}


CHAPTER = Chapter(
    task="product",
    tab="Autograd",
    idea=IDEA,
    fields=fields,
    more=more,
    longest=10_000,
    log_loss=False,
    vectors=None,
    computed=("var_1 * var_2", []),
)
