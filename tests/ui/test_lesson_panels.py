"""The panels of the lessons: courses, learning rates, seeds, replays, mistakes, verdicts and programs."""

import json
import re
from html import unescape
from itertools import pairwise
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import (
    MISTAKES,
    Outcome,
    RitualOptions,
    Start,
    TrainingService,
    downhill,
    explore,
    never_reset,
    race,
)
from tests.conftest import run_async
from tests.service.lessons import odd
from tests.ui.svg import read, well_formed
from ui.components.courses import downhill_panel, pair_panel, race_panel
from ui.components.exercises import exercise_told
from ui.components.mistake import mistake_panel
from ui.components.program import program_panel
from ui.components.question import question_panel, score_panel, verdict_panel
from ui.components.rates_plot import described, rates_plot
from ui.components.replay_panel import replay_panel
from ui.components.seeds_plot import described as seeds_in_words
from ui.components.seeds_plot import seeds_plot
from ui.questions.answers import Score

OPTIONS = RitualOptions()


def captions(markup: str) -> list[str]:
    """What stands below the figures."""
    return [read(words) for words in re.findall("<figcaption>(.*?)</figcaption>", markup)]


class TestCourses:
    def test_the_race_tells_how_each_order_ended(self) -> None:
        markup = race_panel(race(OPTIONS, 100), 15.0)
        assert well_formed(markup)
        assert markup.count("Never moves, and says nothing: product 12.0000.") == 3
        assert markup.count("Arrives: product 15.0000.") == 2
        assert "The same to the bit: Reset, Backprop, Optimize." in read(markup)
        assert "Raises an error in round 2; the numbers have changed once: product 12.4539." in markup

    def test_one_that_starts_at_the_target_is_not_said_to_be_stuck(self) -> None:
        told = captions(race_panel(race(RitualOptions(start=(3, 5)), 100), 15.0))
        assert told.count("Starts close to the target, and never moves: product 15.0000.") == 5
        assert "Raises an error in round 2; the numbers have never changed: product 15.0000." in told

    def test_a_small_target_is_not_said_to_be_reached_from_afar(self) -> None:
        (told, *_) = captions(race_panel(race(RitualOptions(start=(0, 0), target=1e-4), 100), 1e-4))
        assert told == "Never moves, and says nothing: product 0.0000."

    @pytest.mark.parametrize("learning_rate", [3e-3, 0.05, 1.0])
    def test_never_resetting_is_said_to_be_momentum(self, learning_rate: float) -> None:
        pair = never_reset(RitualOptions(learning_rate=learning_rate), 200)
        markup = pair_panel(pair, 15.0)
        assert "After each of the 200 steps the two are the same to the bit." in read(markup)
        assert isfinite(pair[0].products[-1]) != ("the product is not a finite number" in markup)

    def test_but_only_if_it_is(self) -> None:
        pair = never_reset(OPTIONS, 200)
        other = never_reset(RitualOptions(learning_rate=1e-3), 200)
        assert "The two differ." in pair_panel((pair[0], other[1]), 15.0)

    def test_the_loss_that_is_not_squared_says_when_it_fell_below_0(self) -> None:
        markup = downhill_panel(downhill(OPTIONS, 2000))
        assert "The product goes below 0 at step 325. After 2,000 steps it is -39964.1641." in markup

    @settings(max_examples=40)
    @given(odd.options, st.integers(1, 15))
    def test_what_is_said_is_so_wherever_it_starts(self, options: RitualOptions, steps: int) -> None:
        for course, told in zip(
            race(options, steps), captions(race_panel(race(options, steps), options.target)), strict=True
        ):
            assert told.startswith("Raises") == (course.error is not None)
            assert ("ever moves" in told or "never changed" in told) == (course.updates == 0)
            assert told.startswith("Explodes") <= (not isfinite(course.products[-1]))
            assert told.startswith("Arrives") <= course.arrived
        for told in captions(pair_panel(never_reset(options, steps), options.target)):
            assert NUMBERS_OF_A_RANGE.match(told) or told.startswith("From step")
        course = downhill(options, steps)
        (told,) = captions(downhill_panel(course))
        negative = [step for step, product in enumerate(course.products) if product < 0]
        if "at step" in told:
            assert f"goes below 0 at step {negative[0]}." in told
        assert ("never goes below 0" in told) == (not negative)
        assert ("starts below 0" in told) == (negative[:1] == [0])


NUMBERS_OF_A_RANGE = re.compile("After the first step the product (is between .* and .*|stays at .*)[.]")


