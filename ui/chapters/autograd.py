"""Autograd: two numbers, changed until their product is the target."""

from ui.chapters.base import Chapter
from ui.fields import Fields, number, numbers_field

IDEA = """
### Two numbers learn to multiply to 15

`var_1 = 3` and `var_2 = 4` multiply to 12. The **loss** `(15 - var_1 * var_2) ** 2` is 9, and it is 0
when the product is 15. Each step asks autograd which way the loss falls, and goes a little that way:
**Backprop**, **Optimize**, **Reset**.
"""


def fields() -> Fields:
    """Where to start and where to go."""
    return {
        "start": numbers_field("Start of var_1, var_2", "3, 4", "start"),
        "target": number("Target product", 15, "model"),
    }


CHAPTER = Chapter(
    task="product",
    tab="Autograd",
    idea=IDEA,
    fields=fields,
    more=dict,
    longest=10_000,
    log_loss=False,
    vectors=None,
    computed=("var_1 * var_2", []),
)
