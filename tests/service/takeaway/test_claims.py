"""What a program says of the trainings that it repeats is so."""

import re
import textwrap

import pytest

from service import JobStatus, TrainingConfig, TrainingService, training_program
from service.records import Job
from service.takeaway.claims import ENDED, OTHER_BITS, SAME_BITS, ending
from tests.conftest import under_way, until
from tests.service.programs import run, weights_after

AUTOGRAD = {"engine": "autograd"}
RITUAL = ["Backprop", "Optimize", "Reset"]


def comments(program: str) -> list[str]:
    """The program's comments, a line each."""
    return re.findall(r"# (.*)", re.sub("torch.set_num_threads.*", "", program))


def textual(sentence: str) -> list[str]:
    """A sentence as comments."""
    return textwrap.wrap(sentence, 96)


class TestEndings:
    """What became of a training that did not succeed stands above its loop."""

    def test_a_run_that_was_cancelled_counts_as_far_as_it_came(self, lab: TrainingService) -> None:
        model = lab.create_model("memorize")
        long = {**AUTOGRAD, "learning_rate": 1e-6, "settings": {"momentum": 0.9}}
        job = lab.submit(model.id, steps=5_000_000, **long)
        until(lab, job.id, under_way)
        cancelled = lab.cancel(job.id)
        assert cancelled.status is JobStatus.cancelled
        assert 0 < cancelled.step < cancelled.target_step
        assert weights_after(training_program(lab.snapshot(model.id))) == lab.snapshot(model.id).parameters
        lab.train(model.id, steps=10, **long)
        program = training_program(lab.snapshot(model.id))
        assert weights_after(program) == lab.snapshot(model.id).parameters
        sentence = f"In Backprop Lab, the training to step 5,000,000 was stopped at step {cancelled.step:,}."
        assert comments(program) == [*textual(SAME_BITS), *textual(sentence), *RITUAL, *RITUAL]

    def test_a_run_that_diverged_counts_as_far_as_it_came(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.train(model.id, steps=100, learning_rate=0.1, **AUTOGRAD)
        assert job.status is JobStatus.diverged
        assert job.step > 0
        program = training_program(lab.snapshot(model.id))
        assert weights_after(program) == lab.snapshot(model.id).parameters
        diverged = f"the training to step 100 diverged at step {job.step + 1}"
        assert diverged in " ".join(comments(program))
        # And so it does: one step more, and the numbers or the loss are not finite.
        names, _ = run(program.replace(f"range({job.step})", f"range({job.step + 1})"))
        after = [names["var_1"], names["var_2"], (15.0 - names["var_1"] * names["var_2"]) ** 2]
        assert not all(number.isfinite() for number in after)

    def test_a_run_that_diverged_at_once_is_as_if_it_had_not_been(self, lab: TrainingService) -> None:
        model = lab.create_model("product", start=[3e9, 4e9])
        with_momentum = {**AUTOGRAD, "steps": 5, "learning_rate": 1e-25, "settings": {"momentum": 0.9}}
        lab.train(model.id, **with_momentum)
        between = lab.train(model.id, steps=5, learning_rate=1000, **AUTOGRAD)
        assert (between.status, between.step) == (JobStatus.diverged, 5)
        lab.train(model.id, **with_momentum)
        program = training_program(lab.snapshot(model.id))
        assert weights_after(program) == lab.snapshot(model.id).parameters
        assert (
            "A training of 5 steps at learning rate 1000.0 diverged at once. It changed nothing and is left out."
        ) in " ".join(comments(program))

    def test_where_every_update_diverges_the_model_is_untrained(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        lab.train(model.id, steps=1, learning_rate=1000, low=999_999, high=1_000_000)
        program = training_program(lab.snapshot(model.id))
        assert weights_after(program) == lab.snapshot(model.id).parameters
        assert "A training of 1 step at learning rate 1000.0" in program
        assert OTHER_BITS[:40] not in program

    @pytest.mark.parametrize("status", JobStatus)
    @pytest.mark.parametrize("step", [7, 8, 19])
    def test_every_ending_has_a_sentence(self, status: JobStatus, step: int) -> None:
        config = TrainingConfig(learning_rate=0.5, steps=13, engine="compiled")
        job = Job(
            id="",
            model_id="",
            config=config,
            status=status,
            start_step=7,
            target_step=20,
            step=step,
            created="",
        )
        sentence = ending(job)
        if status is JobStatus.succeeded:
            assert sentence is None
            return
        assert sentence is not None
        assert ENDED[status] in sentence
        told = [int(number) for number in re.findall(r"step (\d+)", sentence)]
        if step == 7:
            assert "13 steps" in sentence
            assert "left out" in sentence
        elif status is JobStatus.diverged:
            assert told == [20, step + 1, step]
        else:
            assert told == [20, step]


@pytest.mark.parametrize(
    ("engines", "claim"),
    [
        ([], None),
        (["autograd"], SAME_BITS),
        (["autograd", "autograd"], SAME_BITS),
        (["compiled"], OTHER_BITS),
        (["autograd", "compiled"], OTHER_BITS),
        (["compiled", "autograd"], OTHER_BITS),
    ],
)
def test_it_claims_bits_where_torch_trained_alone(
    lab: TrainingService, engines: list[str], claim: str | None
) -> None:
    model = lab.create_model("memorize")
    for engine in engines:
        lab.train(model.id, steps=2, engine=engine)
    found = comments(training_program(lab.snapshot(model.id)))
    assert found == ([] if claim is None else textual(claim)) + RITUAL * len(engines)
