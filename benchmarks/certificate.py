"""How long a certificate takes, and how near the counterexample lies: `python -m benchmarks.certificate`."""

from statistics import median, quantiles
from time import perf_counter

import torch

from benchmarks.report import table
from service.networks import MyNetwork
from service.tasks import TASKS
from service.tasks.challenge.proof import Certificate, certify
from service.training.advance import Work, advance, first_checkpoint, load_module
from service.training.requests import step_limits, training_config

TITLE = "Milliseconds per certificate"
SHAPES: dict[tuple[int, ...], tuple[float, int]] = {
    (): (3e-3, 20_000),
    (3,): (1e-3, 20_000),
    (8,): (3e-4, 100_000),
    (64,): (1e-4, 50_000),
    (4, 4): (3e-4, 50_000),
    (64, 64): (3e-5, 5_000),
}
"""The hidden layers, with a learning rate and as many steps as make a good network of them."""
NETWORKS = 34


def trained(hidden: tuple[int, ...], activation: str, seed: int) -> MyNetwork:
    """The network after its training, by the compiled engine."""
    task = TASKS["challenge"]
    learning_rate, steps = SHAPES[hidden]
    options = task.options.model_validate({"hidden": hidden, "activation": activation})
    config = training_config(task, {"learning_rate": learning_rate, "steps": steps}, step_limits())
    checkpoint = first_checkpoint("challenge", options, seed)
    work = Work("challenge", options, config, 0, steps, 0, checkpoint, seed)
    module = load_module("challenge", options, advance(work, steps).checkpoint)
    assert isinstance(module, MyNetwork)
    return module


def measure(hidden: tuple[int, ...], activation: str, networks: int) -> list[str]:
    """The row of one shape: the times of its certificates, the radius, the distance of the counterexample."""
    seconds: list[float] = []
    certificates: list[Certificate] = []
    for seed in range(networks):
        network = trained(hidden, activation, seed)
        begin = perf_counter()
        certificates.append(certify(network))
        seconds.append(perf_counter() - begin)
    found = [certificate for certificate in certificates if certificate.radius]
    distances = [max(map(abs, each.counterexample)) / (each.radius or 1) for each in found]
    return [
        f"({', '.join(map(str, (3, *hidden, 5)))}) {activation}",
        f"{1000 * median(seconds):.1f}",
        f"{1000 * quantiles(seconds, n=20)[-1]:.1f}",
        f"{median(each.radius or 0 for each in certificates):,.0f}",
        f"{median(distances):.2f}" if distances else "",
    ]


def run() -> list[str]:
    """The table."""
    certify(MyNetwork(3, 5))
    rows = [measure(hidden, "none", NETWORKS) for hidden in SHAPES]
    rows.append(measure((8,), "relu", 5))
    header = ["network", "median ms", "95th percentile ms", "median radius", "counterexample / radius"]
    return [*table(header, rows), "", f"{NETWORKS} networks of each shape, 5 of those with an activation."]


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    print("\n".join([f"## {TITLE}", "", *run()]))


if __name__ == "__main__":
    main()
