"""The lessons as plain-PyTorch programs: what the page shows is what these print."""

from collections.abc import Sequence

import torch

from service.lessons.network import Dissection
from service.lessons.ritual import Moment, RitualOptions
from service.lessons.tensors import Calculation
from service.networks import network_source

LINES = {
    "F": ("my_latent_value = var_1 * var_2", "loss = ({target!r} - my_latent_value) ** 2"),
    "B": ("loss.backward()  # Backprop",),
    "O": ("my_sgd.step()  # Optimize",),
    "R": ("my_sgd.zero_grad()  # Reset",),
}
MAX_ROUND_PRESSES = 8


def tensor_program(calculation: Calculation) -> str:
    """The calculation of the tensors chapter."""
    return (
        f"import torch\n\nleft = torch.tensor({calculation.left.literal})\n"
        f"right = torch.tensor({calculation.right.literal})\nprint(left {calculation.operator} right)\n"
    )


def ritual_program(options: RitualOptions, moments: Sequence[Moment]) -> str:
    """The presses so far, line by line, with loops where they repeat."""
    var_1, var_2 = options.start
    source = (
        f"import torch\n\nvar_1 = torch.tensor({var_1!r}, requires_grad=True)\n"
        f"var_2 = torch.tensor({var_2!r}, requires_grad=True)\n"
        f"my_sgd = torch.optim.SGD([var_1, var_2], lr={options.learning_rate!r})\n"
    )
    blocks = [_lines("F", options, False)]
    blocks += [
        _lines("FB" if moment.ran_forward else moment.press, options, moment.error is not None)
        for moment in moments[1:]
    ]
    for block, times in _repeated(blocks):
        if times == 1:
            source += "".join(f"{line}\n" for line in block)
        else:
            source += f"for _ in range({times}):\n" + "".join(f"    {line}\n" for line in block)
    return f"{source}print(var_1.grad, var_2.grad)\nprint(loss)\nprint(var_1, var_2)\n"


def ritual_output(moments: Sequence[Moment]) -> str:
    """What `ritual_program` prints, from the page's own numbers: the errors on the way, and three lines."""
    nodes = moments[-1].nodes
    grads = [nodes[name].grad for name in ("var_1", "var_2")]
    printed = " ".join("None" if grad is None else repr(torch.tensor(grad)) for grad in grads)
    names = "var_1", "var_2"
    leaves = " ".join(repr(torch.tensor(nodes[name].value, requires_grad=True)) for name in names)
    loss = repr(torch.tensor(nodes["loss"].value))
    errors = [moment.error for moment in moments if moment.error is not None]
    return "\n".join([*errors, printed, f"{loss[:-1]}, grad_fn=<{nodes['loss'].operation}>)", leaves])


def network_program(dissection: Dissection, seed: int) -> str:
    """The network of the module chapter, made and asked."""
    vector = list(dissection.layers[0].inputs)
    widths = [len(vector), *(len(layer.bias) for layer in dissection.layers)]
    source = network_source(widths, dissection.activation)
    return (
        f"import torch\nimport torch.nn as nn\n\n{source}\n\ntorch.manual_seed({seed})\n"
        f"my_network = MyNetwork()\nprint(my_network)\n"
        f"print(sum(parameter.numel() for parameter in my_network.parameters()))\n"
        f"print(my_network(torch.tensor({vector})).detach())\n"
    )


def network_output(dissection: Dissection) -> str:
    """What `network_program` prints."""
    return f"{dissection.printed}\n{dissection.count}\n{dissection.answer}"


def _lines(letters: str, options: RitualOptions, raised: bool) -> tuple[str, ...]:
    lines = [line.format(target=options.target) for letter in letters for line in LINES[letter]]
    if not raised:
        return tuple(lines)
    # The last line is the one that raises; what stands before it ran.
    return (*lines[:-1], "try:", f"    {lines[-1]}", "except RuntimeError as error:", "    print(error)")


def _repeated(blocks: list[tuple[str, ...]]) -> list[tuple[tuple[str, ...], int]]:
    """The blocks in order, neighbors that repeat taken together: (lines, how many times)."""
    found: list[tuple[tuple[str, ...], int]] = []
    at = 0
    while at < len(blocks):
        best = (1, 1)
        for length in range(1, MAX_ROUND_PRESSES + 1):
            unit, times = blocks[at : at + length], 1
            while blocks[at + times * length : at + (times + 1) * length] == unit:
                times += 1
            if times > 1 and times * length > best[0] * best[1]:
                best = (length, times)
        length, times = best
        found.append((tuple(line for block in blocks[at : at + length] for line in block), times))
        at += length * times
    return found
