"""The loss curve as the page's scripts get it; what they draw: see tests/browser/test_loss_plot.py."""

import re

from hypothesis import given
from hypothesis import strategies as st

from service import History
from ui.components.loss_plot import curve, markup

losses = st.floats(0, 1e30)


@given(st.lists(st.tuples(losses, st.none() | losses), max_size=600))
def test_all_points_are_told(values: list[tuple[float, float | None]]) -> None:
    step, loss = list(range(len(values))), [loss for loss, _ in values]
    held_out = [held_out for _, held_out in values]
    told = curve(History(step=step, loss=loss, held_out_loss=held_out))
    assert told == {"step": step, "loss": loss, "held_out_loss": held_out, "floor": None}


def test_a_training_that_held_nothing_out_tells_no_loss_of_it() -> None:
    told = curve(History(step=[0, 5], loss=[2, 1]))
    assert told == {"step": [0, 5], "loss": [2, 1], "held_out_loss": [None, None], "floor": None}


def test_the_floor_is_told_in_words_and_never_too_high() -> None:
    told = curve(History(step=[0], loss=[2]), floor=35.18999)
    assert told is not None
    said = "no weights get below 35.18 in exact arithmetic"
    assert told["floor"] == {"at": 35.18999, "label": said}


def test_a_floor_of_0_is_a_floor() -> None:
    told = curve(History(step=[0], loss=[2]), floor=0.0)
    assert told is not None
    assert told["floor"] == {"at": 0, "label": "no weights get below 0 in exact arithmetic"}


def test_without_a_model_there_is_no_curve() -> None:
    assert curve(None) is None


def test_before_a_training_it_says_what_to_do() -> None:
    assert "Press <b>Train</b> to start." in markup("product", log=False, sliders={})


def test_the_axis_shown_first_is_the_chosen_one() -> None:
    for log, scale in ((False, "linear"), (True, "log")):
        assert re.findall(r'value="(\w+)" checked', markup("product", log, {})) == [scale]
