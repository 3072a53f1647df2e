"""The sentences about how a run ended, each with the facts that it says."""

import pytest

from service.training import outcomes
from service.training.outcomes import Advice, TooLarge, diverged

ADVICE = Advice(learning_rate=0.022, steps=100, first_loss=9.0, last_loss=0.25)


def test_a_divergence_says_what_to_do_first_and_for_how_many_steps_it_was_tried() -> None:
    assert diverged(5, 0, 100, ADVICE) == (
        "Diverged at step 5: a weight or the loss was no longer a finite number. Rewind the model, then train "
        "with learning rate 0.022, and everything else as it was. This was tried: all 100 steps stayed finite, and "
        "the loss went from 9 to 0.25."
    )
    assert "the first 100 of 5,000 steps stayed finite" in diverged(5, 0, 5000, ADVICE)


def test_before_any_update_nothing_is_called_a_divergence() -> None:
    said = diverged(5, 5, 100, ADVICE)
    assert said.startswith("The loss is not a finite number at step 5, before any update. Rewind the model,")


def test_everything_that_changes_is_named_as_json_has_it() -> None:
    changes = {"betas": [0.9, 0.999], "nesterov": False}
    said = diverged(5, 0, 100, Advice(1e-07, 100, 9, 1, changes=changes))
    assert (
        "train with learning rate 1e-07, betas [0.9, 0.999] and nesterov false, and everything else" in said
    )


def test_a_data_set_is_to_be_divided_and_its_inputs_are_named() -> None:
    said = diverged(5, 0, 100, Advice(0.1, 100, 9, 1, divisor=1e5, largest_input=20_000.0))
    assert (
        "The inputs reach 20,000; learning rates small enough for such inputs are too small to move the "
        "biases in 100 steps. Rewind the model, divide every number of the data set by 100,000, add it again, and "
        "train on that with learning rate 0.1, and everything else as it was."
    ) in said


def test_a_large_divisor_is_a_power_of_ten() -> None:
    said = diverged(0, 0, 100, Advice(0.1, 100, 9, 1, divisor=1e30))
    assert "divide every number of the data set by 1e+30, add it again" in said


def test_what_is_too_large_is_named_with_its_size() -> None:
    assert "1e+30" in diverged(0, 0, 100, TooLarge(outcomes.numbers_too_large(1e30)))


def test_where_nothing_was_found_nothing_is_promised() -> None:
    assert diverged(5, 0, 100, None).endswith("Nothing else that was tried stayed finite.")


@pytest.mark.parametrize(
    "advice",
    [
        Advice(0.1, 100, 9, 1, changes={"momentum": 0.0}),
        Advice(0.1, 100, 9, 1, divisor=10.0),
        Advice(0.1, 100, 9, 9),
    ],
)
def test_a_rate_is_offered_only_where_it_is_all_that_has_to_change(advice: Advice) -> None:
    assert ADVICE.offer == 0.022
    assert advice.offer is None


def test_a_loss_that_rose_is_told() -> None:
    assert outcomes.rose(9.0, 58.3) == "The loss ended at 58.3, above the 9 that the run began with."
    for first, last in [(9.0, 9.0), (9.0, 1.0), (None, 1.0), (9.0, None), (9.0, float("inf"))]:
        assert outcomes.rose(first, last) is None


def test_an_error_of_the_worker_is_told_without_its_brackets() -> None:
    assert "after step 7: MemoryError: no room. The model keeps" in outcomes.failed(
        7, MemoryError("no room.")
    )
    assert "after step 7: MemoryError. The model keeps" in outcomes.failed(7, MemoryError())
    assert outcomes.could_not_begin(ValueError("x")).endswith("cannot be read: ValueError: x.")
