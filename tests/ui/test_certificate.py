"""The certificate's panel: filled for what is proved, with its reason, and a vector that is answered wrongly."""

from typing import Any

from service import TrainingService
from ui.components.certificate import certificate_panel


def panel(lab: TrainingService, activation: str = "none", **config: Any) -> str:
    model = lab.create_model("challenge", hidden=[3], activation=activation)
    if config:
        lab.train(model.id, **config)
    return certificate_panel(lab.certify(model.id))


def test_a_trained_network_is_proved(lab: TrainingService) -> None:
    shown = panel(lab, learning_rate=1e-3, steps=20_000)
    assert 'data-certificate="proved"' in shown
    assert "Proved up to " in shown
    assert "weights limit it" in shown
    assert "To get further:" in shown
    assert "The nearest vector found that it gets wrong: <b>[" in shown
    assert "The whole network as one matrix and one bias" in shown


def test_one_that_is_too_narrow_is_not_told_to_train_on(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[2])
    lab.train(model.id, learning_rate=1e-3, steps=20_000)
    shown = certificate_panel(lab.certify(model.id))
    assert "Its width limits it" in shown
    assert "To get further" not in shown


def test_one_with_activations_is_checked(lab: TrainingService) -> None:
    shown = panel(lab, activation="relu", learning_rate=1e-3, steps=20_000)
    assert 'data-certificate="checked"' in shown or 'data-certificate="none"' in shown
    assert "one matrix" not in shown


def test_an_untrained_one_is_neither(lab: TrainingService) -> None:
    shown = panel(lab)
    assert 'data-certificate="none"' in shown
    assert "<b>[0, 0, 0]</b>" in shown
