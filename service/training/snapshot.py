"""A model with all that was read of it at one moment, and what can be told from that alone."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import nn

from service.errors import InvalidInput, Unreadable, one_of
from service.records import DataConfig, ExampleSet, History, Job, Model, Predictions, Record
from service.tasks import TASKS, Analysis, Bottleneck, Certificate, Distance, Task
from service.tasks.base import Floats
from service.training.advance import load_module
from service.training.description import weights_of
from service.training.examples import Uploads, all_examples, held_out_rows, split_examples
from service.training.fingerprint import fingerprint
from service.training.prediction import answer


@dataclass(frozen=True)
class Snapshot:
    """A model, its trainings and its losses; the module is made once, when it is first asked for.

    What needs the task raises InvalidInput where the database was kept by a lab that has more tasks.
    """

    model: Model
    checkpoint: bytes
    jobs: list[Job]
    """Oldest first."""
    history: History
    uploads: Uploads
    """The added data sets that the jobs ask for."""
    titles: Mapping[str, str]
    """What these are called before people."""

    @classmethod
    def untold(cls, model: Model, checkpoint: bytes) -> Self:
        """A model with its weights, of whose trainings nothing is told."""
        return cls(model, checkpoint, jobs=[], history=History(step=[], loss=[]), uploads={}, titles={})

    @property
    def job(self) -> Job | None:
        """The last training, if there is any."""
        return self.jobs[-1] if self.jobs else None

    @property
    def task(self) -> Task:
        """What the model was made for."""
        return TASKS[one_of("task", self.model.task, TASKS)]

    @cached_property
    def options(self) -> Record:
        """What it was made with. Raises Unreadable."""
        with self._damage_told():
            return self.task.options.model_validate(self.model.options)

    @cached_property
    def module(self) -> nn.Module:
        """The model with its present weights. Raises Unreadable."""
        with self._damage_told():
            return load_module(self.task.name, self.options, self.checkpoint)

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except (SafetensorError, RuntimeError, ValueError) as error:  # no tensors, or those of another
            raise Unreadable("model", self.model.id) from error

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The present parameters: name -> nested list, as in the state_dict."""
        return {name: tensor.tolist() for name, tensor in self.module.state_dict().items()}

    @property
    def weights(self) -> str:
        """The same in base64, as `training.description.weights_of` gives them."""
        return weights_of(self.module)

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits by which the present weights are known again, to the bit."""
        return fingerprint(self.module)

    def predict(self, vectors: object) -> Predictions:
        """What the model answers to each vector, beside what is expected. Raises InvalidInput."""
        return answer(self.model, self.module, vectors)

    def certify(self) -> Certificate:
        """How far the model is right for every vector. Raises InvalidInput without a proof, Unreadable."""
        self._analysis("certified")
        with self._damage_told():
            return _certificate(self.task.name, json.dumps(self.model.options), self.checkpoint)

    def distances(self) -> list[Distance]:
        """How it answers vectors at growing distances from its training examples. Raises as `certify`."""
        analysis, examples = self._analysis("tested so"), self.examples
        return analysis.distances(self.module, examples.lows, examples.highs)

    @cached_property
    def bottleneck(self) -> Bottleneck | None:
        """Why it cannot learn its task; None if it may."""
        data = self._data_of(self.job)
        if self.task.analysis is None:
            return None
        return self.task.analysis.bottleneck(self.module, data, *self._trained_on(data))

    @cached_property
    def loss_floor(self) -> float | None:
        """A loss that no weights of it get below in exact arithmetic, if one is known.

        Where its trainings had different examples it holds for all of them.
        """
        analysis = self.task.analysis
        if analysis is None:
            return None
        jobs: list[Job | None] = [*self.jobs]
        chosen = {data.model_dump_json(): data for data in map(self._data_of, jobs or [None])}
        floors = [analysis.floor(self.options, *self._trained_on(data)) for data in chosen.values()]
        return min((each for each in floors if each is not None), default=None)

    @cached_property
    def examples(self) -> ExampleSet:
        """What it was trained on last, or what its task would train it on."""
        data = self._data_of(self.job)
        examples = all_examples(self.task.name, self.options, data, self.uploads.get(data.dataset))
        held_out, inputs = held_out_rows(len(examples), data), examples.inputs.numpy()
        lows, highs = _range(inputs[~held_out])
        return ExampleSet(
            source=self._source(data),
            inputs=inputs.tolist(),
            targets=examples.targets.numpy().reshape(len(examples), -1).tolist(),
            held_out=held_out.tolist(),
            lows=lows,
            highs=highs,
        )

    def _analysis(self, purpose: str) -> Analysis:
        if self.task.analysis is None:
            able = ", ".join(name for name, task in TASKS.items() if task.analysis is not None)
            raise InvalidInput("The model's task", self.task.name, f"{able} to be {purpose}")
        return self.task.analysis

    def _data_of(self, job: Job | None) -> DataConfig:
        return job.config.data if job else DataConfig()

    def _trained_on(self, data: DataConfig) -> tuple[Floats, Floats]:
        """The inputs and the targets that `data` has the model train on."""
        upload = self.uploads.get(data.dataset)
        examples = split_examples(self.task.name, self.options, data, upload).training
        return examples.inputs.double().numpy(), examples.targets.double().numpy()

    def _source(self, data: DataConfig) -> str:
        if not self.task.chooses_data:
            return "the task's own example"
        if data.dataset is not None:
            return self.titles.get(data.dataset, data.dataset)
        return (
            f"{data.examples:,} integer vectors with numbers from {data.low:,} to {data.high:,}, drawn with "
            f"seed {data.data_seed}"
        )


def _range(inputs: NDArray[np.float32]) -> tuple[list[float], list[float]]:
    """The lowest and the highest number of each column."""
    return inputs.min(axis=0).tolist(), inputs.max(axis=0).tolist()


# A certificate takes longer than all the rest, and the table of runs asks for many, again and again.
@lru_cache(maxsize=1024)
def _certificate(task: str, options: str, checkpoint: bytes) -> Certificate:
    kind = TASKS[task]
    assert kind.analysis is not None
    return kind.analysis.certify(load_module(task, kind.options.model_validate_json(options), checkpoint))
