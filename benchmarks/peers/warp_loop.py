"""NVIDIA Warp on the CPU."""

from importlib import import_module
from typing import Any

from numpy.typing import NDArray

from benchmarks.peers import check
from benchmarks.peers.base import Training, linear_widths
from benchmarks.rows import Row


def warp_loop(row: Row, steps: int) -> Training | None:
    """Warp: one launch of one thread, which makes all steps on Warp's own small matrices."""
    widths = linear_widths(row)
    if widths is None:
        return None
    wp = import_module("warp")
    wp.config.log_level = wp.LOG_WARNING
    inputs, hidden, outputs = widths
    vectors = [wp.types.vector(length=width, dtype=wp.float32) for width in widths]
    matrices = [
        wp.types.matrix(shape=shape, dtype=wp.float32) for shape in ((hidden, inputs), (outputs, hidden))
    ]

    def train(
        weights_1: Any, biases_1: Any, weights_2: Any, biases_2: Any,
        given: Any, wanted: Any, learning_rate: Any, count: Any,
    ) -> None:  # fmt: skip
        weight_1, bias_1 = wp.copy(weights_1[0]), wp.copy(biases_1[0])
        weight_2, bias_2 = wp.copy(weights_2[0]), wp.copy(biases_2[0])
        example = wp.int32(0)
        for _ in range(count):
            x = given[example]
            h = weight_1 * x + bias_1
            error = wp.float32(2.0) * (weight_2 * h + bias_2 - wanted[example])
            below = wp.transpose(weight_2) * error
            weight_2 -= learning_rate * wp.outer(error, h)
            bias_2 -= learning_rate * error
            weight_1 -= learning_rate * wp.outer(below, x)
            bias_1 -= learning_rate * below
            example += 1
            if example == given.shape[0]:
                example = wp.int32(0)
        weights_1[0] = weight_1
        biases_1[0] = bias_1
        weights_2[0] = weight_2
        biases_2[0] = bias_2

    kinds = [matrices[0], vectors[1], matrices[1], vectors[2], vectors[0], vectors[2]]
    types = [*(wp.array(dtype=kind) for kind in kinds), wp.float32, wp.int32]
    names = [name for name in train.__annotations__ if name != "return"]
    train.__annotations__ = dict(zip(names, types, strict=True))
    kernel = wp.kernel(train, enable_backward=False)
    examples = row.examples()
    first = [parameter.detach().numpy()[None] for parameter in row.module().parameters()]
    data = [examples.inputs.numpy(), examples.targets.numpy()]

    def run(count: int) -> list[NDArray[Any]]:
        arrays = [
            wp.array(array, dtype=kind, device="cpu")
            for kind, array in zip(kinds, [*first, *data], strict=True)
        ]
        wp.launch(kernel, dim=1, inputs=[*arrays, row.learning_rate, count], device="cpu")
        return [array.numpy()[0] for array in arrays[:4]]

    check.check(row, run(check.STEPS))
    return lambda: run(steps)
