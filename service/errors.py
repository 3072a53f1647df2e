"""Everything the service can refuse, as one tree.

    LabError
    ├── InvalidInput       a value that is not allowed; names the field, the value and what is allowed
    ├── NotFound           no model or job has this id
    ├── ModelBusy          the model is training, and what was asked would disturb it
    ├── DataFolderBusy     another server has the data folder open
    └── ServiceClosed      the service was closed while somebody waited for a job

A message is one sentence for a person, and the same one on the page, in gradio_client and in MCP.
How a run *ends* (succeeded, diverged, cancelled...) is a value, `records.JobStatus`, never an error.
"""

from collections.abc import Collection
from typing import Any


class LabError(Exception):
    """Base of every error a caller can mend; `str(error)` is the sentence to show."""


class InvalidInput(LabError):
    """A value from outside is not allowed. Nothing has been changed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        """Build the sentence "`field` must be `allowed`; got `value`."."""
        super().__init__(f"{field} must be {allowed}; got {shown(value)}.")
        self.field = field


class NotFound(LabError):
    """No model or job has the given id: it never existed here, or it was deleted."""

    def __init__(self, kind: str, identifier: str) -> None:
        super().__init__(
            f"{kind}_id {shown(identifier)} is not known here; it may have been deleted or rewound. "
            "Check the id, or create a new model."
        )


class ModelBusy(LabError):
    """The model has a queued or running job."""

    def __init__(self, model_id: str) -> None:
        super().__init__(
            f"Model {model_id} is training already; wait until its job ends, or cancel that job."
        )


class DataFolderBusy(LabError):
    """Another process holds the database; one process owns it at a time."""

    def __init__(self, path: object) -> None:
        super().__init__(f"Another Backprop Lab is using {path}; stop it, or set LAB_DATA to another folder.")


class ServiceClosed(LabError):
    """The service was closed; its unfinished jobs go on at the next start."""

    def __init__(self) -> None:
        super().__init__("The service is stopping; the job goes on when it is started again.")


def shown(value: object, limit: int = 80) -> str:
    """`repr(value)`, cut to `limit` characters so that a huge value cannot flood the message."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_of(field: str, value: Any, allowed: Collection[str]) -> str:
    """`value` if it is one of the `allowed` names.

    Raises InvalidInput, listing the names, for anything else.
    """
    if not isinstance(value, str) or value not in allowed:
        raise InvalidInput(field, value, "one of " + ", ".join(allowed))
    return value
