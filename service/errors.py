"""Everything the service can refuse, as one tree.

    LabError
    ├── InvalidInput       a value that is not allowed; names the field, the value and what is allowed
    ├── NotFound           no model or job has this id
    ├── ModelBusy          the model is training, and what was asked would disturb it
    ├── LimitReached       as much as may be is here already; says of what, and when to try again
    ├── Unreadable         what is kept of a model, a job or a data set is damaged
    ├── StorageFailed      the lab cannot write to its data folder, or read from it, at present
    ├── DataFolderBusy     another server has the data folder open
    ├── DataFolderUnusable what is in the data folder is no database that this lab can go on with
    ├── NotInstalled       something optional that is not installed; says how to install it
    ├── ClusterUnusable    a Dask scheduler or worker cannot train as this lab does; says why, and what to do
    └── ServiceClosed      the service was closed, before the call or while it waited for a job

A message is one sentence for a person, and the same one in Python, in gradio_client, in MCP and over
HTTP. On the page it names a control by its label, and through the API by its argument.
How a run *ends* (succeeded, diverged, cancelled...) is a value, `records.JobStatus`, never an error.
"""

import math
import reprlib
import unicodedata
from collections.abc import Collection
from typing import Any


class LabError(Exception):
    """Base of every error a caller can mend; `str(error)` is the sentence to show."""


class InvalidInput(LabError):
    """A value from outside is not allowed. Nothing has been changed.

    `field` says which value it is: an argument, or a part of one such as `vectors[0]`.
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        """Build the sentence "`field` must be `allowed`; got `value`."."""
        self.field = field
        self._rest = f"must be {allowed}; got {shown(value)}."
        super().__init__(self.sentence(field))

    def sentence(self, name: str) -> str:
        """The message with another name for the field, such as the label of a control."""
        return f"{name} {self._rest}"


class NotFound(LabError):
    """Nothing of this kind has the given id: it never existed here, or it was deleted."""

    def __init__(self, kind: str, identifier: str, other: str | None = None) -> None:
        """`kind` is "model", "job" or "run"; `other` is the kind of thing that does have the id, if any."""
        where, advice = _LOST[kind]
        advice = f"it is the id of a {other}." if other else advice
        super().__init__(f"{kind}_id {shown(identifier)} is not known {where}; {advice}")


_LOST = {
    "model": ("here", "it may have been deleted. Check the id, or create a new model."),
    "job": ("here", "its model may have been deleted or rewound. Check the id, or train again."),
    "run": ("in this table", "it may have been deleted. Load the page again to see the runs there are."),
}
"""Where a thing of each kind was looked for, and what may have become of it."""


class ModelBusy(LabError):
    """The model has a queued or running job."""

    def __init__(self, model_id: str, job_id: str) -> None:
        super().__init__(
            f"Model {model_id} is training already, in job {job_id}; wait until that job ends, or cancel it."
        )
        self.job_id = job_id


class LimitReached(LabError):
    """As much as may be is here, or was asked for, already. Nothing has been changed."""

    def __init__(self, reached: str, retry_seconds: int) -> None:
        """`reached` is a clause such as "this lab has 5,000 jobs waiting, as many as it may"."""
        self.retry_seconds = retry_seconds
        super().__init__(f"{reached[0].upper()}{reached[1:]}; try again in {retry_seconds} s.")


class Unreadable(LabError):
    """What is kept of a thing cannot be understood: the file was damaged, or edited."""

    def __init__(self, kind: str, identifier: str) -> None:
        """`kind` is "model", "job" or "data set"."""
        self.kind, self.identifier = kind, identifier
        super().__init__(f"What is kept of the {kind} {shown(identifier)} is damaged; {_DAMAGED[kind]}.")


_DAMAGED = {
    "model": "delete it, and create a new one",
    "job": "rewind or delete its model, or train again",
    "data set": "add it again",
}
"""What to do about damage to a thing of each kind."""


class StorageFailed(LabError):
    """The data folder does not take what is to be written, or does not give what is to be read."""

    retry_seconds = 60

    def __init__(self, doing: str, reason: object) -> None:
        """`doing` is "write to" or "read from"; `reason` is what the system says, such as "disk full"."""
        super().__init__(
            f"The lab cannot {doing} its data folder at present ({reason}); "
            f"try again in {self.retry_seconds} s."
        )


class DataFolderBusy(LabError):
    """Another process holds the database; one process owns it at a time."""

    def __init__(self, path: object) -> None:
        super().__init__(f"Another Backprop Lab is using {path}; stop it, or set LAB_DATA to another folder.")


class DataFolderUnusable(LabError):
    """What is in the data folder is left as it is, for this lab cannot go on with it."""

    def __init__(self, path: object, why: str, advice: str = "move it away") -> None:
        """`why` is a clause about the file `path`; `advice` is what to do if the folder is the right one."""
        super().__init__(f"{path} {why}; {advice}, or set LAB_DATA to another folder.")


class NotInstalled(LabError):
    """What was asked for needs a package that is optional, and that is not here."""

    def __init__(self, purpose: str, package: str) -> None:
        """`purpose` is what it is needed for, such as "Logging to tensorboard"."""
        super().__init__(f"{purpose} needs the package {package}; install it: pip install {package}")


class ClusterUnusable(LabError):
    """A Dask scheduler has no workers, or a worker cannot train as this lab does."""

    def __init__(self, who: str, why: str, advice: str) -> None:
        """`who` is such as "The Dask worker tcp://10.0.0.7:4711"; `why` and `advice` are clauses."""
        super().__init__(f"{who} {why}; {advice}.")


class ServiceClosed(LabError):
    """The service was closed; its unfinished jobs go on at the next start."""

    def __init__(self) -> None:
        super().__init__("The service has been closed; unfinished jobs go on when it is started again.")


def shown(value: object, limit: int = 80) -> str:
    """`value` as JSON writes it, but with texts in single quotes: null, true, [1.5, 'a'], NaN.

    It is cut to `limit` characters, so that a huge value cannot flood the message.
    """
    text = _SPELLING.repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


class _Spelling(reprlib.Repr):
    """Never goes deeper or further into a value than a message can show. Every kind of space is a space."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 6
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = self.maxfrozenset = 40
        self.maxother = 200
        self.fillvalue = "…"

    def repr1(self, x: Any, level: int) -> str:
        return "null" if x is None else super().repr1(x, level)

    def repr_bool(self, x: bool, _level: int) -> str:
        return "true" if x else "false"

    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to write out numbers of more than 4300 digits.
        digits = int(x.bit_length() * math.log10(2)) + 1
        return repr(x) if digits <= 100 else f"a whole number of about {digits:,} digits"

    def repr_float(self, x: float, _level: int) -> str:
        if math.isfinite(x):
            return repr(x)
        return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"

    def repr_str(self, x: str, level: int) -> str:
        return repr("".join(" " if unicodedata.category(each) == "Zs" else each for each in x[:200]))

    def repr_tuple(self, x: tuple[Any, ...], level: int) -> str:
        return self.repr_list(list(x), level)


_SPELLING = _Spelling()


def one_of(field: str, value: Any, allowed: Collection[str]) -> str:
    """`value` if it is one of the `allowed` names.

    Raises InvalidInput, listing the names, for anything else.
    """
    if not isinstance(value, str) or value not in allowed:
        raise InvalidInput(field, value, "one of " + ", ".join(allowed))
    return value
