"""Training: a network that memorizes one vector."""

from ui.chapters.base import Chapter
from ui.fields import Fields, network_fields, numbers_field, seed_field

IDEA = """
### A network memorizes one vector

`MyNetwork` takes 3 numbers to 2 and those to 5. Train it until `[1, 2, 3]` gives `[1, 2, 3, 4, 5]`.
The lab's learning rate of 1e-6 gets only part of the way in 50,000 steps: press **Continue** for
50,000 more, or drag the slider to a learning rate that needs a few hundred.
"""


def fields() -> Fields:
    """What the first weights are drawn with."""
    return {"seed": seed_field("memorize")}


def more() -> Fields:
    """The network, and what it is to answer."""
    return {
        **network_fields("2", "none"),
        "target": numbers_field("Answer to memorize", "1, 2, 3, 4, 5", "target"),
    }


CHAPTER = Chapter(
    task="memorize",
    tab="Training",
    idea=IDEA,
    fields=fields,
    more=more,
    longest=1_000_000,
    log_loss=False,
    vectors="1 2 3",
    computed=("my_network(tensor([1., 2., 3.]))", [1.0, 2.0, 3.0]),
)
