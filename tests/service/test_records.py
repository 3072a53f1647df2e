"""What the records accept, and the sentence they answer with."""

import math
from inspect import Parameter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InvalidInput, LabError, shown
from service.records import Argument, JobStatus, TrainingConfig
from tests.conftest import message_of

GOOD: dict[str, Any] = {"learning_rate": 0.01, "steps": 10, "engine": "compiled"}

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=5),
    st.integers(),
    st.floats(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)


@given(learning_rate=st.floats(1e-30, 1000), steps=st.integers(1, 10**9))
def test_every_sensible_config_is_accepted(learning_rate: float, steps: int) -> None:
    config = TrainingConfig.parse({**GOOD, "learning_rate": learning_rate, "steps": steps})
    assert (config.learning_rate, config.steps) == (learning_rate, steps)


@pytest.mark.parametrize(
    "value", [0, -1, -1e-9, math.nan, math.inf, -math.inf, 1001, "0.1", "fast", True, 10**400]
)
def test_a_learning_rate_must_be_a_positive_number(value: object) -> None:
    message = message_of(lambda: TrainingConfig.parse({**GOOD, "learning_rate": value}), InvalidInput)
    assert message == f"learning_rate must be a number above 0 and at most 1000; got {shown(value)}."


@pytest.mark.parametrize("value", [0, -1, 0.5, 10.5, math.nan, math.inf, "10", True])
def test_steps_must_be_a_whole_number(value: object) -> None:
    message = message_of(lambda: TrainingConfig.parse({**GOOD, "steps": value}), InvalidInput)
    assert message == f"steps must be a whole number, 1 or more; got {shown(value)}."


def test_a_whole_float_is_a_whole_number() -> None:
    assert TrainingConfig.parse({**GOOD, "steps": 10.0}).steps == 10
    assert TrainingConfig.parse({**GOOD, "steps": np.int64(10)}).steps == 10


@given(field=st.sampled_from(sorted(TrainingConfig.model_fields)), value=junk)
def test_junk_is_accepted_or_refused_in_one_sentence(field: str, value: object) -> None:
    try:
        config = TrainingConfig.parse({**GOOD, field: value})
    except LabError as error:
        assert field in str(error) or "high" in str(error)
        assert "\n" not in str(error)
        assert len(str(error)) < 300
    else:
        assert getattr(config, field) == value


def test_an_unknown_setting_is_named() -> None:
    message = message_of(lambda: TrainingConfig.parse({**GOOD, "lr": 1}), InvalidInput)
    assert message.startswith("lr must be left out, for this request takes only dataset, examples, ")


def test_low_must_be_below_high() -> None:
    message = message_of(lambda: TrainingConfig.parse({**GOOD, "low": 5, "high": 5}), InvalidInput)
    assert message == "low must be below the highest entry, 5; got 5."


def test_a_field_is_an_argument_with_its_simple_default_and_its_words() -> None:
    arguments = TrainingConfig.arguments()
    assert list(arguments) == list(TrainingConfig.model_fields)
    assert arguments["batch_size"] == Argument(
        int,
        1,
        "the number of examples in an update",
        "a whole number from 1 to 10,000",
        {"type": "integer", "minimum": 1, "maximum": 10_000},
    )
    assert (arguments["steps"].type, arguments["steps"].default) == (int, Parameter.empty)
    assert (arguments["settings"].type, arguments["settings"].default) == (dict[str, Any] | None, None)
    assert all(each.title and each.allowed for each in arguments.values())


def test_a_config_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        TrainingConfig.parse(GOOD).steps = 5  # pyright: ignore[reportAttributeAccessIssue]


def test_a_long_value_is_cut_in_the_message() -> None:
    assert len(shown("x" * 1000)) == 80


def test_only_the_two_first_states_of_a_job_are_not_its_end() -> None:
    assert [status for status in JobStatus if not status.ended] == [JobStatus.queued, JobStatus.running]
