"""/run_program and /check_program, as a notebook and a teacher's loop call them."""

from typing import Any

import pytest
from gradio_client.exceptions import AppError

from tests.conftest import RunningApp
from tests.service.sandbox.conftest import PRODUCT

RULE = """\
import torch
from torch import nn
my_network = nn.Linear(3, 5)
with torch.no_grad():
    my_network.weight.copy_(torch.tensor([[1., 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]]))
    my_network.bias.copy_(torch.tensor([0., 0, 0, 1, 2]))
"""
VALUES = """\
import torch
var_1 = torch.tensor(3.0, requires_grad=True)
var_1 * 4
loss = (15 - var_1 * 4) ** 2
loss
loss.backward()
var_1.grad
"""


def test_what_it_printed_its_losses_and_its_time(client: Any) -> None:
    answer = client.predict(PRODUCT.format(rounds=100), api_name="/run_program")
    assert answer["printed"] == "tensor(3.4505, requires_grad=True) tensor(4.3472, requires_grad=True)\n"
    assert (len(answer["losses"]), answer["losses"][0], answer["loss_every"]) == (100, 9, 1)
    assert 0 < answer["seconds"] < 30
    assert (answer["error"], answer["line"], answer["model_id"], answer["no_model"]) == (None,) * 4


def test_the_values_of_its_lines(client: Any) -> None:
    assert client.predict(VALUES, api_name="/run_program")["values"] == [
        {"line": 3, "text": "tensor(12., grad_fn=<MulBackward0>)"},
        {"line": 5, "text": "tensor(9., grad_fn=<PowBackward0>)"},
        {"line": 6, "text": "None"},
        {"line": 7, "text": "tensor(-24.)"},
    ]


def test_an_error_in_torchs_words_with_its_line_and_what_it_means(client: Any) -> None:
    program = "import torch\nlayer = torch.nn.Linear(3, 2)\nlayer(torch.tensor([1, 2, 3]))\n"
    answer = client.predict(program, api_name="/run_program")
    assert answer["error"]["text"].startswith("RuntimeError: mat1 and mat2 must have the same dtype")
    assert answer["error"]["meaning"]
    assert answer["line"] == 3


def test_its_network_is_a_model_to_ask_and_to_certify(client: Any) -> None:
    model_id = client.predict(RULE, api_name="/run_program")["model_id"]
    answers = client.predict(model_id, [[1, 2, 3], [100, -50, 25]], api_name="/predict")
    assert answers["rounded"] == [[1, 2, 3, 4, 5], [100, -50, 25, 26, 27]]
    assert client.predict(model_id, api_name="/certify")["radius"] > 1_000_000


def test_a_class_is_judged_in_a_loop(client: Any) -> None:
    programs = {"right": PRODUCT.format(rounds=100), "short": PRODUCT.format(rounds=3), "empty": ""}
    passed = {
        name: client.predict("fifteen", program, api_name="/check_program")["passed"]
        for name, program in programs.items()
    }
    assert passed == {"right": True, "short": False, "empty": False}


def test_what_is_said_is_of_the_program(client: Any) -> None:
    without_reset = PRODUCT.format(rounds=100).replace("    my_sgd.zero_grad()\n", "")
    answer = client.predict("order", without_reset, api_name="/check_program")
    assert set(answer) == {"passed", "said", "hint", "radius"}
    assert not answer["passed"]
    assert "round 1" in answer["said"]


@pytest.mark.parametrize(
    ("api_name", "arguments", "sentence"),
    [
        ("/run_program", ["x" * 20_001], "program must be a text of at most 20,000 characters"),
        ("/check_program", ["nothing", "1"], "exercise must be one of order, "),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(
    client: Any, api_name: str, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(AppError, match=sentence):
        client.predict(*arguments, api_name=api_name)


def test_the_parameters_are_described(client: Any, app: RunningApp) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    for name in ("/run_program", "/check_program"):
        for parameter in endpoints[name]["parameters"]:
            assert parameter["python_type"]["description"]
