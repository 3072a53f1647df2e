"""Which settings carry the challenge how far, and what stops them: `python -m benchmarks.best_settings`.

Every radius is certified, and every network trained, then and there, through the service.
"""

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.report import table
from service import InlineExecutor, JobStatus, TrainingService
from service.tasks.challenge.proof import share


class Row(NamedTuple):
    """What a learner would choose, and what it shows."""

    shows: str
    hidden: list[int]
    jobs: tuple[dict[str, Any], ...]
    """One training after another, each with the settings that are not the task's own."""
    seed: int = 0


LAB = {"learning_rate": 1e-3, "steps": 20_000}
FAST = {"steps": 100_000, "low": -1, "high": 1}
BEST = {"learning_rate": 0.0357, "steps": 2000, "low": -3, "high": 3}
STORY = {
    "A network like the lab's": (
        Row("as the challenge proposes", [3], (LAB,)),
        Row("and on with twice the learning rate", [3], (LAB, {**LAB, "learning_rate": 2e-3})),
    ),
    "What stops a run": (
        Row("width: 3 numbers do not pass through 2", [2], (LAB,)),
        Row("learning rate: too small, it does not arrive", [3], ({**LAB, "learning_rate": 1e-4},)),
        Row("with 50 times the steps, it stalls", [3], ({"learning_rate": 1e-4, "steps": 1_000_000},)),
        Row("with 10 times more, the same radius", [3], ({"learning_rate": 1e-4, "steps": 10_000_000},)),
        Row("learning rate: too large", [3], ({**LAB, "learning_rate": 3e-3},)),
        Row(
            "examples: large ones demand a small rate",
            [3],
            ({"learning_rate": 1e-5, "steps": 1_000_000, "low": -100, "high": 100},),
        ),
        Row("optimizer: Adam, at the same rate", [3], ({**LAB, "optimizer": "adam"},)),
        Row("order: always the same", [3], ({**LAB, "steps": 100_000},)),
        Row("order: shuffled", [3], ({**LAB, "steps": 100_000, "order": "shuffled"},)),
        Row("float32: small examples, a large rate", [3], ({**FAST, "learning_rate": 0.05},)),
        Row("float32: more numbers to add", [8], ({**FAST, "learning_rate": 0.03},)),
        Row("float32: many more", [64], ({**FAST, "learning_rate": 0.01},)),
        Row("float32: more layers", [3, 3], ({**FAST, "learning_rate": 0.03},)),
    ),
    "The best known": (
        Row("no hidden layer", [], (LAB,)),
        Row("a larger rate", [], ({**LAB, "learning_rate": 5e-3},)),
        Row("the whole set in each step", [], ({**LAB, "learning_rate": 1e-2, "batch_size": 1000},)),
        Row("small examples, a rate of 1 / (3 * 3**2 + 1)", [], (BEST,)),
        Row("from other first weights", [], (BEST,), seed=1),
    ),
}


def measure(lab: TrainingService, row: Row) -> list[str]:
    """Train, certify, and write down."""
    model = lab.create_model("challenge", hidden=row.hidden, seed=row.seed)
    settings = "; then ".join(
        ", ".join(f"{name} {_text(value)}" for name, value in job.items()) for job in row.jobs
    )
    first = [row.shows, str(row.hidden), settings]
    for job in row.jobs:
        if lab.train(model.id, **job).status is JobStatus.diverged:
            return [*first, "diverged", "", "", ""]
    certificate = lab.snapshot(model.id).certify()
    radius = "none" if certificate.radius is None else f"{certificate.radius:,}"
    exact, rounding = certificate.exact_error or 0, certificate.rounding_error or 0
    nearest = max(map(abs, certificate.counterexample))
    return [*first, radius, certificate.limit or "", share(rounding, exact + rounding), f"{nearest:,}"]


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def main() -> None:
    """Print a table for each part of the story."""
    header = ["", "hidden", "settings", "radius", "limited by", "float32's share", "nearest wrong"]
    with (
        tempfile.TemporaryDirectory() as folder,
        TrainingService(Path(folder), workers=1, make_executor=InlineExecutor) as lab,
    ):
        for part, rows in STORY.items():
            print(f"## {part}\n")
            print("\n".join(table(header, (measure(lab, row) for row in rows))), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
