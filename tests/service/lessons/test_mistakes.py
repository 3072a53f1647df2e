"""The gallery: each broken program fails in its own way, and each fix works."""

import pytest
import torch

from service import MISTAKES, InvalidInput, run_mistake
from tests.conftest import message_of

RAISES = {
    "integers": "RuntimeError: mat1 and mat2 must have the same dtype",
    "twice": "RuntimeError: Trying to backward through the graph a second time",
    "vector": "RuntimeError: grad can be implicitly created only for scalar outputs",
    "stale": "RuntimeError: Trying to backward through the graph a second time",
    "super": "AttributeError: cannot assign module before Module.__init__() call",
}
SILENT = {"stranger", "reset"}


def test_every_mistake_is_known_to_these_tests() -> None:
    assert set(MISTAKES) == set(RAISES) | SILENT


@pytest.mark.parametrize(("name", "words"), RAISES.items())
def test_it_raises_in_torch_s_own_words_and_names_the_line(name: str, words: str) -> None:
    run = run_mistake(name)
    assert (run.error or "").startswith(words)
    assert run.line is not None
    assert MISTAKES[name].broken.splitlines()[run.line - 1].strip()


def test_the_optimizer_of_another_network_learns_nothing_and_says_nothing() -> None:
    run = run_mistake("stranger")
    assert run.error is None
    assert set(run.losses) == {run.losses[0]}


def test_without_reset_the_loss_swings() -> None:
    losses = run_mistake("reset").losses
    assert min(losses) < 0.5
    assert max(losses[50:]) > 5


@pytest.mark.parametrize("name", MISTAKES)
def test_every_fix_runs_and_learns(name: str) -> None:
    run = run_mistake(name, fixed=True)
    assert run.error is None
    assert run.printed
    if run.losses:
        assert run.losses[-1] < run.losses[0] / 100


@pytest.mark.parametrize("name", MISTAKES)
def test_program_and_fix_differ_in_a_few_lines(name: str) -> None:
    broken, fixed = (set(text.splitlines()) for text in (MISTAKES[name].broken, MISTAKES[name].fixed))
    assert len(broken ^ fixed) <= 3
    assert MISTAKES[name].broken != MISTAKES[name].fixed


def test_torch_s_random_state_stays_as_it_was() -> None:
    before = torch.get_rng_state()
    run_mistake("stranger")
    assert torch.equal(torch.get_rng_state(), before)


def test_an_unknown_mistake_is_named() -> None:
    assert message_of(lambda: run_mistake("typo"), InvalidInput).startswith("mistake must be one of integers")