class TestRates:
    def test_the_limit_and_its_reason_are_told(self) -> None:
        markup = rates_plot(explore(OPTIONS, 500))
        assert well_formed(markup)
        assert "the curvature is 61.61" in read(markup)
        assert (
            "With a learning rate above 0.03333, each of them pushes away whatever comes near it." in markup
        )
        assert "Converges: within 0.0015 of the target after each of the last 20 steps." in markup

    def test_the_words_cover_every_learning_rate(self) -> None:
        rates = explore(OPTIONS, 500)
        told = described(rates)
        assert "0.0001 to" in told
        assert told.endswith("explodes.")

    @pytest.mark.parametrize(
        ("start", "target", "told"),
        [
            ((3, 5), 15, "The product is 15 from the start: the gradients are 0, and nothing moves."),
            ((0, 0), 15, "Both gradients are 0 at (0, 0), so nothing moves, whatever the learning rate."),
            (
                (3, -3),
                15,
                "each other's negative, and every step keeps them that way. So the product never gets above",
            ),
            (
                (3, 3),
                -15,
                "start as the same, and every step keeps them that way. So the product never gets below 0",
            ),
            ((3, 4), 1e6, "None of the 241 learning rates holds the product within 100 of the target after"),
        ],
    )
    def test_where_no_patience_helps_none_is_asked_for(
        self, start: tuple[float, float], target: float, told: str
    ) -> None:
        (words,) = captions(rates_plot(explore(RitualOptions(start=start, target=target), 300)))
        assert told in words
        assert "more steps" not in words

    def test_where_it_may_it_is(self) -> None:
        (words,) = captions(rates_plot(explore(OPTIONS, 1)))
        assert words.startswith(
            "None of the 241 learning rates holds the product within 0.0015 of the target"
        )
        assert "Some still fall; more steps may take them there." in words

    @settings(max_examples=60)
    @given(odd.options, st.integers(1, 60))
    def test_what_is_said_is_so_wherever_it_starts(self, options: RitualOptions, steps: int) -> None:
        rates = explore(options, steps)
        markup = rates_plot(rates)
        (words,) = captions(markup)
        assert well_formed(markup)
        assert "nan" not in markup
        converges = Outcome.converges in rates.outcomes
        assert words.startswith("Converges") == (rates.start is Start.free and converges)
        assert words.startswith("None") == (rates.start is Start.free and not converges)
        if "more steps may" in words:
            assert Outcome.falls in rates.outcomes
        if "pushes away" in words:
            assert rates.learning_rates[-1] > 2 / rates.least_curvature


class TestSeeds:
    def test_it_says_where_one_stands(self) -> None:
        markup = seeds_plot(1e-3, 1, [1e-6, 1e-3, 0.5, None], 100, 4)
        assert well_formed(markup)
        assert "4 seeds, 100 steps each: losses from 1e-06 to 0.5, the median 0.001; 1 diverged." in markup
        assert "of the 3 others, 1 end lower, 0 the same, and 2 higher or diverged." in markup
        assert markup.count('class="own"') == 1

    def test_with_ties_nobody_is_said_to_be_better(self) -> None:
        told = seeds_in_words(5.0, 7, [5.0] * 200, 1, 200)
        assert told == (
            "200 seeds, 1 step each: losses from 5 to 5, the median 5. Yours, seed 7, ends at 5: of the 199 "
            "others, 0 end lower, 199 the same, and 0 higher or diverged."
        )

    def test_a_seed_that_is_none_of_them_has_all_of_them_as_others(self) -> None:
        assert "of the 3 others, 3 end lower" in seeds_in_words(2.0, 1000, [1.0, 1.0, 0.0], 9, 3)

    def test_that_time_was_up_is_told(self) -> None:
        assert "37 seeds, 9 steps each" in seeds_in_words(1.0, 0, [1.0] * 37, 9, 200)
        assert "There was no time for all 200." in seeds_in_words(1.0, 0, [1.0] * 37, 9, 200)

    def test_that_all_diverged_or_that_yours_did_is_told(self) -> None:
        assert seeds_in_words(None, 1, [None, None], 9, 2) == (
            "2 seeds, 9 steps each: all of them diverged. Yours, seed 1, diverged."
        )
        assert "Yours, seed 7, ends at 3: of the 2 others, 0 end lower, 0 the same, and 2 higher or " in (
            seeds_in_words(3.0, 7, [None, None], 9, 2)
        )

    @given(
        st.lists(st.one_of(st.none(), st.floats(0, 3e38)), min_size=1, max_size=30),
        st.one_of(st.none(), st.floats(0, 3e38)),
        st.integers(0, 40),
    )
    def test_any_losses_can_be_shown(self, losses: list[float | None], own: float | None, seed: int) -> None:
        markup = seeds_plot(own, seed, losses, 1, 30)
        assert well_formed(markup)
        assert "nan" not in markup
        if found := re.search(
            r"of the (\d+) others, (\d+) end lower, (\d+) the same, and (\d+) higher", markup
        ):
            total, lower, same, higher = (int(number) for number in found.groups())
            assert lower + same + higher == total == len(losses) - (seed < len(losses))


