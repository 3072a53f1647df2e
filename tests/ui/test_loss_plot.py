"""The loss curve: what is drawn, and what is said."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import History
from ui.components.chart import MAX_CURVE_POINTS, linear_axis, log_axis, thin
from ui.components.loss_plot import loss_plot, summary

losses = st.lists(st.floats(0, 1e30), min_size=1, max_size=600)


def history(losses: list[float]) -> History:
    return History(step=list(range(len(losses))), loss=losses)


def figure_of(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(re.sub(r"(<input[^>]*?)( checked)?>", r"\1/>", markup))


@given(losses)
def test_every_history_gives_a_well_formed_figure(values: list[float]) -> None:
    figure = figure_of(loss_plot(history(values), "product"))
    lines = [node.attrib["points"].split() for node in figure.iter("polyline")]
    assert [len(points) for points in lines] == [min(len(values), MAX_CURVE_POINTS)] * 2
    coordinates = [tuple(map(float, point.split(","))) for points in lines for point in points]
    assert all(-1 <= value <= 1001 for point in coordinates for value in point)


def test_before_a_training_it_says_what_to_do() -> None:
    assert "Press <b>Train</b>" in loss_plot(None, "product")
    assert "Press <b>Train</b>" in loss_plot(history([]), "product")


def test_the_text_says_what_the_curve_shows() -> None:
    assert summary(history([9.0])) == "Loss 9 at step 0."
    assert summary(history([9.0, 4.0, 1.5])) == "Loss 9 at step 0, 1.5 at step 2."
    assert summary(history([9.0, 0.5, 1.5])) == "Loss 9 at step 0, 1.5 at step 2; lowest 0.5 at step 1."


class TestHeldOut:
    @given(st.lists(st.tuples(st.floats(0, 1e30), st.none() | st.floats(0, 1e30)), min_size=1, max_size=600))
    def test_it_is_a_curve_of_its_own(self, values: list[tuple[float, float | None]]) -> None:
        told = History(
            step=list(range(len(values))),
            loss=[loss for loss, _ in values],
            held_out_loss=[held_out for _, held_out in values],
        )
        figure = figure_of(loss_plot(told, "challenge"))
        panels = [node.attrib["class"] for node in figure.iter("div") if "aria-hidden" in node.attrib]
        assert panels == ["plot-panel plot-linear", "plot-panel plot-log"]
        lines = [node.attrib for node in figure.iter("polyline")]
        points = [point for line in lines for point in line["points"].split()]
        assert all(-1 <= float(at) <= 1001 for point in points for at in point.split(","))
        drawn = [line for line in lines if line.get("class") == "held-out"]
        assert len(lines) - len(drawn) == 2
        measured = any(held_out is not None for _, held_out in values)
        key = figure.find("ul/li[2]")
        told = "" if key is None else "".join(key.itertext())
        assert bool(drawn) == measured == ("the examples held out" in told)

    def test_a_curve_is_not_drawn_over_a_job_that_held_nothing_out(self) -> None:
        told = History(step=[0, 1, 2, 3, 4], loss=[5, 4, 3, 2, 1], held_out_loss=[6, 5, None, 3, 2])
        lines = [node.attrib for node in figure_of(loss_plot(told, "x")).iter("polyline")]
        assert [len(line["points"].split()) for line in lines] == [5, 2, 2] * 2

    def test_the_text_says_both(self) -> None:
        told = History(step=[0, 5, 9], loss=[9, 2, 1], held_out_loss=[8, 3, 4])
        assert summary(told) == (
            "Loss 9 at step 0, 1 at step 9. "
            "On the examples held out 8 at step 0, 4 at step 9; lowest 3 at step 5."
        )

    def test_without_it_the_key_says_what_there_is(self) -> None:
        markup = loss_plot(history([2, 1]), "x")
        assert "line: the mean loss over the examples trained on" in markup
        assert "held out" not in markup


def test_the_axis_shown_first_is_the_chosen_one() -> None:
    for log, scale in ((False, "linear"), (True, "log")):
        checked = re.findall(r'value="(\w+)" checked', loss_plot(history([2, 1]), "product", log))
        assert checked == [scale]


@given(st.lists(st.integers(), min_size=1, max_size=2000))
def test_thinning_keeps_the_ends_and_the_order(values: list[int]) -> None:
    kept = thin(values)
    assert len(kept) == min(len(values), MAX_CURVE_POINTS)
    assert (kept[0], kept[-1]) == (values[0], values[-1])
    remaining = iter(values)
    assert all(value in remaining for value in kept)


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6))
def test_linear_ticks_are_few_and_inside(low: float, width: float) -> None:
    axis = linear_axis(low, low + width)
    assert 1 <= len(axis.ticks) <= 6
    assert all(-1e-6 <= position <= 1 + 1e-6 for position, _ in axis.ticks)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1.0, 10.0], ["1", "1e1"]),
        ([3e-4, 0.5], ["1e-4", "1e-3", "1e-2", "1e-1", "1"]),
        ([0.0], ["1", "1e1"]),
    ],
)
def test_log_ticks_are_decades(values: list[float], labels: list[str]) -> None:
    assert [label for _, label in log_axis(values).ticks] == labels


def test_zero_lies_on_the_lower_edge_of_the_log_axis() -> None:
    axis = log_axis([1e-3, 1.0])
    assert axis.position(0.0) == 0.0
    assert axis.position(1e-3) == 0.0
    assert axis.position(1.0) == 1.0
