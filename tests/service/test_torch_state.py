"""One owner of torch's global state: first weights, programs that seed, and the number of threads."""

import ast
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from service import TrainingService
from service.tasks import TASKS
from service.torch_state import borrowed
from service.training.advance import MODULE, advance, first_checkpoint, load_module
from tests.conftest import ROOT, run_async
from tests.service.works import make_work, parameters

OWNED = {
    "bernoulli", "default_generator", "fork_rng", "get_rng_state", "initial_seed",
    "manual_seed", "multinomial", "normal", "poisson", "rand", "rand_like", "randint", "randint_like",
    "randn", "randn_like", "random", "randperm", "seed", "set_default_device", "set_default_dtype",
    "set_deterministic_debug_mode", "set_float32_matmul_precision", "set_flush_denormal", "set_num_interop_threads",
    "set_num_threads", "set_rng_state", "use_deterministic_algorithms",
}  # fmt: skip
"""The names in `torch` that read or write what all of a process shares."""
DRAWING = {"Linear", "MyNetwork"}
"""The classes whose construction draws."""
MAKERS = {
    "networks.py": {"Linear"},
    "tasks/network.py": {"MyNetwork"},
    "lessons/network.py": {"MyNetwork"},
    "lessons/losses.py": {"MyNetwork"},
}
"""Who may construct them, for `training` alone to call."""


def draw_seeded() -> list[float]:
    """What a program that seeds torch itself draws."""
    with borrowed():
        torch.manual_seed(0)
        return torch.rand(3).tolist()


@pytest.fixture(params=[2, 4])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    """A program that has told torch to use several threads, and then uses the service."""
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(1)


class TestFirstWeights:
    @given(
        seed=st.one_of(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 2**31, 2**32 - 1])),
        hidden=st.lists(st.integers(1, 64), max_size=3),
    )
    def test_they_are_those_of_manual_seed_and_the_global_generator_rests(
        self, seed: int, hidden: list[int]
    ) -> None:
        options = TASKS["challenge"].options.parse({"hidden": hidden})
        before = torch.get_rng_state()
        found = safetensors.torch.load(first_checkpoint("challenge", options, seed))
        load_module("challenge", options, first_checkpoint("challenge", options, seed))
        assert torch.equal(torch.get_rng_state(), before)
        torch.manual_seed(seed)
        for name, value in TASKS["challenge"].build(options).state_dict().items():
            assert torch.equal(found[MODULE + name], value)

    def test_nothing_that_runs_beside_changes_them(self) -> None:
        options = TASKS["memorize"].options()
        right = [first_checkpoint("memorize", options, seed) for seed in range(200)]
        done = threading.Event()

        def disturb() -> None:
            while not done.is_set():
                draw_seeded()
                torch.rand(3)

        with ThreadPoolExecutor(1) as beside:
            disturbing = beside.submit(disturb)
            found = [first_checkpoint("memorize", options, seed) for seed in range(200)]
            done.set()
            disturbing.result()
        assert found == right


class TestProgramsThatSeed:
    def test_two_at_once_draw_what_each_draws_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each waits, once it has seeded, for the other to have seeded, too: one at a time, nobody comes."""
        alone = draw_seeded()
        seed, met = torch.manual_seed, threading.Barrier(2)

        def seed_and_meet(value: int) -> torch.Generator:
            generator = seed(value)
            with suppress(threading.BrokenBarrierError):
                met.wait(timeout=1)
            return generator

        monkeypatch.setattr(torch, "manual_seed", seed_and_meet)
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(lambda _: draw_seeded(), range(2))) == [alone] * 2
        assert met.broken

    def test_the_generator_is_given_back_as_it_was(self) -> None:
        before = torch.get_rng_state()
        draw_seeded()
        assert torch.equal(torch.get_rng_state(), before)


WIDE: dict[str, Any] = {
    "engine": "autograd",
    "examples": 5000,
    "batch_size": 5000,
    "learning_rate": 1e-4,
}
"""On 64 hidden units: so large that 2, 3 and 4 threads each get sums of their own."""

IN_A_FRESH_PROCESS = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
import torch
from service.training.advance import advance
from tests.service.works import make_work

assert torch.get_num_threads() == 2
work = make_work("challenge", 5, {"hidden": [64]}, **json.loads(sys.argv[1]))
with ThreadPoolExecutor(1) as thread:
    sys.stdout.buffer.write(thread.submit(advance, work, 5).result().checkpoint)
"""


