"""The frozen records that travel between the floors, validated once, here.

Every field that comes from outside carries in its `description` what is allowed, in words; the same
words make the error sentence (`parse`) and the limits that `/tasks` publishes.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from service.errors import InvalidInput

FLOAT32_MAX = 3.4028234663852886e38


def _number(value: object) -> object:
    # Pydantic would read "3" and True as numbers; a caller who sends them has made a mistake.
    if isinstance(value, str | bool):
        raise ValueError("not a number")
    return value


Whole = Annotated[int, BeforeValidator(_number)]
Real = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Float32 = Annotated[Real, Field(ge=-FLOAT32_MAX, le=FLOAT32_MAX)]


class Record(BaseModel):
    """Base of all records: frozen, and with no fields beyond the declared ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def parse(cls, values: Mapping[str, Any], owner: str = "this request") -> Self:
        """Validate `values`; `owner` says in the error whose fields these are.

        Raises InvalidInput naming the first field that is wrong, its value, and what is allowed.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            place = error.errors()[0]["loc"]
        if not place:  # a name that is no text, such as a lone surrogate
            raise InvalidInput(f"The settings of {owner}", dict(values), "named in plain text")
        field = str(place[0])
        if field not in cls.model_fields:
            raise InvalidInput(
                f"A setting of {owner}", field, "one of " + ", ".join(cls.model_fields)
            ) from None
        allowed = cls.model_fields[field].description or "given"
        raise InvalidInput(field, values.get(field), allowed) from None

    @classmethod
    def allowed(cls) -> dict[str, str]:
        """What each field allows, in words."""
        return {name: field.description or "" for name, field in cls.model_fields.items()}


class JobStatus(StrEnum):
    """Where a job stands; the last four are how it ended."""

    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    diverged = "diverged"
    cancelled = "cancelled"
    failed = "failed"

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self not in (JobStatus.queued, JobStatus.running)


SEED = "a whole number from 0 to 4,294,967,295"
Seed = Annotated[Whole, Field(ge=0, le=2**32 - 1, description=SEED)]


class DataConfig(Record):
    """Which examples a task trains on, for the tasks that leave the choice."""

    dataset: str | None = Field(default=None, description="the name of a data set, or null to generate")
    examples: Whole = Field(default=1000, ge=1, le=10_000, description="a whole number from 1 to 10,000")
    low: Whole = Field(
        default=-10, ge=-1_000_000, le=1_000_000, description="a whole number from -1,000,000 to 1,000,000"
    )
    high: Whole = Field(
        default=10, ge=-1_000_000, le=1_000_000, description="a whole number from -1,000,000 to 1,000,000"
    )
    data_seed: Seed = Field(default=0, description=SEED)
    held_out: Real = Field(default=0.0, ge=0, le=0.9, description="a number from 0 to 0.9")
    """The share of the examples that is kept out of training, to measure it by."""

    def model_post_init(self, _context: object) -> None:
        """Refuse an empty range."""
        if self.low >= self.high:
            raise InvalidInput("low", self.low, f"below high ({self.high})")


class TrainingConfig(DataConfig):
    """Everything that decides how a run goes, besides the model it starts from."""

    learning_rate: Real = Field(gt=0, le=1000, description="a number above 0 and at most 1000")
    steps: Whole = Field(ge=1, description="a whole number, 1 or more")
    optimizer: str = Field(default="sgd", description="the name of an optimizer")
    settings: dict[str, Any] = Field(
        default_factory=dict, description="the optimizer's own settings, by name"
    )
    engine: str = Field(default="compiled", description="the name of an engine")
    batch_size: Whole = Field(default=1, ge=1, le=10_000, description="a whole number from 1 to 10,000")
    order: Literal["sequential", "shuffled"] = Field(
        default="sequential", description="one of sequential, shuffled"
    )

    @property
    def data(self) -> DataConfig:
        """The part that decides the examples."""
        return DataConfig(**self.model_dump(include=set(DataConfig.model_fields)))


class Point(Record):
    """The mean loss over the run's training examples, after `step` updates.

    `held_out_loss` is that over the examples held out; None if there are none, or if it is not finite.
    """

    step: int
    loss: float
    held_out_loss: float | None = None


class Model(Record):
    """A network (or latent product) with its options; the weights are kept beside it."""

    id: str
    task: str
    options: dict[str, Any]
    seed: int
    step: int = 0
    created: str
    owner: str = Field(default="", exclude=True)


class Job(Record):
    """One training run of a model, from `start_step` to `target_step` unless it ends before."""

    id: str
    model_id: str
    config: TrainingConfig
    status: JobStatus = JobStatus.queued
    start_step: int = 0
    target_step: int = 0
    step: int = 0
    loss: float | None = None
    steps_per_second: float | None = None
    error: str | None = None
    stable_learning_rate: float | None = None
    """If the run diverged: a learning rate that held in a short trial from the model's first weights."""
    created: str
    key: str | None = None


