"""Backprop from five losses: torch refuses it, and takes their sum."""

import pytest
import torch

from service import five_losses


def test_torch_s_own_words_and_gradients() -> None:
    found = five_losses()
    with pytest.raises(RuntimeError) as raised:
        torch.ones(5, requires_grad=True).backward()
    assert found.error == f"RuntimeError: {raised.value}"
    assert found.of_five is None
    torch.manual_seed(0)
    first, last = torch.nn.Linear(3, 2), torch.nn.Linear(2, 5)
    answer = last(first(torch.tensor([1.0, 2.0, 3.0])))
    torch.sum((answer - torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])) ** 2).backward()
    assert found.of_sum == str(last.bias.grad)
