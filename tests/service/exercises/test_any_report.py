"""A judge has a sentence for whatever report a stranger's process sends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.exercises import JUDGED, Exercise
from service.sandbox.report import (
    Event,
    ProgramError,
    ProgramReport,
    Shown,
    ToldNetwork,
    ToldOptimizer,
    ToldTensor,
)

NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, 3.0, 5.0])
COUNTS = st.sampled_from([0, 1, 100, 101, 10**9])
NAMES = st.sampled_from(["", "my_network", "`", "{x}"])
ERRORS = st.none() | st.builds(ProgramError, text=st.text(), meaning=st.none() | st.text())
TENSORS = st.builds(ToldTensor, name=NAMES, values=st.none() | st.lists(NUMBERS, max_size=5))
NETWORKS = st.builds(
    ToldNetwork,
    name=NAMES,
    parameters=COUNTS,
    widths=st.just((3, 5)) | st.lists(st.integers(1, 5), max_size=3).map(tuple),
    answer=st.lists(NUMBERS, max_size=6),
)
REPORTS = st.builds(
    ProgramReport,
    error=ERRORS,
    line=st.none() | st.just(1),
    shown=st.lists(st.builds(Shown, line=st.just(1), text=st.text("0123456789.e-+% ")), max_size=2),
    events=st.lists(st.builds(Event, line=st.just(1), loss=NUMBERS), max_size=12),
    last_loss=NUMBERS,
    reached=st.lists(TENSORS, max_size=4),
    backwards=COUNTS,
    steps=COUNTS,
    tensors=st.lists(TENSORS, max_size=3),
    networks=st.lists(NETWORKS, max_size=2),
    optimizers=st.lists(st.builds(ToldOptimizer, learning_rate=NUMBERS, steps=COUNTS), max_size=2),
)


@pytest.mark.parametrize("exercise", JUDGED.values(), ids=JUDGED)
@settings(max_examples=25)
@given(report=REPORTS, other=REPORTS)
def test_there_is_a_verdict(exercise: Exercise, report: ProgramReport, other: ProgramReport) -> None:
    verdict = exercise.judge(report)
    assert isinstance(verdict.said, str)
    assert not (verdict.passed and report.error)
    if exercise.judge_again is not None:
        assert exercise.judge_again(report, other).said
