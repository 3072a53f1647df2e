"""What the benchmarks train: the module of a task on the task's examples, at one setting."""

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from service.engines.base import Examples
from service.records import Record
from service.tasks import TASKS, Task
from service.training.advance import Work, first_checkpoint, load_module
from service.training.requests import training_config


@dataclass(frozen=True)
class Row:
    """A task with its options and a setting of plain SGD: a row of the table."""

    title: str
    name: str
    """The task's name."""
    learning_rate: float
    options: dict[str, Any] = field(default_factory=dict)
    batch_size: int = 1
    count: int = 1000
    """How many examples there are, if the task leaves the choice."""
    steps: int = 2_000_000
    """How many steps a fast column makes: enough that what a run costs besides does not count."""

    @property
    def task(self) -> Task:
        """The task itself."""
        return TASKS[self.name]

    def module(self) -> nn.Module:
        """A module with the same first weights every time."""
        options = self._parsed()
        return load_module(self.name, options, first_checkpoint(self.name, options, seed=0))

    def examples(self) -> Examples:
        """All examples."""
        return self.task.examples(self._parsed(), self._config("autograd", 1).data)

    def batches(self) -> list[tuple[Tensor, Tensor]]:
        """The examples as ready tensors: vectors as in the lab, or matrices of `batch_size` of them."""
        examples = self.examples()
        if self.batch_size == 1:
            return examples.pairs
        return list(
            zip(examples.inputs.split(self.batch_size), examples.targets.split(self.batch_size), strict=True)
        )

    def work(self, engine: str, steps: int) -> Work:
        """A whole run of `steps` steps, at its beginning."""
        options = self._parsed()
        return Work(
            task=self.name,
            options=options,
            config=self._config(engine, steps),
            start_step=0,
            target_step=steps,
            step=0,
            checkpoint=first_checkpoint(self.name, options, seed=0),
        )

    def _parsed(self) -> Record:
        return self.task.options.parse(self.options)

    def _config(self, engine: str, steps: int) -> Any:
        given: dict[str, Any] = {
            "engine": engine,
            "steps": steps,
            "learning_rate": self.learning_rate,
            "batch_size": self.batch_size,
        }
        if self.task.chooses_data:
            given["examples"] = self.count
        return training_config(self.task, given, {engine: steps})  # the service's own limits are lower


MEMORIZE = Row("(3,2,5)", "memorize", 1e-6, steps=10_000_000)
PRODUCT = Row("product", "product", 3e-3, steps=20_000_000)
ROWS = (
    MEMORIZE,
    Row("(3,5)", "challenge", 1e-4, {"hidden": []}),
    Row("(3,8,5)", "challenge", 1e-4, {"hidden": [8]}),
    Row("(3,8,5) relu", "challenge", 1e-4, {"hidden": [8], "activation": "relu"}),
    Row("(3,32,32,5) relu", "challenge", 1e-4, {"hidden": [32, 32], "activation": "relu"}, steps=200_000),
    Row("(3,8,5) batch 32", "challenge", 1e-4, {"hidden": [8]}, batch_size=32, count=1024, steps=200_000),
    PRODUCT,
)
