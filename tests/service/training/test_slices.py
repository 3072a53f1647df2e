"""A run may be cut into slices anywhere: that cannot be seen in the result."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engines import ENGINES
from service.optimizers import OPTIMIZERS
from service.tasks import TASKS
from service.training.advance import advance, advance_for, load_module
from tests.conftest import ROOT
from tests.service.works import every_engine, in_slices, make_work, parameters


class TestSlices:
    @settings(max_examples=60)
    @given(
        engine=st.sampled_from(list(ENGINES)),
        task=st.sampled_from(["product", "memorize", "challenge"]),
        optimizer=st.sampled_from(sorted(OPTIMIZERS)),
        sizes=st.lists(st.integers(1, 25), max_size=6),
        batch_size=st.sampled_from([1, 4, 7]),
        order=st.sampled_from(["sequential", "shuffled"]),
        momentum=st.sampled_from([0.0, 0.9]),
        held_out=st.sampled_from([0.0, 0.3]),
    )
    def test_any_split_gives_the_same_bits(
        self,
        engine: str,
        task: str,
        optimizer: str,
        sizes: list[int],
        batch_size: int,
        order: str,
        momentum: float,
        held_out: float,
    ) -> None:
        given: dict[str, Any] = {
            "engine": engine,
            "optimizer": optimizer,
            "learning_rate": 1e-3,
            "order": order,
        }
        if optimizer in ("sgd", "rmsprop"):
            given["settings"] = {"momentum": momentum}
        if task == "challenge":
            given |= {"examples": 10, "batch_size": batch_size, "held_out": held_out}
        work = make_work(task, 60, **given)
        whole = advance(work, 60)
        assert in_slices(work, sizes) == whole
        measured = task == "challenge" and held_out > 0
        assert all((point.held_out_loss is not None) == measured for point in whole.points)

    @pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
    def test_so_it_does_where_the_orders_of_epochs_are_drawn_anew(self, optimizer: str) -> None:
        # 5,000 examples are one epoch a block: the compiled loop goes back to Python every 100 steps.
        given: dict[str, Any] = {"examples": 5000, "batch_size": 50, "order": "shuffled"}
        work = make_work("challenge", 250, engine="compiled", optimizer=optimizer, **given)
        assert in_slices(work, [1, 40, 70]) == advance(work, 250)

    def test_so_it_does_between_the_recorded_steps_of_examples_held_out(self) -> None:
        work = make_work("challenge", 5000, engine="compiled", examples=10, held_out=0.5, optimizer="adam")
        whole = advance(work, 5000)
        assert len(whole.points) < 500
        assert in_slices(work, [1, 2, 17, 1000, 11]) == whole

    @given(
        engine=st.sampled_from(list(ENGINES)),
        sizes=st.lists(st.integers(1, 10), max_size=8),
        learning_rate=st.sampled_from([0.07, 0.1, 0.5, 100.0]),
    )
    def test_divergence_is_the_same_in_any_split(
        self, engine: str, sizes: list[int], learning_rate: float
    ) -> None:
        work = make_work("product", 400, learning_rate=learning_rate, engine=engine)
        whole = advance(work, 400)
        assert whole.diverged_at is not None
        assert in_slices(work, sizes) == whole

    def test_the_same_work_gives_the_same_slice(self) -> None:
        work = make_work("memorize", 30, optimizer="adam")
        assert advance(work, 20) == advance(work, 20)

    def test_two_jobs_of_50_are_one_of_100(self) -> None:
        one = advance(make_work("memorize", 100), 100)
        first = advance(make_work("memorize", 50), 50)
        again = make_work("memorize", 50)
        second = replace(again, start_step=50, target_step=100, step=50, checkpoint=first.checkpoint)
        assert advance(second, 50).checkpoint == one.checkpoint

    def test_momenta_go_on_only_with_the_optimizer_that_made_them(self) -> None:
        begun = advance(make_work("memorize", 20, optimizer="adam", learning_rate=0.01), 20)
        module = load_module("memorize", TASKS["memorize"].options(), begun.checkpoint)
        plain = torch.optim.RMSprop(module.parameters(), lr=0.01)
        torch.sum((module(torch.tensor([1.0, 2, 3])) - torch.tensor([1.0, 2, 3, 4, 5])) ** 2).backward()
        plain.step()
        other = make_work("memorize", 1, optimizer="rmsprop", learning_rate=0.01)
        other = replace(other, start_step=20, target_step=21, step=20, checkpoint=begun.checkpoint)
        for name, value in parameters(advance(other, 1)).items():
            assert torch.equal(value, module.state_dict()[name])

    def test_a_slice_without_an_update_keeps_the_momenta_of_another_optimizer(self) -> None:
        begun = advance(make_work("product", 5, {"start": [3e9, 4e9]}, optimizer="adam"), 5)
        other = make_work("product", 5, {"start": [3e9, 4e9]}, learning_rate=1000)
        other = replace(other, start_step=5, target_step=10, step=5, checkpoint=begun.checkpoint)
        result = advance(other, 5)
        assert (result.diverged_at, result.step) == (6, 5)
        assert result.checkpoint == begun.checkpoint


class TestSlicesByTime:
    @every_engine
    def test_it_gives_what_advance_gives_for_as_many_steps(self, engine: str) -> None:
        work = make_work("challenge", 10_000_000, engine=engine, order="shuffled")
        timed, rate = advance_for(work, 0.02, None)
        assert rate > 0
        assert 0 < timed.step < work.target_step
        assert timed == advance(work, timed.step)

    def test_it_ends_at_the_target(self) -> None:
        assert advance_for(make_work("product", 300, engine="compiled"), 60, None)[0].step == 300

    @pytest.mark.parametrize("known", [None, 1e-9])
    def test_it_makes_at_least_one_step_and_no_more_without_time(self, known: float | None) -> None:
        assert advance_for(make_work("memorize", 10), 0, known)[0].step == 1

    def test_a_divergence_is_found_as_in_any_slice(self) -> None:
        work = make_work("product", 400, learning_rate=0.1)
        assert advance_for(work, 60, None)[0] == advance(work, 400)

    def test_it_ends_at_the_step_to_stop_at(self) -> None:
        work = make_work("memorize", 300, engine="compiled")
        assert advance_for(work, 60, None, stop=120)[0] == advance(work, 120)


FIRST = """
import json, sys
from time import thread_time
from service.training.slices import timed_slice
from tests.service.works import make_work

work = make_work("memorize", 10_000_000, engine=sys.argv[1])
begin = thread_time()
charged = timed_slice(work, None, seconds=0.05).seconds
print(json.dumps([charged, thread_time() - begin]))
"""


@every_engine
def test_what_a_process_does_once_is_charged_to_nobody(engine: str, tmp_path: Path) -> None:
    """Importing and compiling, in a process that has done neither and finds nothing compiled."""
    fresh = subprocess.run(
        [sys.executable, "-c", FIRST, engine],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    charged, taken = json.loads(fresh.stdout)
    assert 0 < charged < 0.2 < taken - charged