class Progress(Record):
    """What has happened to a job since the cursor `after`.

    Pass this record's `after` to the next call to go on from here.
    """

    job_id: str
    status: JobStatus
    step: int
    start_step: int
    target_step: int
    loss: float | None
    steps_per_second: float | None
    error: str | None
    points: list[Point]
    after: int


class Predictions(Record):
    """A model's answers, after `step` updates: one row per vector; None where an output is not finite.

    `rounded` is the output to the nearest integer, None too where that needs more than 64 bits.
    `correct` says that every output lies within 0.5 of what is expected, so that for integers rounding
    gives the right answer; it is None, like `expected`, where the task says nothing about the vector.
    """

    step: int
    inputs: list[list[float]]
    outputs: list[list[float | None]]
    rounded: list[list[int | None]]
    expected: list[list[float] | None]
    correct: list[bool | None]


class History(Record):
    """The recorded points of all of a model's jobs, as columns; `step` is strictly increasing.

    `held_out_loss` is None if none of the jobs held examples out, and else None at the steps of those
    that did not.
    """

    step: list[int]
    loss: list[float]
    held_out_loss: list[float | None] | None = None

    def columns(self) -> dict[str, list[Any]]:
        """The columns that there are, by name, `step` first."""
        return self.model_dump(exclude_none=True)


class Dataset(Record):
    """A data set that somebody added: the name by which a training asks for it, and its size."""

    name: str
    examples: int


class ExampleSet(Record):
    """The examples that a model trains on, one row each, and where they come from.

    `held_out` says which rows are kept out of training; `lows` and `highs` are the range of each input
    over the others.
    """

    source: str
    inputs: list[list[float]]
    targets: list[list[float]]
    held_out: list[bool]
    lows: list[float]
    highs: list[float]


class TaskInfo(Record):
    """A task as `/tasks` publishes it."""

    name: str
    title: str
    inputs: int
    outputs: int
    options: dict[str, Any]
    training: dict[str, Any]
    limits: dict[str, str]


class OptimizerInfo(Record):
    """An optimizer as the page offers it."""

    title: str
    settings: dict[str, Any]


def parse_vectors(vectors: object, length: int, most: int = 10_000) -> list[list[float]]:
    """Check that `vectors` is a list of 1 to `most` lists of `length` finite float32 numbers.

    Raises InvalidInput naming the first vector that is not.
    """
    if not isinstance(vectors, list | tuple):
        raise InvalidInput("vectors", vectors, "a list of vectors, [[...], ...]")
    if not 1 <= len(vectors) <= most:
        raise InvalidInput("The number of vectors", len(vectors), f"from 1 to {most:,}")
    allowed = f"a list of {length} finite numbers of at most {FLOAT32_MAX:.2g}"
    parsed: list[list[float]] = []
    for index, vector in enumerate(vectors):
        if not isinstance(vector, list | tuple) or len(vector) != length:
            raise InvalidInput(f"vectors[{index}]", vector, allowed)
        try:
            parsed.append(_Vector(numbers=list(vector)).numbers)
        except ValidationError as error:
            position = int(error.errors()[0]["loc"][1])
            raise InvalidInput(
                f"vectors[{index}][{position}]",
                vector[position],
                f"a finite number of at most {FLOAT32_MAX:.2g}",
            ) from None
    return parsed


class _Vector(Record):
    numbers: list[Float32]
