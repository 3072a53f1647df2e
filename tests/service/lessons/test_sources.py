"""The programs of the lessons print what the page shows."""

from hypothesis import given, settings

from service import (
    RitualOptions,
    calculate,
    dissect,
    network_output,
    network_program,
    press_through,
    ritual_output,
    ritual_program,
    tensor_program,
)
from tests.service.lessons import odd
from tests.service.programs import printed_by


def test_a_calculation() -> None:
    calculation = calculate("[[1., 2.5], [3, 4]]", "@", "[1e-3, -7.1]")
    assert calculation.result is not None
    assert printed_by(tensor_program(calculation)) == calculation.result.printed


def test_a_calculation_with_numbers_that_python_has_no_literal_for() -> None:
    calculation = calculate("[inf, -inf, nan, 1e400]", "*", "1e39")
    assert calculation.result is not None
    assert printed_by(tensor_program(calculation)) == calculation.result.printed


@settings(max_examples=150)
@given(odd.options, odd.presses)
def test_what_the_bench_says_its_program_prints_is_what_it_prints(
    options: RitualOptions, presses: str
) -> None:
    moments = press_through(options, presses)
    assert printed_by(ritual_program(options, moments)) == ritual_output(moments)


def test_the_errors_on_the_way_are_printed_too_each_time() -> None:
    options = RitualOptions(fresh=False)
    moments = press_through(options, "BBF" * 3)
    told = ritual_output(moments)
    assert told.count("Trying to backward through the graph a second time") == 3
    assert "for _ in range(3):\n" in ritual_program(options, moments)
    assert printed_by(ritual_program(options, moments)) == told


def test_presses_that_repeat_become_a_loop() -> None:
    program = ritual_program(RitualOptions(), press_through(RitualOptions(), "BOR" * 100))
    assert "for _ in range(100):\n    my_latent_value = var_1 * var_2\n" in program
    assert program.count("loss.backward()") == 1


def test_a_network() -> None:
    dissection = dissect([4, 3], "tanh", 11, [1.5, -2, 3])
    assert printed_by(network_program(dissection, 11)) == network_output(dissection)
