"""A model's whole training as the plain-PyTorch program that it is: no class and no name of ours in it.

The program needs torch, and numpy where examples are drawn. It says itself how near it comes to the weights
of the lab (claims.py).
"""

import json
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.networks import network_source
from service.optimizers import OPTIMIZERS
from service.records import DataConfig, Job, Model, TrainingConfig
from service.takeaway.claims import claimed, ending, made_steps
from service.tasks import TASKS
from service.tasks.memorize import INPUT
from service.training.examples import Uploads, all_examples, held_out_count, split_examples

CHALLENGE_RULE = "targets = np.hstack([inputs, inputs[:, 2:] + 1, inputs[:, 2:] + 2])"

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

ONE_THREAD = "torch.set_num_threads(1)  # The last bits of a sum can depend on how many threads add it."

HELD_OUT_RESULT = (
    "print(torch.mean(torch.sum((my_network(held_out_inputs) - held_out_targets) ** 2, dim=1)))\n"
)

RITUAL = """\
    loss.backward()  # Backprop
    optimizer.step()  # Optimize
    optimizer.zero_grad()  # Reset
"""


@dataclass(frozen=True)
class Parts:
    """How a task is written down."""

    setup: Callable[[Model, Any], str]
    parameters: str
    """What the optimizer is given."""
    data: Callable[[Any, DataConfig, bytes | None], str]
    """The lines that make the examples; the bytes are those of an added data set."""
    loss: Callable[[Any, TrainingConfig, int], str]
    """The lines in the loop that lead to the loss, from options, config and the number of examples."""
    result: str
    """The expressions that are printed in the end."""
    weights: str
    """The expression of all weights by the names that the lab gives them."""


def training_program(model: Model, jobs: Sequence[Job], uploads: Uploads) -> str:
    """The program that makes the model and trains it as the jobs did, and prints what it ends at.

    A job counts as far as it came, and a comment says where that was not its end. Without a job that made
    a step the program prints the untrained model.
    """
    options = TASKS[model.task].options.model_validate(model.options)
    parts = PARTS[model.task]
    body = parts.setup(model, options)
    data = ""
    before: TrainingConfig | None = None
    claim = claimed(jobs)
    if claim is None:
        body += parts.data(options, DataConfig(), None)
    for job in jobs:
        comment = _comment(ending(job))
        if not made_steps(job):
            body += f"\n{comment}"
            continue
        upload = uploads.get(job.config.dataset)
        now = parts.data(options, job.config.data, upload)
        if now != data:
            body += now
            data = now
        count = len(split_examples(model.task, options, job.config.data, upload).training)
        body += _optimizer(parts, before, job.config) + _loop(parts, options, job, count, comment)
        before = job.config
    numpy = "import numpy as np\n" if "np." in body else ""
    held_out = HELD_OUT_RESULT if "held_out_inputs" in data else ""
    return f"{_comment(claim)}{numpy}import torch\nimport torch.nn as nn\n\n{body}\n{parts.result}{held_out}"


def _comment(text: str | None) -> str:
    return textwrap.indent(textwrap.fill(text, 96), "# ") + "\n" if text else ""


def _optimizer(parts: Parts, before: TrainingConfig | None, config: TrainingConfig) -> str:
    if before is not None and _buffers_of(before) == _buffers_of(config):
        if before.learning_rate == config.learning_rate:
            return ""
        return f'\noptimizer.param_groups[0]["lr"] = {config.learning_rate!r}\n'
    name = OPTIMIZERS[config.optimizer].torch_class.__name__
    defaults = OPTIMIZERS[config.optimizer].settings().model_dump(mode="json")
    settings = "".join(
        f", {key}={_literal(value)}" for key, value in config.settings.items() if value != defaults[key]
    )
    return f"\noptimizer = torch.optim.{name}({parts.parameters}, lr={config.learning_rate!r}{settings})\n"


def _buffers_of(config: TrainingConfig) -> tuple[str, str]:
    """Whose buffers the optimizer goes on with. In JSON, as checkpoints have it: 0.0 and -0.0 are two."""
    return config.optimizer, json.dumps(config.settings)


def _literal(value: Any) -> str:
    return repr(tuple(value) if isinstance(value, list) else value)


