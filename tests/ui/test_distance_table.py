"""The table of the distances: right, wrong and not finite in words."""

from service import Distance, TrainingService
from tests.ui.svg import well_formed
from ui.components.distance_table import distance_table, summary


def row(times: int, right: int, error: float | None = 0.25) -> Distance:
    return Distance(
        times=times,
        nearest=10 * times + 1 if times else 0,
        furthest=100 * times or 10,
        tried=2000,
        right=right,
        largest_error=error,
        mean_loss=error,
    )


def test_every_row_says_how_much_is_right() -> None:
    markup = distance_table([row(0, 2000), row(1, 1999), row(2, 1), row(10, 0, None)])
    assert well_formed(markup)
    assert "✓ all 2,000 right" in markup
    assert "✗ 1,999 of 2,000 right (99.9%)" in markup
    assert "✗ 1 of 2,000 right (below 0.1%)" in markup
    assert "✗ none of 2,000 right" in markup
    assert markup.count("not finite") == 2
    for where in (
        "in the range of the examples",
        "beyond the examples",
        "more than 2 times as far",
        "more than 10 times as far",
    ):
        assert markup.count(where) == 1
    assert "<td>up to 10</td>" in markup
    assert "<td>101 to 1,000</td>" in markup


def test_the_caption_says_how_far_it_goes() -> None:
    assert summary([row(0, 2000), row(1, 1999), row(2, 0)]).endswith(
        "All answers tried are right up to 10. Of those tried from 21 to 200, none are right."
    )
    begin = (
        "Random integer vectors: first in the range of the training examples, then with ever larger numbers. "
    )
    assert summary([row(0, 3), row(1, 0)]) == (
        begin + "Not all are right even up to 10. Of those tried from 11 to 100, none are right."
    )
    assert summary([row(0, 0), row(1, 0)]) == begin + "None are right, even up to 10."
    assert summary([row(0, 2000), row(1, 2000)]).endswith("All answers tried are right up to 100.")


def test_with_nothing_to_try_it_says_why() -> None:
    assert "there is nothing to test" in distance_table([])


def test_a_real_network_s_table(lab: TrainingService) -> None:
    model = lab.create_model("challenge", hidden=[8], activation="tanh")
    lab.train(model.id, steps=500)
    markup = distance_table(lab.snapshot(model.id).distances())
    assert well_formed(markup)
    assert markup.count('<th scope="row">') == 9
    assert "10,000,001 to 16,777,216" in markup
