"""The programs of the lessons print what the page shows."""

import pytest

from service.lessons import (
    RitualOptions,
    calculate,
    dissect,
    network_output,
    network_program,
    replay,
    ritual_output,
    ritual_program,
    tensor_program,
)
from tests.service.programs import printed_by


def test_a_calculation() -> None:
    calculation = calculate("[[1., 2.5], [3, 4]]", "@", "[1e-3, -7.1]")
    assert calculation.result is not None
    assert printed_by(tensor_program(calculation)) == calculation.result.printed


@pytest.mark.parametrize(
    ("options", "presses"),
    [
        (RitualOptions(), "BOR" * 101 + "BB"),
        (RitualOptions(start=(2.5, -1), target=7.25, learning_rate=0.01, fresh=False), "FBBOOFRBOB"),
    ],
    ids=["the lab's loop", "with errors"],
)
def test_the_presses_of_the_bench(options: RitualOptions, presses: str) -> None:
    moments = replay(options, presses)
    *errors, grads, loss, numbers = printed_by(ritual_program(options, moments)).splitlines()
    assert "\n".join([grads, loss, numbers]) == ritual_output(moments[-1])
    raised = "\n".join(moment.error for moment in moments if moment.error)
    assert "\n".join(errors).strip() == raised


def test_presses_that_repeat_become_a_loop() -> None:
    program = ritual_program(RitualOptions(), replay(RitualOptions(), "BOR" * 100))
    assert "for _ in range(100):\n    my_latent_value = var_1 * var_2\n" in program
    assert program.count("loss.backward()") == 1


def test_a_network() -> None:
    dissection = dissect([4, 3], "tanh", 11, [1.5, -2, 3])
    assert printed_by(network_program(dissection, 11)) == network_output(dissection)