def _loop(parts: Parts, options: Any, job: Job, count: int, comment: str) -> str:
    config = job.config
    lines = parts.loss(options, config, count)
    used = "step" if "step" in lines else "_"
    bounds = f"{job.start_step}, {job.step}" if used == "step" and job.start_step else ""
    bounds = bounds or str(job.step if used == "step" else job.step - job.start_step)
    shuffled = SHUFFLED.format(data_seed=config.data_seed) if "order_of" in lines else ""
    return f"{shuffled}{comment}for {used} in range({bounds}):\n{lines}{RITUAL}"


# The product


def _product_setup(_model: Model, options: Any) -> str:
    return "".join(
        f"var_{number} = torch.tensor({value!r}, requires_grad=True)\n"
        for number, value in enumerate(options.start, start=1)
    )


def _product_loss(options: Any, _config: TrainingConfig, _count: int) -> str:
    return f"    my_latent_value = var_1 * var_2\n    loss = ({options.target!r} - my_latent_value) ** 2\n"


# The networks


def _network_setup(model: Model, options: Any) -> str:
    source = network_source((3, *options.hidden, 5), options.activation)
    return f"{source}\n\n{ONE_THREAD}\ntorch.manual_seed({model.seed})\nmy_network = MyNetwork()\n"


def _memorize_data(options: Any, _data: DataConfig, _upload: bytes | None) -> str:
    return (
        f"my_input = torch.tensor({list(INPUT)})\nmy_desired_output = torch.tensor({list(options.target)})\n"
    )


def _memorize_loss(_options: Any, _config: TrainingConfig, _count: int) -> str:
    return "    loss = torch.sum((my_network(my_input) - my_desired_output) ** 2)\n"


def _challenge_data(options: Any, data: DataConfig, upload: bytes | None) -> str:
    examples = all_examples("challenge", options, data, upload)
    if data.dataset is None:
        made = (
            f"\ninputs = np.random.default_rng({data.data_seed}).integers(\n"
            f"    {data.low}, {data.high}, size=({data.examples}, 3), endpoint=True\n)\n{CHALLENGE_RULE}\n"
            "inputs, targets = torch.tensor(inputs).float(), torch.tensor(targets).float()\n"
        )
    else:
        rows = zip(examples.inputs.tolist(), examples.targets.tolist(), strict=True)
        lines = "".join(f"    ({given}, {wanted}),\n" for given, wanted in rows)
        made = (
            f"\nexamples = [\n{lines}]\ninputs = torch.tensor([given for given, _ in examples])\n"
            "targets = torch.tensor([wanted for _, wanted in examples])\n"
        )
    held_out = held_out_count(len(examples), data)
    if not held_out:
        return made
    kept_out = "1 example is kept" if held_out == 1 else f"{held_out:,} examples are kept"
    return made + HELD_OUT.format(data_seed=data.data_seed, count=held_out, kept_out=kept_out)


def _challenge_loss(_options: Any, config: TrainingConfig, count: int) -> str:
    size, shuffled = config.batch_size, config.order == "shuffled"
    batches = -(-count // size)
    index = f"step % {batches}"
    if size > 1:
        index = f"slice({index} * {size}, ({index} + 1) * {size})" if batches > 1 else f"slice(0, {size})"
    lines = f"    index = {index}\n"
    if shuffled:
        lines = f"    index = order_of(step // {batches})[{index}]\n"
    mean = " / len(inputs[index])" if size > 1 else ""
    return f"{lines}    loss = torch.sum((my_network(inputs[index]) - targets[index]) ** 2){mean}\n"


PARTS = {
    "product": Parts(
        setup=_product_setup,
        parameters="[var_1, var_2]",
        data=lambda _options, _data, _upload: "",
        loss=_product_loss,
        result="print(var_1)\nprint(var_2)\nprint(var_1 * var_2)\n",
        weights='{"var_1": var_1, "var_2": var_2}',
    ),
    "memorize": Parts(
        setup=_network_setup,
        parameters="my_network.parameters()",
        data=_memorize_data,
        loss=_memorize_loss,
        result="print(my_network(my_input))\n",
        weights="my_network.state_dict()",
    ),
    "challenge": Parts(
        setup=_network_setup,
        parameters="my_network.parameters()",
        data=_challenge_data,
        loss=_challenge_loss,
        result="print(torch.mean(torch.sum((my_network(inputs) - targets) ** 2, dim=1)))\n",
        weights="my_network.state_dict()",
    ),
}
"""By the task's name."""
