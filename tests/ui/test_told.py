"""What the panel under the keys says: each press in a sentence, and the story to the target."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import RitualOptions, press_through
from tests.ui.svg import well_formed
from ui.components.told import AFTERWARDS, MANY_ROUNDS, ROUND, STORY, told

OPTIONS = RitualOptions()
MAX_STEPS = 8


def words(presses: str, options: RitualOptions = OPTIONS) -> str:
    """What is said after the presses, without its markup."""
    return re.sub("<[^>]+>", "", told(options, press_through(options, presses)))


class TestTheStory:
    def test_it_leads_to_the_numbers_of_the_lab(self) -> None:
        assert len(STORY) <= MAX_STEPS
        presses = ""
        for number, step in enumerate(STORY, start=1):
            said = words(presses)
            assert f"tep {number} of {len(STORY)}" in said
            assert re.sub("<[^>]+>", "", step.asks) in said
            presses += step.presses
        assert "You are there: 3.4505 × 4.3472 = 15.0000." in words(presses)
        assert AFTERWARDS in words(presses)

    def test_it_shows_what_is_left_inside_without_reset(self) -> None:
        assert "var_1.grad went from -24.0000 to -44.6439. The new gradient is only -20.6439" in words("BOB")
        assert "Press Reset to clear it." in words("BOB")

    @pytest.mark.parametrize("presses", ["R", "O", "BB", "BOO", "BOR", "F", "BOBRF"])
    def test_it_steps_aside_for_whoever_plays(self, presses: str) -> None:
        said = told(OPTIONS, press_through(OPTIONS, presses))
        assert "data-next" not in said
        assert not any(step.asks in said for step in STORY)

    def test_fifteen_is_reached_with_one_press_of_many_rounds(self) -> None:
        for before in ("", "B", "BO", "R"):
            assert "You are there: " in words(before + ROUND * MANY_ROUNDS)


@pytest.mark.parametrize(
    ("presses", "sentence"),
    [
        ("", "3.0000 × 4.0000 = 12.0000: the target is 15. The loss is 9.0000."),
        ("B", "var_1.grad is -24.0000. The loss falls as var_1 grows. Backprop moves nothing."),
        ("BO", "var_1 went from 3.0000 to 3.0720: one step against the gradient, which is still in .grad."),
        ("BB", "var_1.grad went from -24.0000 to -48.0000. The new gradient is only -24.0000"),
        ("BBO", "var_1 went from 3.0000 to 3.1440: a step along old and new gradients, added up."),
        ("BOO", "var_1 went from 3.0720 to 3.1440 by the same old gradient"),
        ("O", "Nothing moved: there is no gradient to follow."),
        ("R", "There was no gradient to clear"),
        ("BR", "Reset threw the gradient away before Optimize could use it. No number moved."),
        ("BOR", "Both gradients are cleared: None. The numbers stay where they are."),
        ("BOF", "Forward computed the loss from where the numbers stand now: 6.4827."),
        ("BORBOR", "After 2 rounds of Backprop, Optimize, Reset: "),
    ],
)
def test_every_press_gets_its_sentence(presses: str, sentence: str) -> None:
    assert sentence in words(presses)


def test_what_was_moved_before_is_not_denied() -> None:
    assert "No number moved." in words("BORBR")
    assert "never" not in words("BORBR")


def test_many_rounds_can_be_pressed_again_and_again() -> None:
    assert "You are there: " in words("BOBR" + ROUND * MANY_ROUNDS * 9)


def test_a_step_too_long_is_said_to_jump_over_the_target() -> None:
    assert "jumped over 15" in words("BO", RitualOptions(learning_rate=0.05))


def test_numbers_that_overflow_are_said_to_have_flown_off() -> None:
    assert "flown off to infinity" in words("BO" * 12, RitualOptions(learning_rate=1))


def test_what_torch_refuses_is_said_in_its_words() -> None:
    assert "PyTorch refuses: Trying to backward through the graph a second time" in words(
        "BB", RitualOptions(fresh=False)
    )


def test_a_step_after_a_refusal_follows_the_gradient_that_is_there() -> None:
    assert "one step against the gradient" in words("BBO", RitualOptions(fresh=False))


@given(
    presses=st.text("FBOR", max_size=12),
    start=st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    rate=st.sampled_from([1e-6, 3e-3, 0.1, 1000]),
    fresh=st.booleans(),
)
@settings(max_examples=100)
def test_whatever_is_pressed_something_is_said(
    presses: str, start: tuple[float, float], rate: float, fresh: bool
) -> None:
    options = RitualOptions(start=start, learning_rate=rate, fresh=fresh)
    markup = told(options, press_through(options, presses))
    assert well_formed(markup)
    assert re.search(r'told-happened">.+?</p>', markup)
