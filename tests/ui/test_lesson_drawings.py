"""The drawings of the lessons: well formed, inside their frame, and with the same numbers in words."""

import re
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import RitualOptions, calculate, dissect, press_through
from tests.service.lessons import odd
from tests.ui.svg import drawings, well_formed, within, words
from ui.chapters.module import columns
from ui.components.formulas import formulas
from ui.components.graph_drawing import described as graph_in_words
from ui.components.graph_drawing import graph_drawing
from ui.components.layers import layers_panel, parameters_list
from ui.components.network_drawing import described as network_in_words
from ui.components.network_drawing import network_drawing
from ui.components.numbers import exact, plain, short, shown, signed
from ui.components.surface import surface
from ui.components.tensor_drawing import tensor_drawing

OPTIONS = RitualOptions()


def marked(grid: Element, kind: str) -> list[str]:
    """The entries of a grid whose cells are of this kind."""
    return [
        text
        for cell in grid.iter("g")
        if kind in cell.attrib.get("class", "").split()
        for text in words(cell)
    ]


class TestTensors:
    @pytest.mark.parametrize("operator", ["+", "-", "*", "@"])
    def test_it_is_read_from_left_to_right(self, operator: str) -> None:
        markup = tensor_drawing(calculate("[1, 2, 3]", operator, "[4, 5, 6]"))
        order = [markup.index(each) for each in ("left: ", f">{operator}</span>", "right: ", ">=</span>")]
        assert order == sorted(order)
        assert [grid.attrib["aria-label"].split(",")[0] for grid in drawings(markup)] == [
            "left",
            "right",
            "result",
        ]
        assert all(map(within, drawings(markup)))
        assert well_formed(markup)

    def test_an_error_has_no_equals_sign(self) -> None:
        markup = tensor_drawing(calculate("[1, 2]", "+", "[1, 2, 3]"))
        assert len(drawings(markup)) == 2
        assert ">=</span>" not in markup
        assert "framed" not in markup

    @pytest.mark.parametrize(
        ("left", "operator", "right", "framed"),
        [
            ("[1, 2, 3]", "*", "[4, 5, 6]", [["1"], ["4"], ["4"]]),
            ("[1, 2, 3]", "@", "[4, 5, 6]", [["1", "2", "3"], ["4", "5", "6"], ["32"]]),
            ("[[1, 2], [3, 4]]", "@", "[[5, 6], [7, 8]]", [["1", "2"], ["5", "7"], ["19"]]),
        ],
    )
    def test_what_the_first_entry_is_made_from_is_framed(
        self, left: str, operator: str, right: str, framed: list[list[str]]
    ) -> None:
        markup = tensor_drawing(calculate(left, operator, right))
        assert [marked(grid, "framed") for grid in drawings(markup)] == framed
        assert "thick: the first entry of the result, and what it is made from" in markup

    @pytest.mark.parametrize(
        ("left", "right", "repeated"),
        [
            ("[1, 2]", "3", [[], ["3"]]),
            ("2", "[1, 2]", [["2"], []]),
            ("[[1, 2], [3, 4]]", "[5, 6]", [[], ["5", "6"]]),
            ("[[1], [2]]", "[[3, 4, 5]]", [["1", "1", "2", "2"], ["3", "4", "5"]]),
            ("[7, 7]", "[8, 8]", [[], []]),
        ],
    )
    def test_what_broadcasting_repeats_is_dashed_and_told(
        self, left: str, right: str, repeated: list[list[str]]
    ) -> None:
        calculation = calculate(left, "+", right)
        markup = tensor_drawing(calculation)
        *operands, result = drawings(markup)
        assert [marked(grid, "repeated") for grid in operands] == repeated
        assert not marked(result, "repeated")
        assert [len(words(grid)) for grid in operands] == [len(words(result))] * 2
        assert ("dashed: repeated by broadcasting" in markup) == any(repeated)
        told = calculation.result
        assert told is not None
        label = f"{calculation.left.printed} + {calculation.right.printed} gives {told.printed}."
        assert f'aria-label="{label}' in markup
        for name, entries in zip(("Left", "Right"), repeated, strict=True):
            assert (f"{name} is repeated to " in markup) == bool(entries)

    def test_a_matrix_product_repeats_nothing(self) -> None:
        assert "repeated" not in tensor_drawing(calculate("[[1, 2], [3, 4]]", "@", "[1, 2]"))

    @pytest.mark.parametrize("text", ["[1e39, -1e39, nan]", "1234567.", "[0.1, -0.3333333]", "[[1e-7, 3e30]]",
                                      f"[{2**63 - 1}, {-(2**63)}]", f"{[[-(2**63)] * 6] * 6}", "-0."])  # fmt: skip
    def test_the_entries_are_as_torch_prints_them(self, text: str) -> None:
        calculation = calculate(text, "+", "0")
        left = drawings(tensor_drawing(calculation))[0]
        assert within(left)
        entries = [entry for row in calculation.left.rows for entry in row]
        assert sorted(words(left)) == sorted(entries)

    def test_where_a_number_type_ends_it_is_told(self) -> None:
        markup = tensor_drawing(calculate("1e39", "*", "2"))
        assert "float32 cannot hold 1e+39: it becomes inf." in markup
        assert "tensor(inf)" in markup
        assert well_formed(markup)

    def test_the_sums_are_written_out(self) -> None:
        markup = tensor_drawing(calculate("[1, 2, 3]", "@", "[4, 5, 6]"))
        assert "1 * 4 + 2 * 5 + 3 * 6 = 32" in markup

    def test_an_error_is_torch_s_and_explained(self) -> None:
        markup = tensor_drawing(calculate("[1, 2, 3]", "+", "[1, 2, 3, 4]"))
        assert "RuntimeError: The size of tensor a (3) must match the size of tensor b (4)" in markup
        assert "Here they are [3] and [4]." in markup
        assert well_formed(markup)


