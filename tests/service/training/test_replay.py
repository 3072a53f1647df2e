"""Training once more: the same weights on the way, and other seeds."""

from itertools import pairwise
from typing import Any, TypeVar

import pytest

from service import InvalidInput, Job, JobStatus, TrainingService
from service.tasks import TASKS
from service.training.replay import MAX_FRAMES, SeedLosses, estimated_seconds, replay
from service.training.slices import Errand, timed_piece
from tests.conftest import message_of, run_async

State = TypeVar("State")
OPTIONS = TASKS["memorize"].options()


@pytest.mark.parametrize("engine", ["compiled", "autograd"])
def test_the_frames_are_the_training_to_the_bit(lab: TrainingService, engine: str) -> None:
    model = lab.create_model("memorize", seed=4, hidden=[3])
    training: dict[str, Any] = {"learning_rate": 1e-3, "engine": engine}
    for optimizer in ("sgd", "adam"):
        lab.train(model.id, steps=300, optimizer=optimizer, **training)
    frames = run_async(lab.reruns.replay(model.id))
    assert len(frames) == MAX_FRAMES
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
    assert run_async(lab.reruns.replay(lab.create_model("memorize").id)) == []


def test_a_seed_s_loss_is_that_of_a_model_with_this_seed(lab: TrainingService) -> None:
    model = lab.create_model("memorize", seed=2)
    job = lab.train(model.id, learning_rate=1e-3, steps=100)
    losses = run_async(lab.reruns.seed_losses(model.id, count=5))
    assert len(losses) == 5
    assert losses[2] == job.loss
    other = lab.train(lab.create_model("memorize", seed=4).id, learning_rate=1e-3, steps=100)
    assert losses[4] == other.loss


def test_a_seed_that_diverges_has_no_loss(lab: TrainingService) -> None:
    model = lab.create_model("memorize", seed=0)
    lab.train(model.id, learning_rate=0.3, steps=50)
    assert run_async(lab.reruns.seed_losses(model.id, count=3))[0] is None


def test_the_seeds_end_with_the_time_given(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, steps=1000)
    assert len(run_async(lab.reruns.seed_losses(model.id, count=10_000, budget=0.0))) == 1


def test_without_a_training_there_are_no_losses_to_compare(lab: TrainingService) -> None:
    assert run_async(lab.reruns.seed_losses(lab.create_model("memorize").id)) == []


def test_a_training_too_long_to_repeat_is_refused(
    lab: TrainingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=5)
    assert estimated_seconds(lab.jobs(model.id)) < 1
    monkeypatch.setattr("service.jobs.reruns.MAX_RERUN_SECONDS", -1.0)
    message = message_of(lambda: run_async(lab.reruns.replay(model.id)), InvalidInput)
    assert message.startswith("A training to run once more must be one that takes at most -1 seconds")


def in_one_go(errand: Errand[State]) -> State:
    piece = timed_piece(errand, None, seconds=60)
    assert piece.done
    return piece.state


def in_the_shortest_pieces(errand: Errand[State]) -> State:
    """In pieces of a step: the speed of a job is estimated, so let it be slow."""
    state, pieces = errand.begin(), 0
    while not errand.done(state):
        state = errand.go_on(state, seconds=1e-9)
        pieces += 1
    assert pieces >= 50
    return state


class TestPieces:
    """Where an errand is cut cannot be seen in its result."""

    @pytest.fixture
    def jobs(self, lab: TrainingService) -> list[Job]:
        """A training, another that was cancelled before its first step, and one that goes on from the first."""
        model = lab.create_model("memorize", seed=1)
        for steps, optimizer in ((20, "adam"), (20, "sgd"), (30, "adam")):
            lab.train(model.id, learning_rate=1e-3, steps=steps, optimizer=optimizer)
        adam, never, again = lab.jobs(model.id)
        assert (adam.step, again.start_step, again.step) == (20, 40, 70)
        return [
            adam,
            never.model_copy(update={"status": JobStatus.cancelled, "step": 20}),
            again.model_copy(update={"start_step": 20, "step": 50, "target_step": 50}),
        ]

    def test_a_replay(self, jobs: list[Job]) -> None:
        errand = replay("memorize", OPTIONS, 1, jobs, range(0, 51, 10), {})
        whole = in_one_go(errand)
        assert [frame.step for frame in whole.frames] == [0, 10, 20, 30, 40, 50]
        assert in_the_shortest_pieces(errand) == whole

    def test_a_comparison_of_seeds(self, jobs: list[Job]) -> None:
        errand = SeedLosses("memorize", OPTIONS, tuple(jobs), {}, count=3, budget=60)
        whole = in_one_go(errand)
        assert len(set(whole.losses)) == 3
        assert in_the_shortest_pieces(errand).losses == whole.losses

    def test_a_job_without_a_step_changes_nothing(self, jobs: list[Job]) -> None:
        adam, never, again = jobs
        losses = [
            in_one_go(SeedLosses("memorize", OPTIONS, chosen, {}, count=2, budget=60)).losses
            for chosen in ((adam, again), (adam, never, again))
        ]
        assert losses[0] == losses[1]
        frames = [
            in_one_go(replay("memorize", OPTIONS, 0, chosen, [20, 50], {})).frames
            for chosen in ((adam, again), (adam, never, again))
        ]
        assert frames[0] == frames[1]
        assert [frame.loss for frame in frames[0]][-1] == losses[0][0]
