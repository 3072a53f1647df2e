"""The ritual bench: any presses do what the same lines do in PyTorch."""

from contextlib import suppress
from itertools import pairwise
from math import isnan

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from service import MAX_PRESSES, InvalidInput, RitualOptions, press_through
from tests.conftest import message_of
from tests.service.lessons import odd

OPTIONS = RitualOptions()
presses = st.text("FBOR", max_size=30)


def grads(options: RitualOptions, pressed: str) -> tuple[float | None, float | None]:
    nodes = press_through(options, pressed)[-1].nodes
    return nodes["var_1"].grad, nodes["var_2"].grad


class TestTheLab:
    def test_it_begins_at_a_product_of_12_and_a_loss_of_9(self) -> None:
        (moment,) = press_through(OPTIONS, "")
        assert (moment.nodes["my_latent_value"].value, moment.nodes["loss"].value) == (12.0, 9.0)
        assert grads(OPTIONS, "") == (None, None)

    def test_backprop_gives_minus_24_and_minus_18(self) -> None:
        assert grads(OPTIONS, "B") == (-24.0, -18.0)
        assert press_through(OPTIONS, "B")[-1].nodes["my_latent_value"].grad == -6.0

    def test_a_second_backprop_without_reset_adds_up(self) -> None:
        assert grads(OPTIONS, "BB") == (-48.0, -36.0)
        assert grads(OPTIONS, "BRB") == (-24.0, -18.0)

    def test_optimize_takes_one_step(self) -> None:
        nodes = press_through(OPTIONS, "BO")[-1].nodes
        assert [f"{nodes[name].value:.4f}" for name in ("var_1", "var_2")] == ["3.0720", "4.0540"]

    def test_reset_clears_the_gradients_and_nothing_else(self) -> None:
        before, after = press_through(OPTIONS, "BOR")[-2:]
        assert after.changed == {"var_1.grad", "var_2.grad"}
        assert before.nodes["var_1"].value == after.nodes["var_1"].value

    def test_optimize_without_a_gradient_moves_nothing(self) -> None:
        moment = press_through(OPTIONS, "O")[-1]
        assert (moment.changed, moment.updates, moment.error) == (frozenset(), 0, None)


class TestWithoutANewForward:
    options = RitualOptions(fresh=False)

    def test_the_second_backprop_raises_torch_s_own_error(self) -> None:
        moment = press_through(self.options, "BB")[-1]
        assert "Trying to backward through the graph a second time" in (moment.error or "")
        assert grads(self.options, "BB") == (-24.0, -18.0)

    def test_so_does_a_backprop_after_the_numbers_have_changed(self) -> None:
        assert "modified by an inplace operation" in (press_through(self.options, "BOFOB")[-1].error or "")

    def test_a_forward_in_between_makes_it_right(self) -> None:
        assert [moment.error for moment in press_through(self.options, "BFBFB")] == [None] * 6


@given(presses, st.booleans(), st.tuples(st.floats(-5, 5), st.floats(-5, 5)), st.sampled_from([1e-3, 0.05]))
def test_any_presses_are_the_same_lines_in_torch(
    pressed: str, fresh: bool, start: tuple[float, float], learning_rate: float
) -> None:
    found = press_through(RitualOptions(start=start, learning_rate=learning_rate, fresh=fresh), pressed)[-1]
    var_1, var_2 = (torch.tensor(value, requires_grad=True) for value in start)
    optimizer = torch.optim.SGD([var_1, var_2], lr=learning_rate)
    loss = (15 - var_1 * var_2) ** 2
    for letter in pressed:
        if letter == "F" or (letter == "B" and fresh):
            loss = (15 - var_1 * var_2) ** 2
        with suppress(RuntimeError):
            {"F": lambda: None, "B": loss.backward, "O": optimizer.step, "R": optimizer.zero_grad}[letter]()
    for name, expected in (("var_1", var_1), ("var_2", var_2)):
        value, grad = torch.tensor(found.nodes[name].value), found.nodes[name].grad
        assert torch.equal(value, expected.detach()) or value.isnan()
        assert (grad is None) == (expected.grad is None)
        if grad is not None and expected.grad is not None:
            assert torch.tensor(grad).isnan() or grad == expected.grad.item()
    assert torch.tensor(found.nodes["loss"].value).isnan() or found.nodes["loss"].value == loss.item()


@given(odd.options, presses)
def test_what_is_said_to_have_changed_is_what_changed(options: RitualOptions, pressed: str) -> None:
    for before, after in pairwise(press_through(options, pressed)):
        for name, node in after.nodes.items():
            assert (name in after.changed) == differs(node.value, before.nodes[name].value)
            assert (f"{name}.grad" in after.changed) == differs(node.grad, before.nodes[name].grad)


def differs(one: float | None, other: float | None) -> bool:
    """Whether a reader sees another number: NaN is NaN, and None is None."""
    return repr((one or 0.0) if one is not None else None) != repr(
        (other or 0.0) if other is not None else None
    )


@given(odd.options, presses)
def test_an_error_leaves_the_two_numbers_and_their_gradients_as_they_were(
    options: RitualOptions, pressed: str
) -> None:
    for moment in press_through(options, pressed):
        if moment.error:
            assert not moment.changed & {"var_1", "var_2", "var_1.grad", "var_2.grad"}
            assert moment.added == {}


@given(odd.options, presses)
def test_what_backprop_adds_is_what_the_gradients_grow_by(options: RitualOptions, pressed: str) -> None:
    for before, after in pairwise(press_through(options, pressed)):
        assert bool(after.added) == (after.press == "B" and after.error is None)
        for name, added in after.added.items():
            was, now = before.nodes[name].grad, after.nodes[name].grad
            grown = torch.tensor(added) if was is None else torch.tensor(was) + torch.tensor(added)
            assert torch.equal(grown.nan_to_num(7), torch.tensor(now).nan_to_num(7))


def test_the_graph_is_read_from_autograd() -> None:
    nodes = press_through(OPTIONS, "")[0].nodes
    assert {name: node.operation for name, node in nodes.items()} == {
        "loss": "PowBackward0",
        "difference": "RsubBackward1",
        "my_latent_value": "MulBackward0",
        "var_1": "AccumulateGrad",
        "var_2": "AccumulateGrad",
        "target": "constant",
    }
    assert nodes["my_latent_value"].parents == ("var_1", "var_2")
    assert nodes["loss"].parents == ("difference",)


def test_the_loss_is_out_of_date_once_a_number_has_changed() -> None:
    assert [moment.stale for moment in press_through(OPTIONS, "BORF")] == [False, False, True, True, False]


def test_a_loss_computed_from_nan_is_not_out_of_date() -> None:
    last = press_through(RitualOptions(learning_rate=1000.0), "BOR" * 20 + "F")[-1]
    assert isnan(last.nodes["var_1"].value)
    assert not last.stale
    assert last.updates < 20


@pytest.mark.parametrize("pressed", ["X", "bor", "B O", "B" * (MAX_PRESSES + 1)])
def test_what_is_no_press_is_named(pressed: str) -> None:
    message = message_of(lambda: press_through(OPTIONS, pressed), InvalidInput)
    assert message.startswith(f"presses must be at most {MAX_PRESSES} letters, each of F, B, O, R; got ")