def lab_loop(steps: int) -> dict[str, Tensor]:
    """The parameters after the lab's loop on WIDE, with as many threads as torch has now."""
    threads = torch.get_num_threads()
    work = make_work("challenge", steps, {"hidden": [64]}, **WIDE)
    network = load_module("challenge", work.options, work.checkpoint)
    torch.set_num_threads(threads)
    examples = TASKS["challenge"].examples(work.options, work.config.data)
    optimizer = torch.optim.SGD(network.parameters(), lr=WIDE["learning_rate"])
    for _ in range(steps):
        TASKS["challenge"].loss(network(examples.inputs), examples.targets).backward()
        optimizer.step()
        optimizer.zero_grad()
    return {name: value.clone() for name, value in network.state_dict().items()}


def equal(found: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in found.items())


class TestThreads:
    def test_a_training_takes_one(self, threads: int) -> None:
        torch.set_num_threads(1)
        by_one = lab_loop(5)
        work = make_work("challenge", 5, {"hidden": [64]}, **WIDE)
        torch.set_num_threads(threads)
        assert equal(parameters(advance(work, 5)), by_one)

    def test_with_more_the_sums_would_be_others(self, threads: int) -> None:
        found: list[dict[str, Tensor]] = []
        for number in (1, 2, 3, 4):  # which of them differ depends on the processor
            torch.set_num_threads(number)
            found.append(lab_loop(5))
        assert not all(equal(each, found[0]) for each in found), "this size shows nothing about threads"

    def test_so_it_does_in_a_process_that_begins_with_more(self) -> None:
        fresh = subprocess.run(
            [sys.executable, "-c", IN_A_FRESH_PROCESS, json.dumps(WIDE)],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "2"},
            stdout=subprocess.PIPE,
            check=True,
        )
        torch.set_num_threads(1)
        found = safetensors.torch.load(fresh.stdout)
        assert equal({name.removeprefix(MODULE): value for name, value in found.items()}, lab_loop(5))

    def test_a_program_that_seeds_takes_one(self, threads: int) -> None:
        with borrowed():
            assert torch.get_num_threads() == 1

    def test_running_a_training_again_gives_its_bits(
        self, threads: int, lab: TrainingService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.jobs.reruns.MAX_RERUN_SECONDS", 60.0)
        model = lab.create_model("challenge", hidden=[64], seed=1)
        job = lab.train(model.id, steps=20, **WIDE)
        torch.set_num_threads(threads)
        last = run_async(lab.reruns.replay(model.id))[-1]
        weights = lab.snapshot(model.id).parameters
        assert last.loss == job.loss
        for layer in last.layers:
            assert (layer.weight, layer.bias) == (
                weights[f"{layer.name}.weight"],
                weights[f"{layer.name}.bias"],
            )
        torch.set_num_threads(threads)
        assert run_async(lab.reruns.seed_losses(model.id, count=2))[1] == job.loss

    def test_whoever_asks_a_network_gets_the_same_answers(self, threads: int, lab: TrainingService) -> None:
        model = lab.create_model("challenge", hidden=[64, 64], seed=3)
        vectors = [[float(number), -3.7 * number, 0.1] for number in range(5000)]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: lab.snapshot(model.id).predict(vectors).outputs, range(4)))
        torch.set_num_threads(1)
        assert answers == [lab.snapshot(model.id).predict(vectors).outputs] * 4


@pytest.mark.parametrize(
    "path", sorted((ROOT / "service").rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_nothing_else_touches_what_torch_shares(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and path.name != "torch_state.py":
            owner = node.value
            in_torch = isinstance(owner, ast.Name) and owner.id == "torch"
            assert not (in_torch and node.attr in OWNED), f"torch.{node.attr}"
        if isinstance(node, ast.ImportFrom) and path.name != "torch_state.py":
            from_torch = (node.module or "").split(".")[0] == "torch"
            assert not (from_torch and {alias.name for alias in node.names} & OWNED)
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in DRAWING - MAKERS.get(path.relative_to(ROOT / "service").as_posix(), set()), (
                called
            )
            assert called != "build" or path.name == "advance.py"
