"""Works on one engine or the other, and what an update makes of them."""

from dataclasses import replace

from torch import Tensor

from service.engines import ENGINES
from service.engines.base import Training
from service.training.advance import Work, restore, save


def on(engine: str, work: Work) -> Work:
    """The same work on this engine."""
    return replace(work, config=work.config.model_copy(update={"engine": engine}))


def after(engine: str, work: Work, updates: int) -> Training:
    """The live run of a work, so many updates further on this engine if it does not diverge."""
    run = restore(work)
    ENGINES[engine].train(run, work.step + updates)
    return run


def going_on(work: Work, run: Training) -> Work:
    """What is left of the work where the run stands."""
    return replace(work, step=run.step, checkpoint=save(run.module, run.optimizer, work.config))


def state(run: Training) -> dict[str, Tensor]:
    """Parameters by their names, and buffers by torch's: "m1.weight", "m1.weight/exp_avg"."""
    found: dict[str, Tensor] = {}
    for name, parameter in run.module.named_parameters():
        found[name] = parameter.detach()
        for key, value in run.optimizer.state[parameter].items():
            found[f"{name}/{key}"] = value
    return found
