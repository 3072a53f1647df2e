"""Training as a pure function: `advance(work, steps) -> Slice`.

A Work holds all that a slice of a run needs, so a slice can run anywhere, in any process, and two
calls with the same Work give the same bits. A run cut into slices anywhere ends in the same weights.

The state of a run is its checkpoint: the module's parameters and the optimizer's tensors in
safetensors bytes. Bytes, because they travel between processes and into the database as they are.
"""

import json
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache
from time import perf_counter

import safetensors.torch
import torch
from torch import Tensor, nn

from service.engines import ENGINES
from service.engines.base import Training, finite
from service.optimizers import build_optimizer
from service.records import Point, Record, TrainingConfig
from service.tasks import TASKS
from service.torch_state import drawn, one_thread
from service.training.examples import split_examples

MODULE = "module/"
MAX_GROWTH = 16
"""A few steps tell little about how long many more take: some of those compute the loss of all examples."""


@dataclass(frozen=True)
class Work:
    """A training that stands at `step`, between `start_step` and `target_step`."""

    task: str
    options: Record
    config: TrainingConfig
    start_step: int
    target_step: int
    step: int
    checkpoint: bytes
    seed: int = 0
    """Of the model's first weights."""
    upload: bytes | None = None
    """The kept bytes of the data set that the config names, if it is one that somebody added."""


@dataclass(frozen=True)
class Slice:
    """What a slice of a run gave: the run's new state, its losses, and the points recorded on the way.

    `diverged_at` is the update after which a parameter, or the loss of the next batch, was no longer
    a finite number; the state is then the one before that update.
    """

    step: int
    checkpoint: bytes
    loss: float | None
    points: tuple[Point, ...]
    diverged_at: int | None = None
    held_out_loss: float | None = None


def first_checkpoint(task: str, options: Record, seed: int) -> bytes:
    """The checkpoint of a new model: the weights that `torch.manual_seed(seed)` gives it."""
    return _first_checkpoint(task, options.model_dump_json(), seed)


# A class begins with the same model.
@lru_cache(maxsize=256)
def _first_checkpoint(task: str, options: str, seed: int) -> bytes:
    return save(first_module(task, TASKS[task].options.model_validate_json(options), seed))


def load_module(task: str, options: Record, checkpoint: bytes) -> nn.Module:
    """The module of a checkpoint, to be used in this thread (see `torch_state.one_thread`)."""
    module = first_module(task, options, seed=0)
    module.load_state_dict(_under(MODULE, safetensors.torch.load(checkpoint)))
    return module


def first_module(task: str, options: Record, seed: int) -> nn.Module:
    """A new model's module, to be used in this thread."""
    one_thread()  # whatever trains or asks a module, here or in a worker, gets it from here
    return drawn(lambda: TASKS[task].build(options), seed)


def save(
    module: nn.Module,
    optimizer: torch.optim.Optimizer | None = None,
    config: TrainingConfig | None = None,
) -> bytes:
    """The checkpoint of a module and, if given, of the optimizer that trains it under `config`."""
    tensors = {MODULE + name: tensor for name, tensor in module.state_dict().items()}
    if optimizer is not None and config is not None:
        for name, parameter in module.named_parameters():
            for key, value in optimizer.state[parameter].items():
                tensors[_optimizer_key(config, name) + key] = value
    return safetensors.torch.save(tensors)


def restore(work: Work) -> Training:
    """The live training of a Work.

    The optimizer goes on with the momenta of the checkpoint if they were made by the same optimizer
    with the same settings (the learning rate may differ), and starts afresh if not.
    """
    task, config = TASKS[work.task], work.config
    module = load_module(work.task, work.options, work.checkpoint)
    optimizer = build_optimizer(config.optimizer, module.parameters(), config.learning_rate, config.settings)
    tensors = safetensors.torch.load(work.checkpoint)
    for name, parameter in module.named_parameters():
        if state := _under(_optimizer_key(config, name), tensors):
            optimizer.state[parameter] = state
    examples = split_examples(work.task, work.options, config.data, work.upload)
    return Training(
        module=module,
        optimizer=optimizer,
        loss=task.loss,
        recorded_loss=task.recorded_loss,
        kernel=task.kernel(module) if task.kernel else None,
        examples=examples.training,
        held_out=examples.held_out,
        config=config,
        start_step=work.start_step,
        target_step=work.target_step,
        step=work.step,
    )


