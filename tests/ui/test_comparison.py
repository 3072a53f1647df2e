"""Two engines side by side, as numbers and as markup."""

from typing import Any

import torch
from hypothesis import given
from hypothesis import strategies as st

from service import EngineInfo, Job, JobStatus, TrainingConfig
from ui.components.comparison import Difference, comparison_panel, largest_difference

numbers = st.floats(-100, 100)
ENGINES = {
    name: EngineInfo(title=title, choice=title, pytorch_bits=bits, checked_by=other, in_browser=not bits)
    for name, title, bits, other in (
        ("compiled", "Compiled", False, "autograd"),
        ("autograd", "PyTorch", True, "compiled"),
    )
}


def panel(jobs: list[Job], difference: Difference | None) -> str:
    return comparison_panel(jobs, difference, ENGINES)


def job(engine: str, **given: Any) -> Job:
    config = TrainingConfig(learning_rate=1e-3, steps=5000, engine=engine)
    known = {"status": JobStatus.succeeded, "target_step": 5000, "step": 5000, "loss": 0.25}
    return Job(id=engine, model_id="m", config=config, created="now", **{**known, **given})


@given(st.lists(st.tuples(numbers, numbers), min_size=6, max_size=6))
def test_the_largest_difference_and_where_it_is(pairs: list[tuple[float, float]]) -> None:
    a, b = (torch.tensor(column, dtype=torch.float64) for column in zip(*pairs, strict=True))
    ours, theirs = (
        {"m1.weight": each[:4].reshape(2, 2).tolist(), "m1.bias": each[4:].tolist()} for each in (a, b)
    )
    found = largest_difference(ours, theirs)
    assert found.size == (a - b).abs().max().item()
    assert abs(found.values[0] - found.values[1]) == found.size


def test_a_place_is_named_as_torch_would_index_it() -> None:
    ours = {"m1.weight": [[1.0, 2.0], [3.0, 4.0]], "m1.bias": [0.0, 0.0]}
    theirs = {"m1.weight": [[1.0, 2.0], [3.5, 4.0]], "m1.bias": [0.0, 0.25]}
    assert largest_difference(ours, theirs).place == "m1.weight[1, 0]"
    assert largest_difference({"var_1": 3.0}, {"var_1": 3.0}).place == "var_1"


def test_without_a_twin_there_is_nothing_to_compare() -> None:
    assert panel([job("compiled")], None) == ""


def test_speeds_stand_side_by_side_compiled_first() -> None:
    jobs = [job("autograd", steps_per_second=10_000.0), job("compiled", steps_per_second=2e7)]
    html = panel(jobs, largest_difference({"var_1": 3.5}, {"var_1": 3.25}))
    assert html.index("Compiled") < html.index("PyTorch")
    assert "<td>20,000,000 steps/s</td><td>10,000 steps/s</td>" in html
    assert "<td>0.25 ms</td><td>500.00 ms</td>" in html
    assert "Largest difference: 0.25, in var_1 (3.5 and 3.25)." in html


def test_no_difference_is_said_to_be_none() -> None:
    html = panel([job("compiled"), job("autograd")], largest_difference({"v": 1.0}, {"v": 1.0}))
    assert "No difference: every parameter is the same to the bit." in html


def test_a_check_under_way_says_how_far_it_is() -> None:
    html = panel([job("compiled"), job("autograd", status=JobStatus.running, step=1200)], None)
    assert "1,200 of 5,000" in html
    assert "Under way ..." in html


def test_zeros_of_two_signs_are_equal_and_not_the_same_bits() -> None:
    difference = largest_difference({"v": [0.0, 1.0]}, {"v": [-0.0, 1.0]})
    assert (difference.size, difference.same_bits) == (0.0, False)
    assert "No difference except the sign of a 0." in panel([job("compiled"), job("autograd")], difference)


def test_a_largest_difference_of_one_parameter_leaves_no_bits_the_same() -> None:
    assert not largest_difference({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 3.0}).same_bits


def test_engines_that_ended_at_different_steps_are_not_under_way() -> None:
    diverged = {"status": JobStatus.diverged, "step": 4}
    html = panel([job("compiled", **diverged), job("autograd", **diverged | {"step": 3})], None)
    assert "They ended at different steps, Compiled at 4 and PyTorch at 3" in html
    html = panel([job("compiled", **diverged), job("autograd")], None)
    assert "Compiled at 4 and PyTorch at 5,000" in html
    # The twin has the first of two trainings behind it.
    first = job("autograd", step=2000, target_step=2000)
    assert "Under way ..." in panel([job("compiled"), first], None)