def test_a_replay_holds_every_frame(lab: TrainingService) -> None:
    model = lab.create_model("memorize")
    lab.train(model.id, learning_rate=1e-3, steps=40)
    frames = run_async(lab.reruns.replay(model.id))
    markup = replay_panel(frames, [1, 2, 3], [1, 2, 3, 4, 5])
    assert well_formed(markup)
    assert markup.count("<template") == len(frames) == 41
    steps = [markup.index(f'data-words="Step {frame.step:,}, loss') for frame in frames]
    assert all(one < other for one, other in pairwise(steps))


class TestMistakes:
    @pytest.mark.parametrize("name", MISTAKES)
    def test_the_right_program_is_shown_and_neither_the_broken_one_nor_why(self, name: str) -> None:
        mistake = MISTAKES[name]
        markup = mistake_panel(mistake, runs=True)
        assert well_formed(markup)
        words = read(re.sub(r' data-told="[^"]*"', "", markup))
        assert mistake.solution.splitlines()[-1] in words
        assert "Break it" in words
        assert not any(hint.replace("`", "") in words for hint in mistake.hints)

    def test_what_opens_the_broken_one_is_told(self) -> None:
        mistake = MISTAKES["reset"]
        told = re.search(r'data-told="([^"]*)"', mistake_panel(mistake, runs=True))
        assert told is not None
        found = json.loads(unescape(told[1]))
        assert found == exercise_told(mistake)
        assert found["start"] == mistake.start

    @pytest.mark.parametrize("name", MISTAKES)
    def test_where_no_programs_run_both_are_shown_and_why(self, name: str) -> None:
        mistake = MISTAKES[name]
        markup = mistake_panel(mistake, runs=False)
        assert well_formed(markup)
        assert "Break it" not in markup
        assert all(hint.replace("`", "") in read(markup) for hint in mistake.hints)


@pytest.mark.parametrize(
    ("line", "part", "label"),
    [
        ("    loss = (15 - my_latent_value) ** 2", "forward", "Forward"),
        ("my_latent_value = var_1 * var_2", "forward", "Forward"),
        ("loss.backward()  # Backprop", "backprop", None),
        ("    my_sgd.step()", "optimize", "Optimize"),
        ("optimizer.zero_grad()  # Reset", "reset", None),
        ("losses.append(loss.item())", None, None),
    ],
)
def test_the_parts_of_a_round_are_told_apart_in_programs(
    line: str, part: str | None, label: str | None
) -> None:
    markup = program_panel(f"{line}\nprint(loss)")
    text = re.sub("<[^>]*>", "", markup)
    assert f"{line}\nprint(loss)" in text
    assert (f'class="part-line {part}"' in markup) is (part is not None)
    assert (f'data-label="{label}"' in markup) is (label is not None)


def test_a_program_cannot_slip_out_of_its_box() -> None:
    markup = program_panel("print('<b>' + \"&\")", "<i>")
    assert "&lt;b&gt;" in markup
    assert "<i>" not in markup
    assert well_formed(markup)


class TestPredictions:
    def test_a_question_is_closed_and_has_nothing_to_run(self) -> None:
        panel = question_panel("sum", "Predict: a sum", "What is 1 + 1?", ["2", "11"])
        assert panel.startswith('<details class="fold question"><summary>Predict: a sum</summary>')
        assert "<fieldset><legend>What is 1 + 1?</legend>" in panel
        assert panel.count('type="radio" name="sum"') == 2
        assert "checked" not in panel
        assert 'type="button" disabled' in panel
        assert 'role="status"><p>Choose first.' in panel

    def test_one_that_is_answered_is_open_with_the_verdict_as_its_status(self) -> None:
        verdict = verdict_panel("11", "2", "Many think so, but `1 + 1` is 2.")
        panel = question_panel("sum", "Predict: a sum", "What is 1 + 1?", ["2", "11"], 1, verdict)
        assert " open>" in panel
        assert 'value="1" checked>' in panel
        assert f'role="status">{verdict}</div>' in panel

    def test_right_and_wrong_are_said_in_words_and_signs(self) -> None:
        assert "✓ As you predicted: 23." in verdict_panel("23", "23", "why")
        assert "✗ You predicted: 10. It is: 23." in verdict_panel("10", "23", "why")
        assert "<code>why</code>" in verdict_panel("10", "23", "`why`")
        assert "counts your first answer" not in verdict_panel("10", "23", "why")
        assert "counts your first answer" in verdict_panel("10", "23", "why", counts=False)

    def test_the_score(self) -> None:
        assert "14 predictions to make" in score_panel(Score(0, 0, 14, 0, 3))
        assert "aria-busy" in score_panel(Score(0, 0, 14, 0, 3), known=False)
        assert "aria-busy" not in score_panel(Score(0, 0, 14, 0, 3))
        assert ">5 of 14 predicted, 3 right<" in score_panel(Score(5, 3, 14, 0, 3))
        assert ">5 of 14 predicted, 3 right; 1 of 3 asked again<" in score_panel(Score(5, 3, 14, 1, 3))