class TestRitual:
    @settings(max_examples=30)
    @given(odd.options, st.text("FBOR", max_size=12))
    def test_any_presses_can_be_drawn_and_told(self, options: RitualOptions, presses: str) -> None:
        moments = press_through(options, presses)
        told = formulas(options, moments[-2] if presses else None, moments[-1])
        for markup in (graph_drawing(moments[-1]), surface(options, moments)):
            assert well_formed(markup)
            assert len(drawings(markup)) == 1
        assert within(drawings(graph_drawing(moments[-1]))[0])
        assert well_formed(told)
        assert not re.search(r"-0[.]0+[^0-9e]", told)

    @settings(max_examples=60)
    @given(odd.options, st.text("FBOR", max_size=12))
    def test_an_arrow_is_drawn_where_the_words_say_so(self, options: RitualOptions, presses: str) -> None:
        moments = press_through(options, presses)
        markup = surface(options, moments)
        assert ("arrow-tip" in markup) == ("Arrow: against the gradient in .grad." in markup)
        (drawing,) = drawings(markup)
        here = [group for group in drawing.iter("g") if group.attrib.get("class") == "frog"]
        assert len(here) == ("The numbers have left the picture." not in markup)
        updates = moments[-1].updates
        assert f"the path of {updates} update{'s' * (updates != 1)}" in drawing.attrib["aria-label"]

    @pytest.mark.parametrize(("start", "target"), [((0, 0), 15), ((3, 5), 15), ((0, 4), 0)])
    def test_where_the_gradient_is_0_there_is_no_arrow(
        self, start: tuple[float, float], target: float
    ) -> None:
        options = RitualOptions(start=start, target=target)
        markup = surface(options, press_through(options, "B"))
        assert "arrow-tip" not in markup
        assert "The gradient in .grad is 0 or not finite: no arrow." in markup

    def test_the_valley_of_0_is_both_axes(self) -> None:
        (drawing,) = drawings(surface(RitualOptions(target=0), press_through(RitualOptions(target=0), "")))
        lines = [line for line in drawing.iter("polyline") if line.attrib["class"] == "valley"]
        ends = [[point.split(",") for point in line.attrib["points"].split()] for line in lines]
        assert [(one[0] == two[0], one[1] == two[1]) for one, two in ends] == [(False, True), (True, False)]

    def test_numbers_are_float32_also_where_they_overflow(self) -> None:
        options = RitualOptions(start=(1e30, 1), target=1e30)
        moments = press_through(options, "OBB")
        assert "= nan" not in formulas(options, moments[1], moments[2])
        options = RitualOptions(start=(1e20, 1e19))
        moments = press_through(options, "B")
        assert "= inf" in formulas(options, moments[0], moments[1])

    def test_an_error_is_said_to_leave_the_two_numbers_alone(self) -> None:
        options = RitualOptions(fresh=False)
        moments = press_through(options, "BB")
        told = formulas(options, moments[1], moments[2])
        assert "PyTorch raised an error; var_1, var_2 and their gradients are as they were:" in told
        assert moments[2].changed == {"loss.grad"}

    def test_the_graph_shows_value_and_gradient_of_every_node(self) -> None:
        moment = press_through(OPTIONS, "B")[-1]
        (drawing,) = drawings(graph_drawing(moment))
        texts = words(drawing)
        for expected in ("value 3.0000", "grad -24.0000", "value 4.0000", "grad -18.0000", "grad -6.0000"):
            assert expected in texts
        assert drawing.attrib["aria-label"] == graph_in_words(moment)
        assert "var_1 = 3.0000, grad -24.0000" in graph_in_words(moment)

    def test_the_formulas_have_the_numbers_in_them(self) -> None:
        moments = press_through(OPTIONS, "BBOR")
        first = formulas(OPTIONS, None, moments[0])
        assert "loss = (15 - 12.0000) ** 2 = 3.0000 ** 2 = 9.0000" in first
        backprop = formulas(OPTIONS, moments[0], moments[1])
        assert "var_1.grad = -6.0000 * var_2 = -6.0000 * 4.0000 = -24.0000" in backprop
        again = formulas(OPTIONS, moments[1], moments[2])
        assert "so -24.0000 becomes -48.0000" in again
        assert "var_1 = 3.0000 - 0.003 * -48.0000 = 3.1440" in formulas(OPTIONS, moments[2], moments[3])
        assert "var_1.grad = None" in formulas(OPTIONS, moments[3], moments[4])

    def test_the_surface_draws_the_path_and_the_arrow_only_after_backprop(self) -> None:
        still = surface(OPTIONS, press_through(OPTIONS, ""))
        assert "arrow-tip" not in still
        assert "No gradient in .grad yet: no arrow." in still
        moved = surface(OPTIONS, press_through(OPTIONS, "BOR" * 5 + "B"))
        assert "arrow-tip" in moved
        assert "the path of 5 updates" in moved


