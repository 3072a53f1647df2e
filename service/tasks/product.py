"""Product: var_1 * var_2 = target.

The exercise: two numbers, 3 and 4, multiply to 12. Without being told how, change them until they
multiply to 15. The loss (target - var_1 * var_2) ** 2 is 9 at the start and 0 when it is done.
"""

from collections.abc import Sequence
from typing import Any

import torch
from onnx import helper
from pydantic import Field
from torch import Tensor

from service.engines.base import Examples
from service.engines.kernels import ProductKernel
from service.networks import LatentProduct
from service.numbers import Float32, exact
from service.records import DataConfig, Record
from service.tasks.base import Graph, Source, Task, squared_errors

LARGEST_SQUARED = 1e19
"""The largest power of ten whose square float32 holds: 3.4e38 is the end."""


class ProductOptions(Record):
    """Where the two numbers start, and what they should multiply to."""

    start: tuple[Float32, Float32] = Field(
        default=(3.0, 4.0),
        title="where the two numbers start",
        description="a list of 2 finite numbers of at most 3.4e+38",
        examples=[[3, 4]],
    )
    target: Float32 = Field(
        default=15.0,
        title="what the two numbers should multiply to",
        description="a finite number of at most 3.4e+38",
        examples=[15],
    )


class Product(Task):
    """The product task."""

    name = "product"
    title = "Two numbers whose product is the target"
    inputs = 0
    outputs = 1
    options = ProductOptions
    training = {"learning_rate": 3e-3, "steps": 100}
    kernel = ProductKernel
    compiled_first = (({}, 1),)

    def build(self, options: Any) -> LatentProduct:
        """The product of the two start values."""
        return LatentProduct(*options.start)

    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """One example with no input at all and the target."""
        return Examples(torch.empty(1, 0), torch.tensor([options.target]))

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """(target - latent) ** 2, in the lab's order of writing."""
        return (targets - outputs) ** 2

    def recorded_loss(self, outputs: Tensor, targets: Tensor) -> float:
        """The difference is taken in float32, as in `loss`."""
        return squared_errors(outputs, targets)

    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """The target, whatever is asked."""
        return [[options.target] for _ in vectors]

    def shape(self, options: Any) -> str:
        """As 3 x 4 = 15."""
        first, second, target = map(exact, (*options.start, options.target))
        return f"{first} x {second} = {target}"

    def source(self, options: Any, seed: int) -> Source:
        """Two tensors and their product, as the lab writes them."""
        latent = "    my_latent_value = var_1 * var_2\n"
        return Source(
            setup="".join(
                f"var_{number} = torch.tensor({value!r}, requires_grad=True)\n"
                for number, value in enumerate(options.start, start=1)
            ),
            parameters="[var_1, var_2]",
            data=lambda _data, _upload: "",
            loss=lambda _config, _count: f"{latent}    loss = ({options.target!r} - my_latent_value) ** 2\n",
            result="print(var_1)\nprint(var_2)\nprint(var_1 * var_2)\n",
            weights='{"var_1": var_1, "var_2": var_2}',
        )

    def graph(self, module: LatentProduct) -> Graph:
        """One multiplication of the two parameters."""
        multiplied = helper.make_node("Mul", ["var_1", "var_2"], ["outputs"], name=self.name)
        return Graph([multiplied], "Takes nothing and gives the product of the two numbers.")

    def too_large(self, module: LatentProduct, examples: Examples) -> str:
        """How far from the target the product starts."""
        away = abs(module.var_1.item() * module.var_2.item() - examples.targets.item())
        return (
            f"var_1 * var_2 starts {away:.3g} away from the target, and float32 cannot hold that number "
            f"squared. Create a model that starts less than {LARGEST_SQUARED:.0e} away from its target."
        )

    def unstick(self, module: LatentProduct) -> str:
        """At (0, 0) both gradients are 0."""
        both_zero = not module.var_1.any() and not module.var_2.any()
        return "Create a model whose two numbers do not both start at 0." if both_zero else ""
