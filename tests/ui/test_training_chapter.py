"""The training chapter: what it says of its network, for every seed that its slider has."""

from dataclasses import replace

import pytest

from service.tasks import TASKS
from service.training.advance import Slice, Work, advance, first_checkpoint
from service.training.requests import step_limits, training_config
from ui.chapters.training import STALL

TASK = TASKS["memorize"]
OPTIONS = TASK.options.parse({})
SEEDS = range(100)


def train(seed: int, learning_rate: float, steps: int) -> tuple[Work, Slice]:
    """The training, and what it comes to."""
    config = training_config(TASK, {"learning_rate": learning_rate, "steps": steps}, step_limits())
    first = first_checkpoint(TASK.name, OPTIONS, seed)
    work = Work(TASK.name, OPTIONS, config, 0, steps, 0, first)
    return work, advance(work, steps)


def test_the_lab_s_learning_rate_gets_part_of_the_way() -> None:
    assert "50,000 steps get only part of the way" in STALL
    for seed in SEEDS:
        _, result = train(seed, 1e-6, 50_000)
        assert result.loss is not None
        assert 0.01 < result.loss < result.points[0].loss


def test_another_needs_300_steps() -> None:
    assert "At 0.001, 300 are enough" in STALL
    for seed in SEEDS:
        _, result = train(seed, 1e-3, 300)
        assert result.loss is not None
        assert result.loss < 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_at_0_00001_a_training_comes_to_a_standstill_within_1_000_000_steps(seed: int) -> None:
    assert "within 1,000,000 steps at a learning rate of 0.00001" in STALL
    work, result = train(seed, 1e-5, 500_000)
    again = replace(work, start_step=500_000, step=500_000, target_step=500_001, checkpoint=result.checkpoint)
    after = advance(again, 1)
    assert (after.checkpoint, after.loss) == (result.checkpoint, result.loss)