def advance(work: Work, steps: int) -> Slice:
    """Train for `steps` more updates, or fewer if the run reaches its target or diverges."""
    training, healthy = _rerun(work, min(work.step + steps, work.target_step))
    return _slice(work, training, healthy)


def advance_for(
    work: Work, seconds: float, steps_per_second: float | None, stop: int | None = None
) -> tuple[Slice, float]:
    """`advance` by as many steps as take about `seconds`, at least one; and how many it made a second.

    It ends at the step `stop` at the latest, if one is given.

    Where the speed is not known yet, it is found by trying a few steps and then more. It is the
    engine's own: reading and writing the checkpoint is not counted.
    """
    begun = perf_counter()
    training = begin(work)
    stop = work.target_step if stop is None else stop
    steps = 1 if steps_per_second is None else int(seconds * steps_per_second) or 1
    while True:
        first, started = training.step, perf_counter()
        healthy = ENGINES[work.config.engine].train(training, min(first + steps, stop))
        now = perf_counter()
        rate = (training.step - first) / (now - started)
        left = seconds - (now - begun)
        if not healthy or training.step == stop or left < seconds / 4:
            return _slice(work, training, healthy), rate
        steps = min(int(left * rate) or 1, MAX_GROWTH * steps)


def begin(work: Work) -> Training:
    """The live training of a Work; at its start, with the loss that it starts from."""
    training = restore(work)
    if training.step == training.start_step:
        training.record(training.step, training.mean_loss(), training.held_out_loss())
    return training


def _rerun(work: Work, stop: int) -> tuple[Training, bool]:
    training = begin(work)
    return training, ENGINES[work.config.engine].train(training, stop)


def _slice(work: Work, training: Training, healthy: bool) -> Slice:
    diverged_at = None
    if not (healthy and all_finite(training.module)):
        diverged_at = _first_bad_step(work, training.step)
        training, _ = _rerun(work, max(diverged_at - 1, work.step))
    result = _slice_of(training, diverged_at)
    # A slice without an update changes nothing: an optimizer that never stepped has no state to keep.
    return result if result.step > work.step else replace(result, checkpoint=work.checkpoint)


def _first_bad_step(work: Work, bad_step: int) -> int:
    """The first update that left a parameter not finite, or else `bad_step`.

    A parameter that is infinite or NaN never becomes finite again, so a bisection over replays of the
    slice finds the update; in the usual case, where only the loss overflowed, one replay is enough.
    """
    if bad_step <= work.step + 1:
        return bad_step

    def broken(step: int) -> bool:
        return not all_finite(_rerun(work, step)[0].module)

    if not broken(bad_step - 1):
        return bad_step
    candidates = range(work.step + 1, bad_step)
    return candidates[bisect_left(candidates, True, key=broken)]


def _slice_of(training: Training, diverged_at: int | None = None) -> Slice:
    recorded = training.points[-1:]
    # After a divergence the point may have been recorded here or in an earlier slice, by the engine's own
    # order of summing; so that the split cannot be seen, the losses are taken afresh.
    if diverged_at is not None or not recorded or recorded[0].step != training.step:
        loss, held_out_loss = training.mean_loss(), training.held_out_loss()
    else:
        loss, held_out_loss = recorded[0].loss, recorded[0].held_out_loss
    return Slice(
        step=training.step,
        checkpoint=save(training.module, training.optimizer, training.config),
        loss=finite(loss),
        points=tuple(training.points),
        diverged_at=diverged_at,
        held_out_loss=finite(held_out_loss),
    )


def all_finite(module: nn.Module) -> bool:
    """Whether every parameter is a finite number."""
    return all(bool(parameter.isfinite().all()) for parameter in module.parameters())


def _optimizer_key(config: TrainingConfig, parameter: str) -> str:
    return f"{config.optimizer}{json.dumps(config.settings)}/{parameter}/"


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}
