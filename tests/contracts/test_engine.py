"""What holds for every engine, also for one that is a line of the registry and nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from service import InvalidInput, JobStatus, TrainingService, training_program
from service.engines import ENGINES, autograd
from service.takeaway.claims import OTHER_BITS, SAME_BITS
from service.training.advance import advance
from tests.conftest import message_of
from tests.service.works import in_slices, make_work, parameters
from ui.components.comparison import comparison_panel
from ui.fields import engine_field

THIRD = "third"


@pytest.fixture(autouse=True, scope="module")
def third() -> Iterator[None]:
    """The one line that a new engine needs."""
    ENGINES[THIRD] = replace(autograd.ENGINE, title="Third", choice="A third one", max_steps=12_345)
    yield
    del ENGINES[THIRD]


every_engine = pytest.mark.parametrize("engine", [*ENGINES, THIRD])


@every_engine
@settings(max_examples=10)
@given(sizes=st.lists(st.integers(1, 40), max_size=5))
def test_it_may_be_cut_anywhere(engine: str, sizes: list[int]) -> None:
    work = make_work("challenge", 120, {"hidden": [3]}, engine=engine, examples=7, order="shuffled")
    whole, cut = advance(work, 120), in_slices(work, sizes)
    assert cut.checkpoint == whole.checkpoint
    assert cut.points == whole.points


@every_engine
@pytest.mark.parametrize("task", ["product", "memorize", "challenge"])
def test_it_ends_where_pytorch_does(engine: str, task: str) -> None:
    ends = [
        parameters(advance(make_work(task, 100, engine=each, learning_rate=1e-3), 100))
        for each in (engine, "autograd")
    ]
    for name, value in ends[0].items():
        torch.testing.assert_close(value, ends[1][name], rtol=1e-4, atol=1e-5)
        assert not ENGINES[engine].pytorch_bits or torch.equal(value, ends[1][name])


@every_engine
def test_a_model_goes_on_from_any_other(lab: TrainingService, engine: str) -> None:
    model = lab.create_model("memorize")
    for each in (engine, *ENGINES, engine):
        job = lab.train(model.id, steps=10, engine=each, settings={"momentum": 0.9})
        assert (job.status, job.config.engine) == (JobStatus.succeeded, each)


@every_engine
def test_one_that_diverges_is_told_what_to_do(lab: TrainingService, engine: str) -> None:
    job = lab.train(lab.create_model("memorize").id, steps=300, engine=engine, learning_rate=1.0)
    assert job.status is JobStatus.diverged
    assert "Rewind the model, then train with learning rate" in str(job.error)


@every_engine
def test_its_limit_is_published_and_held(lab: TrainingService, engine: str) -> None:
    most = ENGINES[engine].max_steps
    assert all(f"{most:,} with engine {engine}" in task.limits["steps"] for task in lab.catalog.tasks())
    model = lab.create_model("product")
    refused = message_of(lambda: lab.submit(model.id, steps=most + 1, engine=engine), InvalidInput)
    assert refused.startswith(f"steps must be a whole number from 1 to {most:,} with engine {engine}")


@every_engine
def test_a_program_says_whose_bits_it_gives(lab: TrainingService, engine: str) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=5, engine=engine)
    claim = training_program(lab.snapshot(model.id)).replace("\n# ", " ").removeprefix("# ")
    assert claim.startswith(SAME_BITS if ENGINES[engine].pytorch_bits else OTHER_BITS)


@every_engine
def test_the_page_offers_it_and_has_something_to_check_it_against(lab: TrainingService, engine: str) -> None:
    engines = lab.catalog.engines()
    assert (engines[engine].choice, engine) in engine_field(lab, "product").component.choices  # pyright: ignore[reportAttributeAccessIssue]
    other = engines[engine].checked_by
    assert other != engine
    jobs = [lab.train(lab.create_model("product").id, steps=5, engine=each) for each in (engine, other)]
    markup = comparison_panel(jobs, None, engines)
    assert engines[engine].title in markup
    assert engines[other].title in markup


def test_one_that_is_not_there_is_refused(lab: TrainingService) -> None:
    model = lab.create_model("product")
    assert message_of(lambda: lab.submit(model.id, engine="fourth"), InvalidInput) == (
        f"engine must be one of {', '.join(ENGINES)}; got 'fourth'."
    )
