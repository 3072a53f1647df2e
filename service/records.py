"""The frozen records that travel between the floors, validated once, here.

Every field that comes from outside is described once, where it is declared: its `title` says what it is,
its `description` what is allowed. These words make the error sentence (`parse`), the limits that `/tasks`
publishes, and the parameters of the API (`arguments`).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from inspect import Parameter
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_serializer

from service.errors import InvalidInput, shown
from service.numbers import HELD, OUTSIDE, Real, Whole, spelled
from service.schemas import Schema, field_schemas, nullable


def indexed(place: Sequence[int | str]) -> str:
    """The name of a part of a field, such as `start[1]`."""
    return str(place[0]) + "".join(f"[{index}]" for index in place[1:])


class Argument(NamedTuple):
    """Something that callers give by name. In words: what it is (`title`), and which values are `allowed`."""

    type: Any
    default: Any
    """`Parameter.empty` where it has to be given; None where what is not given is decided elsewhere."""
    title: str
    allowed: str
    schema: Schema
    """What is allowed, for programs to read, as far as JSON Schema can say it."""

    def optional(self) -> Self:
        """The argument for those who need not give it."""
        return self._replace(type=self.type | None, default=None, schema=nullable(self.schema))


class Record(BaseModel):
    """Base of all records: frozen, and with no fields beyond the declared ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def parse(cls, values: Mapping[str, Any], owner: str = "this request") -> Self:
        """Validate `values`; `owner` says in the error what takes the fields.

        Raises InvalidInput naming the first field that is wrong, its value, and what is allowed.
        """
        if not isinstance(values, Mapping):
            raise InvalidInput(f"What {owner} takes", values, "given by name, such as {'name': 1}")
        for name in values:
            if name not in cls.model_fields:
                field = name if isinstance(name, str) and name.isidentifier() else shown(name)
                allowed = f"left out, for {owner} takes only {', '.join(cls.model_fields)}"
                raise InvalidInput(field, values[name], allowed)
        try:
            return cls.model_validate(dict(values), context=OUTSIDE)
        except ValidationError as error:
            first = error.errors()[0]
        if first["type"] == HELD:
            raise InvalidInput(indexed(first["loc"]), first["input"], first["msg"])
        field = str(first["loc"][0])
        if field not in values:
            raise InvalidInput(field, None, cls.model_fields[field].description or "given")
        allowed = (cls.model_fields[field].description or "valid") + spelled(values[field])
        raise InvalidInput(field, values[field], allowed)

    @classmethod
    def arguments(cls) -> dict[str, Argument]:
        """The fields by name, as callers give them. Defaults that are lists or the like are up to `parse`."""
        found: dict[str, Argument] = {}
        schemas = field_schemas(cls)
        for name, field in cls.model_fields.items():
            simple = isinstance(field.default, str | int | float)
            default = field.default if simple else Parameter.empty
            title, allowed = field.title or "", field.description or ""
            each = Argument(field.annotation, default, title, allowed, schemas[name])
            found[name] = each if simple or field.is_required() else each.optional()
        return found


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


Seed = Annotated[Whole, Field(ge=0, le=2**32 - 1, description="a whole number from 0 to 4,294,967,295")]
Count = Annotated[Whole, Field(ge=1, le=10_000, description="a whole number from 1 to 10,000")]
Bound = Annotated[
    Whole, Field(ge=-1_000_000, le=1_000_000, description="a whole number from -1,000,000 to 1,000,000")
]


class DataConfig(Record):
    """Which examples a task trains on, for the tasks that leave the choice."""

    dataset: str | None = Field(
        default=None,
        title="the examples to train on, where the task leaves the choice (null to generate them)",
        description="the name of a data set, or null to generate",
    )
    examples: Count = Field(default=1000, title="the number of examples to generate")
    low: Bound = Field(default=-10, title="the smallest number in a generated example")
    high: Bound = Field(default=10, title="the largest number in a generated example")
    data_seed: Seed = Field(
        default=0, title="the seed by which examples are generated, shuffled, and held out"
    )
    held_out: Real = Field(
        default=0.0,
        ge=0,
        le=0.9,
        title="the share of the examples to keep out of training and only measure the loss on",
        description="a number from 0 to 0.9",
    )

    def model_post_init(self, _context: object) -> None:
        """Refuse an empty range."""
        if self.low >= self.high:
            raise InvalidInput("low", self.low, f"below the highest entry, {self.high}")


class TrainingConfig(DataConfig):
    """Everything that decides how a run goes, besides the model it starts from."""

    learning_rate: Real = Field(
        gt=0,
        le=1000,
        title="the step size",
        description="a number above 0 and at most 1000",
        examples=[0.003],
    )
    steps: Whole = Field(
        ge=1, title="the number of updates", description="a whole number, 1 or more", examples=[100]
    )
    optimizer: str = Field(default="sgd", title="the update rule", description="the name of an optimizer")
    settings: dict[str, Any] = Field(
        default_factory=dict,
        title='what else the update rule takes, such as {"nesterov": true}',
        description="the optimizer's own settings, by name",
    )
    engine: str = Field(
        title="what runs the training (PyTorch itself, where that cannot)",
        description="the name of an engine",
    )
    batch_size: Count = Field(default=1, title="the number of examples in an update")
    order: Literal["sequential", "shuffled"] = Field(
        default="sequential",
        title="the order of the examples in each pass over them",
        description="one of sequential, shuffled",
    )

    @property
    def data(self) -> DataConfig:
        """The part that decides the examples."""
        return DataConfig(**self.model_dump(include=set(DataConfig.model_fields)))


class Point(NamedTuple):
    """The mean loss over the run's training examples, after `step` updates.

    `held_out_loss` is that over the examples held out; None if there are none, or if it is not finite.
    It is a tuple, for hundreds come back from a worker with each slice.
    """

    step: int
    loss: float
    held_out_loss: float | None = None


class Model(Record):
    """A network (or latent product) with its options, and the program that it came out of, if one did."""

    id: str
    task: str
    options: dict[str, Any]
    seed: int
    step: int = 0
    created: str
    owner: str = Field(default="", exclude=True)
    program: str | None = Field(default=None, exclude=True)


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
    """If the run diverged: a learning rate that was tried from the model's first weights, with all else as
    in `config`, and got the loss down. `error` says for how many of the steps it was tried."""
    note: str | None = None
    """What there is to say about a run that succeeded and yet learned nothing, or can learn no further."""
    created: str
    key: str | None = None
    cancel_requested: bool = Field(default=False, exclude=True)
    """Whether it is to end as soon as it can; of no meaning once it has."""


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
    note: str | None
    points: list[Point]
    after: int

    @field_serializer("points")
    def _named(self, points: list[Point]) -> list[dict[str, Any]]:
        return [point._asdict() for point in points]


class Predictions(Record):
    """A model's answers, after `step` updates: one row per vector; None where an output is not finite.

    `rounded` is the output to the nearest integer, to the even one of two that are as near, as Python and
    torch round; None too where that needs more than 64 bits. `correct` says whether every output rounds to
    what is expected. A vector of which an output is not finite is not correct. Otherwise `correct` is None
    where rounding cannot tell: where an expected number is not an integer, or is 2**53 or more in size and
    so need not be exact; and, like `expected`, where the task says nothing about the vector.
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
    """A data set that somebody added: the name by which a training asks for it, and its size.

    `file_name` is what the file that it came in was called last, None if nobody said. `notes` say, a
    sentence each, how that file was read, and what of it was left out.
    """

    name: str
    examples: int
    file_name: str | None = None
    notes: list[str] = []


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
    version: str
    """Of the lab."""
