"""What the explanations of the mistakes say is so, tried with torch."""

import torch
from torch import nn

from service.exercises import MISTAKES
from service.torch_state import drawn
from tests.service.exercises.judging import report_of


def test_without_reset_a_step_goes_by_all_gradients_so_far() -> None:
    program = MISTAKES["reset"]
    momentum = program.solution.replace("lr=3e-3", "lr=3e-3, momentum=1.0")
    ends = [[tensor.values for tensor in report_of(each).reached] for each in (program.start, momentum)]
    assert ends[0] == ends[1]


def test_two_layers_that_are_all_zero_move_only_the_last_bias() -> None:
    first, last = nn.Linear(3, 2), nn.Linear(2, 5)
    optimizer = torch.optim.SGD([*first.parameters(), *last.parameters()], lr=0.1)
    for each in (*first.parameters(), *last.parameters()):
        nn.init.zeros_(each)
    for _ in range(10):
        loss = torch.sum((last(first(torch.tensor([1.0, 2.0, 3.0]))) - torch.ones(5)) ** 2)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    moved = [bool(each.count_nonzero()) for each in (*first.parameters(), *last.parameters())]
    assert moved == [False, False, False, True]


def test_a_gradient_stays_only_where_a_graph_begins() -> None:
    begins = torch.tensor(3.0, requires_grad=True)
    computed = begins - 1
    (computed * 2).backward()
    assert begins.grad is not None
    assert not computed.is_leaf


def test_answers_in_a_column_and_targets_in_a_row_are_paired_each_with_each() -> None:
    answers = drawn(lambda: torch.rand(100, 1), 0)
    targets = torch.arange(100.0)
    assert (answers - targets).numel() == 10_000
    mean = targets.mean().item()
    lower, at_mean, higher = (
        torch.mean((torch.full((100, 1), answer) - targets) ** 2) for answer in (mean - 0.1, mean, mean + 0.1)
    )
    assert at_mean < min(lower, higher)


def test_with_inputs_in_the_thousands_the_bias_stays_where_it_is() -> None:
    program = (
        MISTAKES["thousands"]
        .start.replace("lr=0.1", "lr=1e-7")
        .replace("nn.Linear(1, 1)", "nn.Linear(1, 1)\nbias = my_network.bias.item()")
    )
    shown = report_of(f"{program}print(my_network.bias.item() - bias)\n").shown
    assert abs(float(shown[-1].text)) < 1e-3


def test_the_layer_beside_a_list_learns_alone() -> None:
    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = [nn.Linear(3, 2)]
            self.last = nn.Linear(2, 5)

    assert [name for name, _ in Network().named_parameters()] == ["last.weight", "last.bias"]
