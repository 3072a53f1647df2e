"""What the challenge says of a network: why it cannot, how far it can, and what may leave the page."""

import pytest

from service import TrainingService
from ui.components.bottleneck import bottleneck_panel
from ui.components.share import FILES, share_panel, verdict


@pytest.mark.parametrize(
    ("hidden", "activation", "words"),
    [
        ([2], "none", ["two numbers", "its rank is 2", "nearly the same", "R(R+1)/3", "36.67"]),
        ([1], "none", ["one number", "its rank is 1"]),
        ([2], "relu", ["two numbers", "on one plane"]),
        ([1], "tanh", ["one number", "on one line"]),
    ],
)
def test_the_bottleneck_in_words(
    lab: TrainingService, hidden: list[int], activation: str, words: list[str]
) -> None:
    model = lab.create_model("challenge", hidden=hidden, activation=activation)
    job = lab.train(model.id, steps=500)
    found = lab.bottleneck(model.id)
    assert found is not None
    markup = bottleneck_panel(found, job)
    assert all(word in markup for word in words), markup
    assert f"below <b>{found.floor:.4g}</b>" in markup
    assert str(found.vector) in markup
    assert lab.loss_floor(model.id) == found.floor
    assert job.loss is not None
    assert job.loss > found.floor


def test_the_average_is_of_integers_drawn_evenly_around_0_only(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[2])
    job = lab.train(model.id, steps=100, low=0, high=10)
    assert "R(R+1)/3" not in bottleneck_panel(lab.bottleneck(model.id), job)


def test_a_network_that_is_wide_enough_has_no_bottleneck(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[3])
    assert lab.bottleneck(model.id) is None
    assert lab.loss_floor(model.id) is None
    assert bottleneck_panel(None, None) == ""
    assert lab.loss_floor(lab.create_model("memorize", hidden=[2]).id) is None


def test_a_run_leaves_as_a_link_and_as_files(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    recipe, fingerprint = lab.recipe(model.id), lab.fingerprint(model.id)
    markup = share_panel("training", model.id, recipe, fingerprint)
    assert f"?chapter=training&amp;run={recipe}&amp;fingerprint={fingerprint}" in markup
    for format in FILES:
        assert f'data-format="{format}"' in markup
        assert lab.export(model.id, format).content
    assert "too many trainings" in share_panel("training", model.id, None, fingerprint)


def test_a_verdict_on_what_a_link_promised() -> None:
    assert verdict(None, "a") == ""
    assert 'data-same="true"' in verdict("a", "a")
    assert 'data-same="false"' in verdict("<b>", "a")
    assert "<b>" not in verdict("<b>", "a")
