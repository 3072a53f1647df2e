"""The data side of the service: sets that people add, what a model trains on, and how far that carries."""

import numpy as np
from numpy.typing import NDArray

from service.data import uploads
from service.engines.base import Examples
from service.errors import InvalidInput
from service.jobs.store import Store
from service.networks import MyNetwork
from service.records import DataConfig, Dataset, ExampleSet, Job, Model
from service.tasks import TASKS
from service.tasks.challenge.distance import Distance, distances
from service.training.advance import load_module
from service.training.examples import Uploads, all_examples, held_out_rows
from service.training.requests import identifier


class DataService:
    """The part of `service.TrainingService` that answers for data; all of it reads and writes one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_dataset(self, csv: str | bytes, file_name: str | None = None) -> Dataset:
        """Keep the examples of a CSV file, for trainings to ask for by the name that is returned.

        Its first line names the columns: a, b, c and 5 targets. Below come 1 to 10,000 rows of numbers; in
        all at most 5,000,000 bytes. The same numbers give the same name, however they are written. The
        `file_name` is shown beside it. Raises InvalidInput.
        """
        file = uploads.file_name(file_name)
        table, notes = uploads.read(csv)
        name, content = uploads.kept(table)
        self._store.add_dataset(name, content, file)
        return Dataset(name=name, examples=len(table), file_name=file, notes=notes)

    def dataset_title(self, name: str) -> str:
        """What to call a data set before people: one that was added, by its file; any other, by its name."""
        return self._store.dataset_title(name)

    def examples(self, model_id: str) -> ExampleSet:
        """What the model was trained on last, or what its task would train it on. Raises NotFound."""
        model = self._store.model(identifier("model", model_id))
        data, examples, held_out = self._data(model)
        inputs = examples.inputs.numpy()
        lows, highs = _range(inputs[~held_out])
        return ExampleSet(
            source=self._source(model, data),
            inputs=inputs.tolist(),
            targets=examples.targets.numpy().reshape(len(examples), -1).tolist(),
            held_out=held_out.tolist(),
            lows=lows,
            highs=highs,
        )

    def distances(self, model_id: str) -> list[Distance]:
        """How a model of the challenge answers vectors at growing distances from its training examples.

        Raises NotFound, and InvalidInput for a model of another task.
        """
        model, checkpoint = self._store.model_and_checkpoint(identifier("model", model_id))
        network = load_module(model.task, TASKS[model.task].options.model_validate(model.options), checkpoint)
        if not isinstance(network, MyNetwork) or model.task != "challenge":
            raise InvalidInput("The model's task", model.task, "challenge to be tested so")
        _, examples, held_out = self._data(model)
        return distances(network, *_range(examples.inputs.numpy()[~held_out]))

    def _data(self, model: Model) -> tuple[DataConfig, Examples, NDArray[np.bool_]]:
        """Which examples, all of them, and which of them are held out."""
        job = self._store.latest_job(model.id)
        data = job.config.data if job else DataConfig()
        options = TASKS[model.task].options.model_validate(model.options)
        examples = all_examples(model.task, options, data, self._store.dataset(data.dataset))
        return data, examples, held_out_rows(len(examples), data)

    def _source(self, model: Model, data: DataConfig) -> str:
        if not TASKS[model.task].chooses_data:
            return "the task's own example"
        if data.dataset is not None:
            return self._store.dataset_title(data.dataset)
        return (
            f"{data.examples:,} integer vectors with numbers from {data.low:,} to {data.high:,}, drawn with "
            f"seed {data.data_seed}"
        )

    def _uploads(self, jobs: list[Job]) -> Uploads:
        names = {job.config.dataset for job in jobs}
        return {name: content for name in names if (content := self._store.dataset(name)) is not None}


def _range(inputs: NDArray[np.float32]) -> tuple[list[float], list[float]]:
    """The lowest and the highest number of each column."""
    return inputs.min(axis=0).tolist(), inputs.max(axis=0).tolist()
