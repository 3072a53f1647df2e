"""The challenge as a plain PyTorch program, piece by piece; see `tasks.base.Source`."""

from service.engines.base import Examples
from service.records import DataConfig, TrainingConfig
from service.tasks.challenge.rule import rule_source

DRAWN = """\

{rule}
inputs = np.random.default_rng({data.data_seed}).integers(
    {data.low}, {data.high}, size=({data.examples}, 3), endpoint=True
)
inputs, targets = torch.tensor(inputs).float(), torch.tensor(answer(inputs)).float()
"""

WRITTEN_OUT = """\

examples = [
{rows}]
inputs = torch.tensor([given for given, _ in examples])
targets = torch.tensor([wanted for _, wanted in examples])
"""

TRIAL = (
    """\
## Vectors it may never have seen

Change them, and run the cell again.""",
    f"""\
import numpy as np

{rule_source()}
vectors = torch.tensor([[1.0, 2.0, 3.0], [40.0, -50.0, 60.0], [-1000.0, 0.0, 1000.0]])
with torch.no_grad():
    rounded = my_network(vectors).round()
for vector, given, wanted in zip(vectors.tolist(), rounded.tolist(), answer(vectors.numpy()).tolist()):
    print(vector, "->", given, "right" if given == wanted else "wrong")""",
)


def drawn(data: DataConfig) -> str:
    """The lines that draw the examples."""
    return DRAWN.format(rule=rule_source(), data=data)


def written_out(examples: Examples) -> str:
    """The lines that have all examples in them."""
    pairs = zip(examples.inputs.tolist(), examples.targets.tolist(), strict=True)
    return WRITTEN_OUT.format(rows="".join(f"    ({given}, {wanted}),\n" for given, wanted in pairs))


def loss(config: TrainingConfig, count: int) -> str:
    """The lines in the loop that take an example, or a batch of them, and make the loss."""
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


def mean_loss_of(inputs: str, targets: str) -> str:
    """The line that prints the mean loss over these examples."""
    return f"print(torch.mean(torch.sum((my_network({inputs}) - {targets}) ** 2, dim=1)))\n"
