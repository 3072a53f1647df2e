"""The network that a program made, as a model of the lab."""

import secrets
from dataclasses import dataclass

import torch

from service.errors import LabError
from service.jobs.database import now
from service.records import Model
from service.sandbox.report import ProgramReport, ToldNetwork
from service.tasks import TASKS, Task
from service.training.advance import first_module, save
from service.training.requests import model_options

NO_CHAIN = (
    "It is no chain of nn.Linear in float32 with relu, tanh or nothing between all of them: no model is made."
)


@dataclass(frozen=True)
class Made:
    """A model with its weights; or why there is none, if the program made a network of the right size."""

    model: Model | None = None
    checkpoint: bytes | None = None
    network: str | None = None
    """What the program calls it."""
    reason: str | None = None


def model_of_program(report: ProgramReport, program: str, owner: str) -> Made:
    """The last network of 3 inputs and 5 outputs that a program has in the end, as a model to certify."""
    task = next(task for task in TASKS.values() if task.analysis is not None)
    fitting = [each for each in report.networks if (each.inputs, each.outputs) == (task.inputs, task.outputs)]
    if not fitting:
        return Made()
    told = fitting[-1]
    try:
        return _made(task, told, program, owner)
    except (LabError, RuntimeError) as error:
        return Made(network=told.name, reason=str(error))


def _made(task: Task, told: ToldNetwork, program: str, owner: str) -> Made:
    if not told.widths:
        return Made(network=told.name, reason=NO_CHAIN)
    if any(number is None for numbers in told.weights for number in numbers):
        return Made(network=told.name, reason="Not all of its weights are finite numbers: no model is made.")
    options = model_options(task, {"hidden": list(told.widths[1:-1]), "activation": told.activation})
    module = first_module(task.name, options, seed=0)
    with torch.no_grad():
        for parameter, numbers in zip(module.parameters(), told.weights, strict=True):
            parameter.copy_(torch.tensor(numbers, dtype=torch.float32).reshape(parameter.shape))
    model = Model(
        id=secrets.token_hex(16),
        task=task.name,
        options=options.model_dump(mode="json"),
        seed=0,
        created=now(),
        owner=owner.encode(errors="replace").decode(),
        program=program,
    )
    return Made(model, save(module), told.name)
