"""What is told of torch: each Backprop, Optimize and Reset, as it happened."""

import pytest
import torch
from torch import nn

from service.sandbox.interpreter import run_program
from service.sandbox.report import MAX_EVENTS, MAX_LOSSES, ProgramReport
from service.torch_state import borrowed
from tests.service.sandbox.conftest import PRODUCT


def report_of(program: str, rate_factor: float = 1.0) -> ProgramReport:
    with borrowed():
        return run_program(program, rate_factor=rate_factor)


def kinds(report: ProgramReport) -> str:
    return "".join({"backward": "B", "step": "O", "reset": "R"}[each.kind] for each in report.events)


def test_the_presses_in_order() -> None:
    report = report_of(PRODUCT.format(rounds=3))
    assert kinds(report) == "BORBORBOR"
    assert report.events[0].loss == 9
    assert not any(each.stale or each.idle for each in report.events)
    assert {each.line for each in report.events if each.kind == "step"} == {8}


def test_a_gradient_that_is_still_there() -> None:
    report = report_of(PRODUCT.format(rounds=3).replace("    my_sgd.zero_grad()\n", ""))
    assert [each.stale for each in report.events if each.kind == "backward"] == [False, True, True]


def test_a_reset_before_backprop_is_a_reset() -> None:
    swapped = PRODUCT.format(rounds=3).replace("    my_sgd.zero_grad()\n", "")
    swapped = swapped.replace("    loss.backward()", "    my_sgd.zero_grad()\n    loss.backward()")
    report = report_of(swapped)
    assert kinds(report) == "RBORBORBO"
    assert not any(each.stale for each in report.events)


def test_a_step_without_a_gradient_is_idle() -> None:
    program = PRODUCT.format(rounds=2).replace("    loss.backward()\n", "")
    report = report_of(program)
    assert [each.idle for each in report.events if each.kind == "step"] == [True, True]


def test_a_backward_that_no_optimizer_hears_of_is_idle() -> None:
    program = PRODUCT.format(rounds=1).replace("[var_1, var_2]", "[torch.zeros(1, requires_grad=True)]")
    assert next(each for each in report_of(program).events if each.kind == "backward").idle


def test_a_modules_own_reset_counts() -> None:
    program = "import torch\nnet = torch.nn.Linear(1, 1)\nnet(torch.ones(1)).backward()\nnet.zero_grad()\n"
    assert kinds(report_of(program)) == "BR"


@pytest.mark.parametrize(
    "back",
    [
        "loss.backward()",
        "torch.autograd.backward(loss)",
        "torch.autograd.backward([loss])",
        "torch.autograd.backward(tensors=loss)",
        "var_1.grad, var_2.grad = torch.autograd.grad(loss, [var_1, var_2])",
        "var_1.grad, var_2.grad = torch.autograd.grad(outputs=loss, inputs=[var_1, var_2])",
    ],
)
def test_all_ways_back_are_backprops(back: str) -> None:
    report = report_of(PRODUCT.format(rounds=100).replace("loss.backward()", back))
    assert report.error is None
    assert (report.backwards, report.steps, len(report.losses)) == (100, 100, 100)
    assert report.losses[0] == 9
    assert [each.name for each in report.reached] == ["var_1", "var_2"]


def test_losses_are_those_of_the_backprops() -> None:
    report = report_of(PRODUCT.format(rounds=5))
    assert len(report.losses) == 5
    assert report.losses[0] == 9
    assert report.loss_every == 1


def test_losses_that_were_kept_count_more() -> None:
    program = PRODUCT.format(rounds=5) + "losses = [3.0, 2.0, torch.tensor(1.0)]\n"
    assert report_of(program).losses == [3, 2, 1]


def test_what_is_no_finite_number_is_told_as_such() -> None:
    assert report_of("losses = [1.0, float('nan'), float('inf')]\n").losses == [1, None, None]


def test_of_many_losses_every_second_or_fourth_is_told() -> None:
    report = report_of(f"losses = [float(each) for each in range({3 * MAX_LOSSES})]\n")
    assert len(report.losses) <= MAX_LOSSES
    assert report.losses == [float(each) for each in range(0, 3 * MAX_LOSSES, report.loss_every)]


def test_the_first_events_are_kept_and_all_are_counted() -> None:
    report = report_of(PRODUCT.format(rounds=MAX_EVENTS))
    assert len(report.events) == MAX_EVENTS
    assert report.backwards == report.steps == report.resets == MAX_EVENTS


def test_the_optimizers_are_told_with_their_rates() -> None:
    (told,) = report_of(PRODUCT.format(rounds=3)).optimizers
    assert (told.kind, told.learning_rate, told.steps) == ("SGD", 3e-3, 3)


def test_all_learning_rates_can_be_multiplied() -> None:
    (told,) = report_of(PRODUCT.format(rounds=3), rate_factor=2.0).optimizers
    assert told.learning_rate == 6e-3


def test_torch_is_as_it_was_afterwards() -> None:
    def watched() -> list[object]:
        optimizer = torch.optim.Optimizer
        return [
            torch.autograd.backward, torch.autograd.grad, optimizer.__init__, optimizer.zero_grad,
            nn.Module.zero_grad,
        ]  # fmt: skip

    before = watched()
    report_of(PRODUCT.format(rounds=1))
    assert watched() == before


def test_what_the_last_backprop_reached_is_told_as_it_is_in_the_end() -> None:
    report = report_of(PRODUCT.format(rounds=2))
    assert [each.name for each in report.reached] == ["var_1", "var_2"]
    ends = {each.name: each.values for each in report.tensors if each.name in ("var_1", "var_2")}
    assert {each.name: each.values for each in report.reached} == ends
    assert report.last_loss == report.losses[-1]


def test_what_was_reached_within_a_function_has_no_name() -> None:
    lines = PRODUCT.format(rounds=2).splitlines()
    within = "\n".join([lines[0], "def train():", *(f"    {line}" for line in lines[1:]), "train()"])
    report = report_of(within)
    assert [each.name for each in report.reached] == ["", ""]
    assert not report.tensors


def test_a_network_that_takes_batches_alone_has_an_answer() -> None:
    program = """\
import torch
class Batched(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.m1 = torch.nn.Linear(3, 1)
    def forward(self, x):
        return self.m1(x).squeeze(1)
net = Batched()
"""
    (network,) = report_of(program).networks
    assert len(network.answer) == 1
