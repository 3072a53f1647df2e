"""Product: var_1 * var_2 = target.

The exercise: two numbers, 3 and 4, multiply to 12. Without being told how, change them until they
multiply to 15. The loss (target - var_1 * var_2) ** 2 is 9 at the start and 0 when it is done.
"""

from collections.abc import Sequence
from typing import Any

import torch
from pydantic import Field
from torch import Tensor

from service.engines.base import Examples
from service.networks import LatentProduct
from service.numbers import Float32
from service.records import DataConfig, Record
from service.tasks.base import Task


class ProductOptions(Record):
    """Where the two numbers start, and what they shall multiply to."""

    start: tuple[Float32, Float32] = Field(
        default=(3.0, 4.0),
        title="where the two numbers start",
        description="a list of 2 finite numbers of at most 3.4e+38",
    )
    target: Float32 = Field(
        default=15.0,
        title="what the two numbers shall multiply to",
        description="a finite number of at most 3.4e+38",
    )


class Product(Task):
    """The product task."""

    name = "product"
    title = "Two numbers whose product is the target"
    inputs = 0
    outputs = 1
    options = ProductOptions
    training = {"learning_rate": 3e-3, "steps": 100}
    chooses_data = False

    def build(self, options: Any) -> LatentProduct:
        """The product of the two start values."""
        return LatentProduct(*options.start)

    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """One example with no input at all and the target."""
        return Examples(torch.empty(1, 0), torch.tensor([options.target]))

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(target - latent) ** 2, in the lab's order of writing."""
        return (targets - outputs) ** 2

    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """The target, whatever is asked."""
        return [[options.target] for _ in vectors]
