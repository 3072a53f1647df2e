"""What can be asked of a model: its weights and losses, its answers, and what they prove."""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from time import perf_counter
from typing import Any

import torch

from service.errors import InvalidInput, NotFound
from service.jobs.scheduler import Scheduler
from service.jobs.store import Store
from service.networks import MyNetwork
from service.records import DataConfig, History, Job, Model, Predictions, Record
from service.sets import DataService
from service.takeaway import exports
from service.takeaway.exports import Export, Trained
from service.takeaway.programs import training_program
from service.takeaway.recipes import fingerprint, packed, recipe_of
from service.tasks import TASKS
from service.tasks.challenge.bottleneck import Bottleneck, bottleneck, floor
from service.tasks.challenge.counterexamples import narrowest
from service.tasks.challenge.floors import Floats
from service.tasks.challenge.proof import Certificate, certify
from service.training.advance import load_module
from service.training.examples import split_examples
from service.training.prediction import answer
from service.training.replay import Frame, SeedLosses, estimated_seconds, replay
from service.training.requests import identifier

MAX_RERUN_SECONDS = 5.0
"""What running a model's jobs once more may take."""


class Inspection(DataService):
    """The part of TrainingService that answers for its models; it changes nothing."""

    def __init__(self, store: Store, scheduler: Scheduler) -> None:
        super().__init__(store)
        self._scheduler = scheduler

    def model(self, model_id: str) -> Model:
        """The model as it stands. Raises NotFound."""
        return self._store.model(identifier("model", model_id))

    def latest_job(self, model_id: str) -> Job | None:
        """The last job of the model, or None if it has none."""
        return self._store.latest_job(identifier("model", model_id))

    def jobs(self, model_id: str) -> list[Job]:
        """All the model's jobs, oldest first. Raises NotFound."""
        return self._store.jobs(identifier("model", model_id))

    def parameters(self, model_id: str) -> dict[str, Any]:
        """The model's present parameters: name -> nested list, as in its state_dict. Raises NotFound."""
        _, module = self._module(model_id)
        return {name: tensor.tolist() for name, tensor in module.state_dict().items()}

    def predict(self, model_id: str, vectors: list[list[float]]) -> Predictions:
        """What the model answers to each vector, beside what is expected.

        A model of the product task has no inputs: ask it with the empty vector, [[]].
        Raises NotFound, InvalidInput.
        """
        model, module = self._module(model_id)
        return answer(model, module, vectors)

    def certify(self, model_id: str) -> Certificate:
        """How far a model of the challenge is right for every integer vector.

        Raises NotFound, and InvalidInput for a model of another task.
        """
        model, checkpoint = self._store.model_and_checkpoint(identifier("model", model_id))
        if model.task != "challenge":
            raise InvalidInput("The model's task", model.task, "challenge to be certified")
        return _certificate(json.dumps(model.options), checkpoint)

    def radii(self, model_ids: Iterable[str], seconds: float) -> dict[str, int | None]:
        """The certified radii of models of the challenge: those that are known, and what `seconds` allow for.

        A model that was deleted meanwhile is left out. Raises InvalidInput as `certify`.
        """
        end = perf_counter() + seconds
        found: dict[str, int | None] = {}
        for model_id in model_ids:
            if perf_counter() > end:
                break
            with suppress(NotFound):
                found[model_id] = self.certify(model_id).radius
        return found

    def histories(self, model_ids: Iterable[str]) -> dict[str, History]:
        """The histories of several models; one that was deleted meanwhile is left out."""
        found: dict[str, History] = {}
        for model_id in model_ids:
            with suppress(NotFound):
                found[model_id] = self.history(model_id)
        return found

    def bottleneck(self, model_id: str) -> Bottleneck | None:
        """Why a model of the challenge cannot learn it; None if no layer is too narrow. Raises NotFound."""
        model, module = self._module(model_id)
        if model.task != "challenge" or narrowest(model.options["hidden"]) is None:
            return None
        assert isinstance(module, MyNetwork)
        data = self._data_of(self.latest_job(model_id))
        return bottleneck(module, data, *self._trained_on(model, data))

    def loss_floor(self, model_id: str) -> float | None:
        """A loss that no weights of a model of the challenge get below in exact arithmetic, if one is known.

        Where its trainings had different examples it holds for all of them. Raises NotFound.
        """
        model = self.model(model_id)
        if model.task != "challenge" or narrowest(model.options["hidden"]) is None:
            return None
        hidden, activation = model.options["hidden"], model.options["activation"]
        jobs: list[Job | None] = [*self.jobs(model_id)]
        chosen = {data.model_dump_json(): data for data in map(self._data_of, jobs or [None])}
        floors = [floor(hidden, activation, *self._trained_on(model, data)) for data in chosen.values()]
        return min((each for each in floors if each is not None), default=None)

    def _data_of(self, job: Job | None) -> DataConfig:
        return job.config.data if job else DataConfig()

    def _trained_on(self, model: Model, data: DataConfig) -> tuple[Floats, Floats]:
        """The inputs and the targets that `data` has the model train on."""
        options = TASKS[model.task].options.model_validate(model.options)
        examples = split_examples(model.task, options, data, self._store.dataset(data.dataset)).training
        return examples.inputs.double().numpy(), examples.targets.double().numpy()

    def fingerprint(self, model_id: str) -> str:
        """16 hexadecimal digits by which the model's weights are known again, to the bit. Raises NotFound."""
        return fingerprint(self._module(model_id)[1])

    def recipe(self, model_id: str) -> str:
        """The model's whole training as text for a link; `recreate` reads it.

        Raises NotFound, and InvalidInput where it is too much for a link.
        """
        return packed(recipe_of(self.model(model_id), self.jobs(model_id)))

    def export(self, model_id: str, format: str) -> Export:
        """The model as a file: "safetensors", "onnx", "python", "notebook", or its history as "csv".

        Raises NotFound, InvalidInput.
        """
        model, checkpoint, jobs, history = self._store.trained(identifier("model", model_id))
        module, uploads = _loaded(model, checkpoint), self._uploads(jobs)
        return exports.export(Trained(model, jobs, module, history, uploads), format)

    def _module(self, model_id: str) -> tuple[Model, torch.nn.Module]:
        model, checkpoint = self._store.model_and_checkpoint(identifier("model", model_id))
        return model, _loaded(model, checkpoint)

    def history(self, model_id: str) -> History:
        """The losses of all the model's jobs, as columns. Raises NotFound."""
        return self._store.history(identifier("model", model_id))

    async def replay(self, model_id: str) -> list[Frame]:
        """The model at up to 60 of its recorded steps: its training is run once more, to the bit.

        It takes turns with whatever trains. Raises NotFound, ServiceClosed, and InvalidInput where that
        would take more than 5 seconds.
        """
        model, options, jobs = self._to_run_again(model_id)
        steps = self.history(model_id).step
        errand = replay(model.task, options, model.seed, jobs, steps, self._uploads(jobs))
        return list((await asyncio.wrap_future(self._scheduler.run(errand, model.owner))).frames)

    async def seed_losses(self, model_id: str, count: int = 200, budget: float = 3.0) -> list[float | None]:
        """The loss at which the model's training ends from each of the seeds 0, 1, 2, ...

        Each is a training of its own, None where it diverges. There are `count` of them, or as many as
        fit into `budget` seconds of the processor, but at least one; none without a job. Raises as `replay`.
        """
        model, options, jobs = self._to_run_again(model_id)
        errand = SeedLosses(model.task, options, tuple(jobs), self._uploads(jobs), count, budget)
        return list((await asyncio.wrap_future(self._scheduler.run(errand, model.owner))).losses)

    def _to_run_again(self, model_id: str) -> tuple[Model, Record, list[Job]]:
        model, jobs = self.model(model_id), self.jobs(model_id)
        seconds = estimated_seconds(jobs)
        if seconds > MAX_RERUN_SECONDS:
            allowed = f"one that takes at most {MAX_RERUN_SECONDS:g} seconds, as with the compiled engine"
            raise InvalidInput("A training to run once more", f"{seconds:.0f} seconds", allowed)
        return model, TASKS[model.task].options.model_validate(model.options), jobs

    def program(self, model_id: str) -> str:
        """The model's whole training as a plain-PyTorch program. Raises NotFound."""
        jobs = self.jobs(model_id)
        return training_program(self.model(model_id), jobs, self._uploads(jobs))


def _loaded(model: Model, checkpoint: bytes) -> torch.nn.Module:
    options = TASKS[model.task].options.model_validate(model.options)
    return load_module(model.task, options, checkpoint)


# A certificate takes longer than all the rest, and the table of runs asks for many, again and again.
@lru_cache(maxsize=1024)
def _certificate(options: str, checkpoint: bytes) -> Certificate:
    kind = TASKS["challenge"]
    network = load_module(kind.name, kind.options.model_validate_json(options), checkpoint)
    assert isinstance(network, MyNetwork)
    return certify(network)
