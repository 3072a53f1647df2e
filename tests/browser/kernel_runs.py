"""Random trainings for the page's kernels, and where the server's engine takes each of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread
from typing import Any

import numpy as np

from service.training.advance import Work, advance
from service.training.description import describe
from tests.service.works import make_work
from ui.static import FOLDER

RUN = """async ([folder, variant, text]) => {
    const { load } = await import(`${folder}/kernel.js`);
    const { read } = await import(`${folder}/packing.js`);
    const base64 = (array) => new Uint8Array(array.buffer).toBase64();
    const kernels = {};
    for (const kind of ['network_kernel', 'product_kernel']) kernels[kind] = await load(`${folder}/kernels`, kind, variant);
    return JSON.stringify(JSON.parse(text).map(({ description, stops }) => {
        let work = read(description);
        for (const stop of stops) {
            work = { ...work, ...kernels[work.kernel].train(work, stop) };
            if (work.diverged_at !== null) break;
        }
        const { step, diverged_at, points, updates, parameters, buffers } = work;
        return { step, diverged_at, points, updates, parameters: base64(parameters), buffers: buffers.map(base64) };
    }));
}"""
"""Trains each run to one stop after the other, as `{...work, ...result}` goes on. Its own text and result are JSON."""


MAX_STEPS = {4: 9000, 9: 1500, 64: 150}
"""By the width of the widest layer: as many as the page makes in a moment. Only the most need a second block of
orders where a batch is an example."""


@dataclass(frozen=True)
class Run:
    """A training, the steps at which the page stops on its way, and what the server makes of it."""

    work: Work
    stops: list[int]
    expected: dict[str, Any]

    def given(self) -> dict[str, Any]:
        """What the page is told."""
        return {"description": describe(self.work), "stops": self.stops}


def told(runs: list[Run]) -> str:
    """The runs as the page is told of them."""
    return json.dumps([run.given() for run in runs])


def differing(runs: list[Run], answer: str) -> list[tuple[Work, list[str]]]:
    """The runs that the page has ended elsewhere than the server, and in what."""
    found = json.loads(answer, parse_int=float)  # JavaScript writes a large loss without a point
    return [
        (run.work, names)
        for run, each in zip(runs, found, strict=True)
        if (names := [name for name in run.expected if run.expected[name] != each[name]])
    ]


def random_run(seed: int) -> Run:
    """The run of that number."""
    random = Random(seed)
    work = random.choice([_product, _memorize, _challenge, _challenge])(random)
    if random.random() < 0.3:  # the next training of a model that has been trained
        trained = advance(work, work.target_step)
        start, steps = trained.step, random.randint(1, 300)
        config = work.config.model_copy(update={"learning_rate": work.config.learning_rate * random.random()})
        work = Work(work.task, work.options, config, start, start + steps, start, trained.checkpoint)
    return with_stops(random, work)


def to_its_end(run: Run) -> Run:
    """A run that diverges, with the step at which it does so as its target."""
    step = run.expected["diverged_at"]
    return with_stops(Random(step), replace(run.work, target_step=step))


def with_stops(random: Random, work: Work) -> Run:
    """The run of a work, to be cut at random steps."""
    between = range(work.start_step + 1, work.target_step)
    stops = sorted(random.sample(between, min(len(between), random.choice([0, 0, 1, 3]))))
    return Run(work, [*stops, work.target_step], _expected(work))


def _expected(work: Work) -> dict[str, Any]:
    result = advance(work, work.target_step)
    state = describe(replace(work, step=result.step, checkpoint=result.checkpoint))
    assert state is not None
    return {
        "step": result.step,
        "diverged_at": result.diverged_at,
        "points": [point._asdict() for point in result.points],
        **{name: state[name] for name in ("updates", "parameters", "buffers")},
    }


def _product(random: Random) -> Work:
    size = random.choice([1, 1, 19, 38])  # up to what float32 holds, and down to where it gets inexact
    first, second, target = (
        float(np.float32(random.choice([-1, 1]) * 10 ** random.uniform(-size, size))) for _ in range(3)
    )
    return _work(random, "product", 1500, {"start": [first, second], "target": target})


def _memorize(random: Random) -> Work:
    widest = random.choice([*MAX_STEPS])
    return _work(random, "memorize", MAX_STEPS[widest], _shape(random, widest))


def _challenge(random: Random) -> Work:
    widest = random.choice([*MAX_STEPS])
    examples = random.choice([1, 2, 5, 9, 30, 100, 4999 if widest < 9 else 300])
    return _work(
        random,
        "challenge",
        MAX_STEPS[widest],
        _shape(random, widest),
        examples=examples,
        held_out=random.choice([0.0, 0.0, 0.4]) if examples > 1 else 0.0,
        batch_size=random.choice([1, random.randint(1, min(-(-examples // 2), 70))]),
        order=random.choice(["sequential", "shuffled", "shuffled"]),
        data_seed=random.randint(0, 9),
    )


def _shape(random: Random, widest: int) -> dict[str, Any]:
    return {
        "hidden": [random.randint(1, widest) for _ in range(random.randint(0, 3))],
        "activation": random.choice(["none", "relu", "tanh"]),
    }


def _work(random: Random, task: str, max_steps: int, options: dict[str, Any], **given: Any) -> Work:
    optimizer, settings = random.choice([_descent, _momentum, _adam, _adam])(random)
    return make_work(
        task,
        random.choice([random.randint(1, 40), random.randint(1, max_steps)]),
        options,
        seed=random.randint(0, 2**32 - 1),
        engine="compiled",
        optimizer=optimizer,
        settings=settings,
        learning_rate=10 ** random.uniform(-5, -0.5),
        **given,
    )


def _descent(_random: Random) -> tuple[str, dict[str, Any]]:
    return "sgd", {}


def _momentum(random: Random) -> tuple[str, dict[str, Any]]:
    momentum = random.choice([0.0, 0.5, 0.9, 1.0])
    decay = random.choice([0.0, 0.01, 1.0])
    return "sgd", {
        "momentum": momentum,
        "nesterov": momentum > 0 and random.random() < 0.5,
        "weight_decay": decay,
    }


def _adam(random: Random) -> tuple[str, dict[str, Any]]:
    return random.choice(["adam", "adamw"]), {
        "betas": [random.choice([0.0, 0.3, 0.9]), random.choice([0.0, 0.5, 0.99, 0.999])],
        "eps": random.choice([1e-8, 1e-3]),
        "weight_decay": random.choice([0.0, 0.01, 1.0]),
    }


@contextmanager
def served() -> Iterator[str]:
    """The address of a server of the page's own files, and of nothing else."""
    handler = partial(_Quiet, directory=str(FOLDER))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of requests."""
