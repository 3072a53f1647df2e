"""A model's whole training as the plain-PyTorch program that it is: no class and no name of ours in it.

The program needs torch, and numpy where examples are drawn. It says itself how near it comes to the weights
of the lab (claims.py).
"""

import json
import textwrap
from typing import Any

from service.optimizers import OPTIMIZERS
from service.records import DataConfig, Job, TrainingConfig
from service.takeaway.claims import claimed, ending, made_steps
from service.tasks.base import Source
from service.training.examples import split_examples
from service.training.snapshot import Snapshot

SHUFFLED = """\
def order_of(epoch):
    # Orders are drawn many epochs at a time.
    block, row = divmod(epoch, max(1, 4096 // len(inputs)))
    orders = np.tile(np.arange(len(inputs)), (max(1, 4096 // len(inputs)), 1))
    return np.random.default_rng([{data_seed}, block]).permuted(orders, axis=1)[row]

"""

HELD_OUT = """\
# {kept_out} out of training.
chosen = np.random.default_rng([{data_seed}, 0, 1]).permutation(len(inputs))
held_out, kept = np.sort(chosen[:{count}]), np.sort(chosen[{count}:])
held_out_inputs, held_out_targets = inputs[held_out], targets[held_out]
inputs, targets = inputs[kept], targets[kept]
"""

RITUAL = """\
    loss.backward()  # Backprop
    optimizer.step()  # Optimize
    optimizer.zero_grad()  # Reset
"""


def training_program(snapshot: Snapshot) -> str:
    """The program that makes the model and trains it as its jobs did, and prints what it ends at.

    A job counts as far as it came, and a comment says where that was not its end. Without a job that made
    a step the program prints the untrained model. A model that came out of a program has that one.
    """
    if snapshot.model.program is not None:
        return snapshot.model.program
    source = snapshot.task.source(snapshot.options, snapshot.model.seed)
    body = source.setup
    data = ""
    before: TrainingConfig | None = None
    claim = claimed(snapshot.jobs)
    if claim is None:
        body += source.data(DataConfig(), None)
    for job in snapshot.jobs:
        comment = _comment(ending(job))
        if not made_steps(job):
            body += f"\n{comment}"
            continue
        upload = snapshot.uploads.get(job.config.dataset)
        split = split_examples(snapshot.task.name, snapshot.options, job.config.data, upload)
        now = source.data(job.config.data, upload) + _held_out(job.config, len(split.held_out))
        called = snapshot.titles.get(job.config.dataset or "", job.config.dataset)
        if now != data:
            body += f"\n{_comment(f'The examples of {called}:')}{now.lstrip()}" if called else now
            data = now
        body += _optimizer(source, before, job.config) + _loop(source, job, len(split.training), comment)
        before = job.config
    numpy = "import numpy as np\n" if "np." in body else ""
    held_out = source.held_out_result if "held_out_inputs" in data else ""
    return f"{_comment(claim)}{numpy}import torch\nimport torch.nn as nn\n\n{body}\n{source.result}{held_out}"


def _comment(text: str | None) -> str:
    return textwrap.indent(textwrap.fill(text, 96), "# ") + "\n" if text else ""


def _held_out(data: DataConfig, count: int) -> str:
    """The lines that keep `count` examples out of training."""
    if not count:
        return ""
    kept_out = "1 example is kept" if count == 1 else f"{count:,} examples are kept"
    return HELD_OUT.format(data_seed=data.data_seed, count=count, kept_out=kept_out)


def _optimizer(source: Source, before: TrainingConfig | None, config: TrainingConfig) -> str:
    if before is not None and _buffers_of(before) == _buffers_of(config):
        if before.learning_rate == config.learning_rate:
            return ""
        return f'\noptimizer.param_groups[0]["lr"] = {config.learning_rate!r}\n'
    name = OPTIMIZERS[config.optimizer].torch_class.__name__
    defaults = OPTIMIZERS[config.optimizer].settings().model_dump(mode="json")
    settings = "".join(
        f", {key}={_literal(value)}" for key, value in config.settings.items() if value != defaults[key]
    )
    return f"\noptimizer = torch.optim.{name}({source.parameters}, lr={config.learning_rate!r}{settings})\n"


def _buffers_of(config: TrainingConfig) -> tuple[str, str]:
    """Whose buffers the optimizer goes on with. In JSON, as checkpoints have it: 0.0 and -0.0 are two."""
    return config.optimizer, json.dumps(config.settings)


def _literal(value: Any) -> str:
    return repr(tuple(value) if isinstance(value, list) else value)


def _loop(source: Source, job: Job, count: int, comment: str) -> str:
    config = job.config
    lines = source.loss(config, count)
    used = "step" if "step" in lines else "_"
    bounds = f"{job.start_step}, {job.step}" if used == "step" and job.start_step else ""
    bounds = bounds or str(job.step if used == "step" else job.step - job.start_step)
    shuffled = SHUFFLED.format(data_seed=config.data_seed) if "order_of" in lines else ""
    return f"{shuffled}{comment}for {used} in range({bounds}):\n{lines}{RITUAL}"
