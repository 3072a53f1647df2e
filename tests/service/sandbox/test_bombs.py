"""No program takes more than it is given: each ends by itself, or is ended, with a sentence."""

from pathlib import Path

import pytest

from service.sandbox.process import Nursery
from tests.service.sandbox.bombs import BOMBS
from tests.service.sandbox.conftest import PRODUCT, ended


def test_there_are_enough() -> None:
    assert len(BOMBS) >= 50


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_it_ends_with_a_sentence(nursery: Nursery, bomb: str) -> None:
    report = ended(nursery, f"print('begun')\n{bomb}\nprint('survived')\n", seconds=1)
    assert report.error is not None
    assert report.error.text
    assert "survived" not in report.printed
    # By itself, or soon after its second: the processor's, which may take longer by the clock.
    assert report.seconds < 5


def test_the_next_program_runs_as_ever(nursery: Nursery) -> None:
    report = ended(nursery, PRODUCT.format(rounds=1))
    assert report.error is None
    assert not Path("/tmp/bomb").exists()
