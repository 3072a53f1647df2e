"""The panels of the lessons: courses, learning rates, seeds, replays, mistakes, verdicts and programs."""

from itertools import pairwise

import pytest

from service import TrainingService
from service.lessons import MISTAKES, RitualOptions, downhill, explore, never_reset, race, run_mistake
from tests.ui.svg import well_formed
from ui.components.courses import downhill_panel, pair_panel, race_panel
from ui.components.mistake import mistake_panel, outcome_panel
from ui.components.program import program_panel
from ui.components.question import score_panel, verdict_panel
from ui.components.rates_plot import described, rates_plot
from ui.components.replay_panel import replay_panel
from ui.components.seeds_plot import seeds_plot

OPTIONS = RitualOptions()


def test_the_race_tells_how_each_order_ended() -> None:
    markup = race_panel(race(OPTIONS, 100), 15.0)
    assert well_formed(markup)
    assert markup.count("Never moves, and says nothing: product 12.0000.") == 3
    assert markup.count("Arrives: product 15.0000.") == 2
    assert "The same to the bit: Reset, Backprop, Optimize." in markup
    assert "Raises an error in round 2, after 1 update" in markup


def test_never_resetting_is_said_to_be_momentum_only_if_it_is() -> None:
    pair = never_reset(OPTIONS, 200)
    assert "All 200 products are the same to the bit." in pair_panel(pair, 15.0)
    other = never_reset(RitualOptions(learning_rate=1e-3), 200)
    assert "The two differ." in pair_panel((pair[0], other[1]), 15.0)


def test_the_loss_that_is_not_squared_says_when_it_passed_0() -> None:
    markup = downhill_panel(downhill(OPTIONS, 2000))
    assert "It passes 0 at step" in markup
    assert "-39964" in markup


class TestRates:
    def test_the_limit_and_its_reason_are_told(self) -> None:
        markup = rates_plot(explore(OPTIONS, 500))
        assert well_formed(markup)
        assert "the curvature is 61.61" in markup
        assert "from 0.03333 on nothing converges" in markup

    def test_the_words_cover_every_learning_rate(self) -> None:
        rates = explore(OPTIONS, 500)
        told = described(rates)
        assert "0.0001 to" in told
        assert told.endswith("explodes.")

    def test_too_few_steps_are_told(self) -> None:
        assert "No learning rate got to the minimum" in rates_plot(explore(OPTIONS, 1))


class TestSeeds:
    def test_it_says_where_one_stands(self) -> None:
        markup = seeds_plot(1e-3, [1e-6, 1e-3, 0.5, None], 100)
        assert well_formed(markup)
        assert "1 diverged." in markup
        assert "Yours, with 0.001, is number 2" in markup
        assert markup.count('class="own"') == 1

    @pytest.mark.parametrize("losses", [[0.0], [1e-300, 1e30], [5.0] * 200, [None, None]])
    def test_any_losses_can_be_shown(self, losses: list[float | None]) -> None:
        assert well_formed(seeds_plot(losses[0], losses, 1))


def test_a_replay_holds_every_frame(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, learning_rate=1e-3, steps=40)
    frames = lab.replay(model.id)
    markup = replay_panel(frames, [1, 2, 3], [1, 2, 3, 4, 5])
    assert well_formed(markup)
    assert markup.count("<template") == len(frames) == 41
    steps = [markup.index(f'data-words="Step {frame.step:,}, loss') for frame in frames]
    assert all(one < other for one, other in pairwise(steps))


class TestMistakes:
    @pytest.mark.parametrize("name", MISTAKES)
    def test_the_line_that_differs_is_marked(self, name: str) -> None:
        broken, fixed = (mistake_panel(MISTAKES[name], fixed=which) for which in (False, True))
        assert well_formed(broken + fixed)
        assert "<mark" in broken + fixed

    @pytest.mark.parametrize("name", MISTAKES)
    def test_what_happened_is_shown(self, name: str) -> None:
        run = run_mistake(name)
        markup = outcome_panel(run, MISTAKES[name].why)
        assert well_formed(markup)
        assert (f"Line {run.line} raises" in markup) == (run.error is not None)


def test_a_program_cannot_slip_out_of_its_box() -> None:
    markup = program_panel("print('<b>' + \"&\")", "<i>")
    assert "&lt;b&gt;" in markup
    assert "<i>" not in markup
    assert well_formed(markup)


class TestPredictions:
    def test_right_wrong_and_skipped(self) -> None:
        assert "✓ As you predicted: 23" in verdict_panel("23", "23", "why")
        assert "✗ You said: 10. It is: 23" in verdict_panel("10", "23", "why")
        assert "It is: 23" in verdict_panel(None, "23", "why")

    def test_the_score(self) -> None:
        assert "6 predictions to make" in score_panel({}, 6)
        assert "aria-busy" in score_panel(None, 6)
        assert "2 of 6 predictions made, 1 right" in score_panel({"a": "right", "b": "skipped"}, 6)
