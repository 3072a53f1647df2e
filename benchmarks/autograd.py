"""The autograd engine through the service, streaming its progress, against the lab's bare loop."""

import asyncio
import gc
import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter

import torch
from torch import Tensor

from service import JobStatus, TrainingService
from service.networks import MyNetwork
from service.records import DataConfig
from service.tasks import TASKS

TITLE = "Steps per second: the service (autograd engine, progress streamed) against the lab's bare loop"
STEPS = 20_000
ROUNDS = 7


def bare_product() -> None:
    """The lab's first loop."""
    var_1 = torch.tensor(3.0, requires_grad=True)
    var_2 = torch.tensor(4.0, requires_grad=True)
    my_sgd = torch.optim.SGD([var_1, var_2], lr=3e-3)
    for _ in range(STEPS):
        my_latent_value = var_1 * var_2
        loss = (15 - my_latent_value) ** 2
        loss.backward()
        my_sgd.step()
        my_sgd.zero_grad()


def bare_network(hidden: int, learning_rate: float, pairs: list[tuple[Tensor, Tensor]]) -> None:
    """The lab's second loop, over one example or, for the challenge, many in turn."""
    my_network = MyNetwork(3, hidden, 5)
    my_sgd = torch.optim.SGD(my_network.parameters(), lr=learning_rate)
    for my_input, my_desired_output in islice(cycle(pairs), STEPS):
        loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)
        loss.backward()
        my_sgd.step()
        my_sgd.zero_grad()


def pairs_of(task: str) -> list[tuple[Tensor, Tensor]]:
    """The task's examples as the lab writes them, one vector each."""
    return TASKS[task].examples(TASKS[task].options(), DataConfig.parse({})).pairs


BARE: dict[str, Callable[[], None]] = {
    "product": bare_product,
    "memorize": lambda: bare_network(2, 1e-6, pairs_of("memorize")),
    "challenge": lambda: bare_network(3, 1e-3, pairs_of("challenge")),
}


async def stream(lab: TrainingService, job_id: str) -> int:
    """Watch the job to its end; returns how many updates came."""
    updates = [progress async for progress in lab.watch(job_id)]
    assert updates[-1].status is JobStatus.succeeded
    return len(updates)


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = perf_counter()
    action()
    return perf_counter() - begin


def run() -> Iterator[str]:
    """The rows of the table, each from the medians of alternating runs."""
    torch.set_num_threads(1)  # as in the service's workers; more only slows such small networks
    yield f"{'task':<12}{'bare loop':>12}{'service':>12}{'ratio':>8}   (median of {ROUNDS}, {STEPS:,} steps)"
    with tempfile.TemporaryDirectory() as folder, TrainingService(Path(folder), workers=1) as lab:
        for task, bare in BARE.items():

            def through_the_service(task: str = task) -> None:
                job = lab.submit(lab.create_model(task).id, steps=STEPS)
                asyncio.run(stream(lab, job.id))

            for warm_up in (bare, through_the_service):
                warm_up()
            gc.freeze()  # for both alike, as in the app
            times = [(seconds(bare), seconds(through_the_service)) for _ in range(ROUNDS)]
            ratio = median(alone / served for alone, served in times)
            alone, served = (STEPS / median(column) for column in zip(*times, strict=True))
            yield f"{task:<12}{alone:>10,.0f}/s{served:>10,.0f}/s{ratio:>8.2f}"
