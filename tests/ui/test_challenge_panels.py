"""What the challenge says of a network: why it cannot, how far it can, and what may leave the page."""

from typing import Any

import pytest

from service import JobStatus, TrainingService, export, packed_recipe
from tests.ui.svg import read
from ui.components.bottleneck import bottleneck_panel
from ui.components.loss_plot import curve
from ui.components.numbers import at_least
from ui.components.share import FILES, ON_AUTOGRAD, link_notes, share_panel, verdict


@pytest.mark.parametrize(
    ("hidden", "activation", "words", "offer"),
    [
        ([2], "none", ["two numbers", "its rank is 2", "R(R+1)/3: with R = 10, to 36.67"], "one more neuron"),
        ([1], "none", ["one number", "its rank is 1"], "2 more neurons"),
        ([2], "relu", ["two numbers", "on one plane", "two columns"], "one more neuron"),
        ([1], "tanh", ["one number", "on one line", "one column"], "2 more neurons"),
        ([1, 2], "tanh", ["one number", "on one plane", "two columns"], "3 more neurons"),
        ([2, 64], "relu", ["two numbers", "Borsuk and Ulam"], "one more neuron"),
        ([2, 8, 5], "tanh", ["two numbers", "Borsuk and Ulam"], "one more neuron"),
    ],
)
def test_the_bottleneck_in_words(
    lab: TrainingService, hidden: list[int], activation: str, words: list[str], offer: str
) -> None:
    model = lab.create_model("challenge", hidden=hidden, activation=activation)
    job = lab.train(model.id, steps=500)
    found = lab.snapshot(model.id).bottleneck
    assert found is not None
    markup = bottleneck_panel(found, job)
    assert all(word in read(markup) for word in words), markup
    assert f">Give it {offer}</button>" in markup
    assert lab.snapshot(model.id).loss_floor == found.floor
    drawn = curve(lab.snapshot(model.id).history, found.floor)
    assert drawn is not None
    if found.floor is None:
        assert "the loss on these examples below" not in read(markup)
        assert drawn["floor"] is None
    else:
        assert f"below this floor: {at_least(found.floor)}." in read(markup)
        assert str(found.vector) in markup
        assert job.loss is not None
        assert job.loss > found.floor
        said = f"no weights get below {at_least(found.floor)} in exact arithmetic"
        assert drawn["floor"] == {"at": found.floor, "label": said}
    wider = lab.create_model("challenge", hidden=found.wide_enough, activation=activation)
    assert lab.snapshot(wider.id).bottleneck is None


def test_the_limit_is_that_of_integers_drawn_evenly_around_0_only(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[2])
    job = lab.train(model.id, steps=100, low=0, high=10)
    assert "R(R+1)/3" not in bottleneck_panel(lab.snapshot(model.id).bottleneck, job)


@pytest.mark.parametrize("activation", ["none", "relu", "tanh"])
def test_two_answers_to_one_vector_cannot_be_fitted(lab: TrainingService, activation: str) -> None:
    rows = "a,b,c,y1,y2,y3,y4,y5\n1,2,3,1,2,3,4,5\n1,2,3,2,2,3,4,5\n"
    model = lab.create_model("challenge", hidden=[2], activation=activation)
    job = lab.train(model.id, steps=100, dataset=lab.add_dataset(rows).name)
    markup = bottleneck_panel(lab.snapshot(model.id).bottleneck, job)
    assert lab.snapshot(model.id).loss_floor == pytest.approx(0.25)
    assert "fit" not in markup
    assert "below this floor: 0.2499." in read(markup)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_examples_rule_nothing_out(lab: TrainingService, count: int) -> None:
    model = lab.create_model("challenge", hidden=[2])
    job = lab.train(model.id, steps=10, examples=count)
    markup = bottleneck_panel(lab.snapshot(model.id).bottleneck, job)
    assert "nothing in them rules out a loss of 0" in markup
    assert "the loss on these examples below" not in read(markup)


def test_examples_held_out_do_not_count(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[2])
    lab.train(model.id, steps=10, examples=4, held_out=0.5)
    assert lab.snapshot(model.id).loss_floor == 0


