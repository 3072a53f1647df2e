"""JAX."""

import os
from importlib import import_module
from typing import Any

from benchmarks.peers.base import Training
from benchmarks.rows import Row


def jax_scan(unroll: int, summed: bool, row: Row, steps: int) -> Training:
    """JAX: jit of lax.scan over the steps, with jax.grad and donated parameters.

    A layer is `x @ W.T + b`, or, if `summed`, the same product written as a sum, which XLA makes faster
    code of for so small a matrix.
    """
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")  # one thread, like the others
    jax = import_module("jax")
    jnp, lax = jax.numpy, jax.lax
    examples, size, relu = row.examples(), row.batch_size, row.options.get("activation") == "relu"
    inputs, targets = jnp.array(examples.inputs.numpy()), jnp.array(examples.targets.numpy())
    batches = len(examples) // size
    parameters = [jnp.array(parameter.detach().numpy()) for parameter in row.module().parameters()]

    def linear(batch: Any, weight: Any, bias: Any) -> Any:
        if summed:
            return jnp.sum(batch[..., None, :] * weight, axis=-1) + bias
        return batch @ weight.T + bias

    def network(parameters: Any, batch: Any) -> Any:
        layers = list(zip(parameters[::2], parameters[1::2], strict=True))
        for weight, bias in layers[:-1]:
            batch = linear(batch, weight, bias)
            batch = jax.nn.relu(batch) if relu else batch
        return linear(batch, *layers[-1])

    def loss(parameters: Any, batch: Any, desired: Any) -> Any:
        if row.name == "product":
            return (desired - parameters[0] * parameters[1]) ** 2
        return jnp.sum((network(parameters, batch) - desired) ** 2) / size

    def step(parameters: Any, number: Any) -> Any:
        if batches == 1:
            batch, desired = inputs[0], targets[0]
        elif size == 1:
            batch, desired = inputs[number % batches], targets[number % batches]
        else:
            begin = number % batches * size
            batch, desired = (lax.dynamic_slice_in_dim(each, begin, size) for each in (inputs, targets))
        gradients = jax.grad(loss)(parameters, batch, desired)
        return jax.tree.map(lambda p, g: p - row.learning_rate * g, parameters, gradients), None

    def scan(parameters: Any) -> Any:
        return lax.scan(step, parameters, jnp.arange(steps), unroll=unroll)[0]

    run = jax.jit(scan, donate_argnums=0)

    def train() -> None:
        nonlocal parameters
        parameters = jax.block_until_ready(run(parameters))

    train()
    return train
