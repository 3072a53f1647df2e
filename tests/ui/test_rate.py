"""How many calls an address may make in a minute."""

import pytest

from service import LimitReached
from tests.conftest import message_of
from ui.rate import Rate


def test_an_address_that_calls_too_often_is_told_when_to_come_again() -> None:
    rate = Rate(3)
    for _ in range(3):
        rate.count("a")
    message = message_of(lambda: rate.count("a"), LimitReached)
    before, _, after = message.partition("; try again in ")
    assert before == "3 calls came from your address within a minute, as many as may be"
    assert 1 <= int(after.removesuffix(" s.")) <= 60


def test_others_are_not_kept_waiting() -> None:
    rate = Rate(1)
    rate.count("a")
    rate.count("b")
    with pytest.raises(LimitReached):
        rate.count("b")