class TestNetwork:
    @pytest.mark.parametrize("hidden", [[], [2], [8], [3, 4], [12, 12, 12]])
    def test_every_weight_is_on_the_drawing_with_its_sign(self, hidden: list[int]) -> None:
        dissection = dissect(hidden, "none", 0, [1, 2, 3])
        markup = network_drawing((1.0, 2.0, 3.0), columns(dissection))
        (drawing,) = drawings(markup)
        texts = words(drawing)
        for layer in dissection.layers:
            for row in layer.weight:
                assert {signed(weight) for weight in row} <= set(texts)
            assert {signed(bias) for bias in layer.bias} <= set(texts)
        assert within(drawing)
        assert well_formed(markup)
        assert drawing.attrib["aria-label"] == network_in_words((1.0, 2.0, 3.0), columns(dissection))

    def test_one_too_wide_to_draw_says_so(self) -> None:
        dissection = dissect([64], "none", 0, [1, 2, 3])
        markup = network_drawing((1.0, 2.0, 3.0), columns(dissection))
        assert "A layer of 64 numbers is too wide to draw; the limit is 12." in markup

    @pytest.mark.parametrize("hidden", [[2], [64]])
    def test_the_matrices_have_every_row(self, hidden: list[int]) -> None:
        dissection = dissect(hidden, "relu", 0, [1, 2, 3])
        markup = layers_panel(dissection)
        assert well_formed(markup)
        assert f"= {shown(dissection.layers[-1].sums[0])}" in markup
        assert well_formed(parameters_list(dissection))
        assert f"{dissection.count:,} numbers" in parameters_list(dissection)


@pytest.mark.parametrize(
    ("value", "printed"),
    [(3.0, "3.0000"), (0.0, "0.0000"), (-0.0, "0.0000"), (1e-7, "1.0000e-07"), (2.5e8, "2.5000e+08"),
     (None, "None"), (float("inf"), "inf"), (float("nan"), "nan")],
)  # fmt: skip
def test_numbers_are_shown_as_torch_prints_them(value: float | None, printed: str) -> None:
    assert shown(value) == printed


@given(st.floats())
def test_no_number_is_shown_as_minus_0(value: float) -> None:
    for text in (shown(value), short(value), plain(value), signed(value), exact(value)):
        assert not re.fullmatch("-0([.]0*)?", text)


@given(st.floats(-1e6, 1e6))
def test_a_sign_is_always_written(value: float) -> None:
    assert signed(value)[0] in "+-"
