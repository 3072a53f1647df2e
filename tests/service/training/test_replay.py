"""Training once more: the same weights on the way, and other seeds."""

from itertools import pairwise
from typing import Any

import pytest

from service import InvalidInput, TrainingService
from service.training import replay
from service.training.replay import MOST_FRAMES, seconds
from tests.conftest import message_of


@pytest.mark.parametrize("engine", ["compiled", "autograd"])
def test_the_frames_are_the_training_to_the_bit(lab: TrainingService, engine: str) -> None:
    model = lab.create_model("memorize", seed=4, hidden=[3])
    training: dict[str, Any] = {"learning_rate": 1e-3, "engine": engine}
    for optimizer in ("sgd", "adam"):
        lab.train(model.id, steps=300, optimizer=optimizer, **training)
    frames = lab.replay(model.id)
    assert len(frames) == MOST_FRAMES
    assert (frames[0].step, frames[-1].step) == (0, 600)
    assert all(one.step < other.step for one, other in pairwise(frames))
    parameters = lab.snapshot(model.id).parameters
    last = frames[-1]
    assert [layer.name for layer in last.layers] == ["m1", "m2"]
    for layer in last.layers:
        assert layer.weight == parameters[f"{layer.name}.weight"]
        assert layer.bias == parameters[f"{layer.name}.bias"]
    assert list(last.outputs) == lab.snapshot(model.id).predict([[1, 2, 3]]).outputs[0]
    assert list(last.outputs) == last.layers[-1].values
    history = lab.snapshot(model.id).history
    recorded = dict(zip(history.step, history.loss, strict=True))
    for frame in frames[1:]:
        assert frame.loss == pytest.approx(recorded[frame.step], rel=1e-4, abs=1e-9)


def test_a_model_that_was_never_trained_has_no_frames(lab: TrainingService) -> None:
    assert lab.replay(lab.create_model("memorize").id) == []


def test_a_seed_s_loss_is_that_of_a_model_with_this_seed(lab: TrainingService) -> None:
    model = lab.create_model("memorize", seed=2)
    job = lab.train(model.id, learning_rate=1e-3, steps=100)
    losses = lab.seed_losses(model.id, count=5)
    assert len(losses) == 5
    assert losses[2] == job.loss
    other = lab.train(lab.create_model("memorize", seed=4).id, learning_rate=1e-3, steps=100)
    assert losses[4] == other.loss


def test_a_seed_that_diverges_has_no_loss(lab: TrainingService) -> None:
    model = lab.create_model("memorize", seed=0)
    lab.train(model.id, learning_rate=0.3, steps=50)
    assert lab.seed_losses(model.id, count=3)[0] is None


def test_the_seeds_end_with_the_time_given(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, steps=1000)
    assert len(lab.seed_losses(model.id, count=10_000, budget=0.0)) == 1


def test_a_training_too_long_to_repeat_is_refused(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=5)
    assert seconds(lab.jobs(model.id)) < 1
    monkeypatch.setattr("service.service.MAX_REPLAY_SECONDS", -1.0)
    message = message_of(lambda: lab.replay(model.id), InvalidInput)
    assert message.startswith("A training to run once more must be one that takes at most -1 seconds")


def test_what_the_first_seed_waits_for_is_not_charged(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, steps=5)
    clock = [0.0]
    trained = replay.final_loss

    def loading_at_first(task: str, options: Any, seed: int, *rest: Any) -> float | None:
        clock[0] += 100 if seed == 0 else 1
        return trained(task, options, seed, *rest)

    monkeypatch.setattr(replay, "final_loss", loading_at_first)
    monkeypatch.setattr(replay, "perf_counter", lambda: clock[0])
    assert len(lab.seed_losses(model.id, count=10, budget=3)) == 4
