"""One owner of torch's global state: first weights, programs that seed, and the number of threads."""

import ast
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st

from service import TrainingService
from service.lessons import MISTAKES, run_mistake
from service.tasks import TASKS
from service.torch_state import borrowed
from service.training.advance import MODULE, advance, first_checkpoint, load_module
from service.training.replay import final_loss
from tests.conftest import ROOT
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
MAKERS = {"networks.py": {"Linear"}, "tasks/network.py": {"MyNetwork"}, "lessons/network.py": {"MyNetwork"}}
"""Who may construct them, for `training` alone to call."""


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
                run_mistake("stranger")
                torch.rand(3)

        with ThreadPoolExecutor(1) as beside:
            disturbing = beside.submit(disturb)
            found = [first_checkpoint("memorize", options, seed) for seed in range(200)]
            done.set()
            disturbing.result()
        assert found == right


class TestProgramsThatSeed:
    def test_one_at_a_time_borrows_the_generator(self) -> None:
        torch.manual_seed(0)
        alone = torch.rand(4)
        other_seeded = threading.Event()

        def other() -> None:
            with borrowed():
                torch.manual_seed(1)
                other_seeded.set()

        with ThreadPoolExecutor(1) as beside:
            with borrowed():
                torch.manual_seed(0)
                waiting = beside.submit(other)
                assert not other_seeded.wait(0.2)
                assert torch.equal(torch.rand(4), alone)
            waiting.result()
        assert other_seeded.is_set()

    @pytest.mark.parametrize("name", MISTAKES)
    def test_the_generator_is_given_back_as_it_was(self, name: str) -> None:
        before = torch.get_rng_state()
        run_mistake(name)
        assert torch.equal(torch.get_rng_state(), before)


WIDE: dict[str, Any] = {
    "engine": "autograd",
    "examples": 1000,
    "batch_size": 1000,
    "learning_rate": 1e-4,
}


class TestThreads:
    def test_a_training_takes_one(self, threads: int) -> None:
        work = make_work("challenge", 5, {"hidden": [64]}, **WIDE)
        network = load_module("challenge", work.options, work.checkpoint)
        torch.set_num_threads(1)
        examples = TASKS["challenge"].examples(work.options, work.config.data)
        optimizer = torch.optim.SGD(network.parameters(), lr=WIDE["learning_rate"])
        for _ in range(5):
            TASKS["challenge"].loss(network(examples.inputs), examples.targets).backward()
            optimizer.step()
            optimizer.zero_grad()
        torch.set_num_threads(threads)
        for name, value in parameters(advance(work, 5)).items():
            assert torch.equal(value, network.state_dict()[name])

    def test_running_a_training_again_gives_its_bits(
        self, threads: int, pool_lab: TrainingService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("service.service.MAX_REPLAY_SECONDS", 60.0)
        model = pool_lab.create_model("challenge", hidden=[64], seed=1)
        job = pool_lab.train(model.id, steps=20, **WIDE)
        torch.set_num_threads(threads)
        last = pool_lab.replay(model.id)[-1]
        weights = pool_lab.snapshot(model.id).parameters
        assert last.loss == job.loss
        for layer in last.layers:
            assert (layer.weight, layer.bias) == (
                weights[f"{layer.name}.weight"],
                weights[f"{layer.name}.bias"],
            )
        torch.set_num_threads(threads)
        assert pool_lab.seed_losses(model.id, count=2)[1] == job.loss
        torch.set_num_threads(threads)
        options = TASKS["challenge"].options.model_validate(model.options)
        assert final_loss("challenge", options, 1, [job], {}) == job.loss

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
