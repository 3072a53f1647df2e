"""Backprop from five losses at once, and from their sum."""

from dataclasses import dataclass

import torch

from service.networks import MyNetwork
from service.torch_state import drawn


@dataclass(frozen=True)
class FiveLosses:
    """What torch does where the loss is 5 numbers, and where it is their sum, with the same network."""

    error: str | None
    """torch's own words about the five, if it raised."""
    of_five: str | None
    """The gradients of the last biases as torch prints them, if it did not."""
    of_sum: str


def five_losses() -> FiveLosses:
    """Let 3 -> 2 -> 5 answer [1, 2, 3], and go back from its five losses, and from their sum."""
    network = drawn(lambda: MyNetwork(3, 2, 5), 0)
    bias = network.get_parameter("m2.bias")
    losses = (network(torch.tensor([1.0, 2.0, 3.0])) - torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])) ** 2
    error, of_five = None, None
    try:
        losses.backward(retain_graph=True)
        of_five = str(bias.grad)
    except RuntimeError as raised:
        error = f"RuntimeError: {raised}"
    bias.grad = None
    torch.sum(losses).backward()
    return FiveLosses(error, of_five, str(bias.grad))
