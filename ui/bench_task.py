"""What a chapter trains on the shared workbench: a task of the lab, with its own controls."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.fields import Fields


@dataclass(frozen=True)
class BenchTask:
    """A task and its controls. `fields` and `more` lay them out when called."""

    task: str
    fields: Callable[[], Fields]
    """The controls that are always visible."""
    more: Callable[[], Fields]
    """The controls folded under "More"."""
    longest: int
    """Where the steps slider ends; the field beside it takes any number."""
    log_loss: bool
    """Whether the loss is shown on a log axis at first."""
    vectors: str | None
    """What the box for vectors holds at first; None for no box."""
    computed: tuple[str, list[float]] | None
    """A line under the parameters: how it is called, and the input whose output it shows."""