def test_the_line_in_the_plot_holds_for_all_trainings(lab: TrainingService) -> None:
    """The curve goes through all of them, so no floor of the last examples may stand above an earlier loss."""
    model = lab.create_model("challenge", hidden=[2])
    lab.train(model.id, steps=10, low=-1, high=1)
    small = lab.snapshot(model.id).loss_floor
    lab.train(model.id, steps=10, low=-100, high=100, learning_rate=1e-6)
    found = lab.snapshot(model.id).bottleneck
    assert small is not None
    assert found is not None
    assert found.floor is not None
    assert lab.snapshot(model.id).loss_floor == small < found.floor


@pytest.mark.parametrize("value", [35.18999, 36.66999999, 0.25, 1e-30, 9.9999e30, 0.24999999999999])
def test_a_floor_is_never_shown_too_high(value: float) -> None:
    assert value * 0.999 < float(at_least(value)) <= value


def test_a_network_that_is_wide_enough_has_no_bottleneck(lab: TrainingService) -> None:
    for activation in ("none", "relu"):
        model = lab.create_model("challenge", hidden=[3], activation=activation)
        assert lab.snapshot(model.id).bottleneck is None
        assert lab.snapshot(model.id).loss_floor is None
    assert bottleneck_panel(None, None) == ""
    for hidden in ([2], [1], [3]):
        memorize = lab.create_model("memorize", hidden=hidden)
        assert lab.snapshot(memorize.id).loss_floor is None
        assert lab.snapshot(memorize.id).bottleneck is None
    product = lab.create_model("product")
    assert lab.snapshot(product.id).bottleneck is None


def test_a_run_leaves_as_a_link_and_as_files(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    recipe, fingerprint = packed_recipe(lab.snapshot(model.id)), lab.snapshot(model.id).fingerprint
    markup = share_panel("training", model.id, recipe, fingerprint)
    assert f"?chapter=training&amp;run={recipe}&amp;fingerprint={fingerprint}" in markup
    for format in FILES:
        assert f'data-format="{format}"' in markup
        assert export(lab.snapshot(model.id), format).content
    assert "more trainings than fit" in share_panel("training", model.id, None, fingerprint)
    written = share_panel("training", model.id, None, fingerprint, from_program=True)
    assert "more trainings than fit" not in written
    assert "came out of a program" in written
    assert 'data-format="python"' in written
    assert 'data-format="notebook"' not in written


def test_a_link_says_what_it_needs(lab: TrainingService) -> None:
    def notes(**training: Any) -> list[str]:
        model = lab.create_model("challenge")
        if training:
            lab.train(model.id, steps=5, **training)
        now = lab.snapshot(model.id)
        return link_notes(now.jobs, lab.catalog.datasets(), now.titles, lab.catalog.engines())

    added = lab.add_dataset("a,b,c,y1,y2,y3,y4,y5\n1,2,3,1,2,3,4,5", "mine.csv").name
    called = f"mine.csv ({added[:15]}…)"
    need = f"It needs {called}, which was added here: anywhere else, add the same rows first."
    assert notes() == notes(dataset="cube") == []
    assert notes(learning_rate=1000, low=999_999, high=1_000_000, engine="autograd") == []  # diverged at once
    assert notes(dataset=added) == [need]
    assert notes(dataset=added, engine="autograd") == [ON_AUTOGRAD, need]
    assert f"came out the same. {need}" in share_panel("challenge", "0", "r", "f", [need])


def test_a_verdict_on_what_a_link_promised(lab: TrainingService) -> None:
    assert verdict(None, "a", [], lab.catalog.engines()) == ""
    assert 'data-same="true"' in verdict("a", "a", [], lab.catalog.engines())
    assert 'data-same="false"' in verdict("<b>", "a", [], lab.catalog.engines())
    assert "<b>" not in verdict("<b>", "a", [], lab.catalog.engines())


@pytest.mark.parametrize("status", [status for status in JobStatus if status.ended])
@pytest.mark.parametrize("engine", ["compiled", "autograd"])
def test_a_verdict_names_only_what_can_be_the_reason(
    lab: TrainingService, status: JobStatus, engine: str
) -> None:
    job = lab.train(lab.create_model("product").id, steps=5, engine=engine)
    said = verdict("b", "a", [job.model_copy(update={"status": status})], lab.catalog.engines())
    whole = status is JobStatus.succeeded
    assert (f"ended early ({status})" in said) == (not whole)
    assert ("another version of this page" in said) == whole
    assert (ON_AUTOGRAD in said) == (whole and engine == "autograd")
    assert "Trained again from" in said
    assert "Made again from" in verdict("b", "a", [], lab.catalog.engines())
