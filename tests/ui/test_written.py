"""What is shown of what came out of a program: its losses, and its network."""

from typing import Any

import pytest

from service import Certificate, ProgramEnd, ProgramReport, TrainingService
from service.sandbox.report import ToldNetwork
from tests.ui.svg import well_formed
from ui.components.written import curve_frame, outcome_panel

PLAIN: dict[str, Any] = {"widths": (3, 2, 5)}


def end(*, model_id: str | None = "0" * 32, no_model: str | None = None, **told: Any) -> ProgramEnd:
    """The end of a program that made one network, which it calls `my_network` unless told otherwise."""
    made = {"name": "my_network", "kind": "MyNetwork", "inputs": 3, "outputs": 5, "parameters": 23} | told
    network = ToldNetwork.model_validate(made)
    report = ProgramReport(networks=[network])
    return ProgramEnd(report=report, model_id=model_id, network=network.name, no_model=no_model)


def certificate(lab: TrainingService, steps: int) -> Certificate:
    model = lab.create_model("challenge", hidden=[])
    lab.train(model.id, learning_rate=1e-3, steps=steps)
    return lab.snapshot(model.id).certify()


@pytest.mark.parametrize(("losses", "drawn"), [([], False), ([1.0], False), ([1.0, None], True)])
def test_two_losses_are_a_curve(losses: list[float | None], drawn: bool) -> None:
    frame = curve_frame(ProgramEnd(report=ProgramReport(losses=losses)))
    assert frame.count('<figure class="loss-plot">') == drawn
    assert well_formed(f"<div>{frame}</div>")


def test_nothing_came_out_of_a_program_without_a_network() -> None:
    assert outcome_panel(ProgramEnd(report=ProgramReport()), None) == ""


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (PLAIN, "<code>my_network</code>, 3 → 2 → 5<"),
        ({"widths": (3, 5), "name": "net"}, "<code>net</code>, 3 → 5<"),
        ({**PLAIN, "activation": "relu"}, "3 → 2 → 5, relu between<"),
    ],
)
def test_a_network_is_told_by_its_layers(told: dict[str, Any], words: str) -> None:
    panel = outcome_panel(end(**told), None)
    assert well_formed(panel)
    assert "A network of 3 inputs and 5 outputs came out: " in panel
    assert words in panel


def test_one_with_a_proof_shows_how_far_it_reaches(lab: TrainingService) -> None:
    panel = outcome_panel(end(**PLAIN), certificate(lab, steps=20_000))
    assert "Proved up to " in panel
    assert f'data-model="{"0" * 32}"' in panel
    assert "Predict" in panel


def test_one_that_is_sure_of_nothing_says_so_in_a_sentence(lab: TrainingService) -> None:
    found = certificate(lab, steps=1)
    panel = outcome_panel(end(**PLAIN), found)
    assert found.sentence.startswith("Not even [0, 0, 0] is sure to be right: ")
    assert f"<p>{found.sentence}</p>" in panel
    assert "data-certificate" not in panel


def test_one_that_the_lab_cannot_ask_says_why() -> None:
    panel = outcome_panel(end(model_id=None, no_model="It is no chain of nn.Linear."), None)
    assert "It is no chain of nn.Linear." in panel
    assert "3 → 5<" in panel
    assert "Predict" not in panel


def test_no_name_is_taken_for_markup() -> None:
    panel = outcome_panel(end(name="<b>&"), None)
    assert "<code>&lt;b&gt;&amp;</code>" in panel
