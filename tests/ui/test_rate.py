"""How many calls an address may make in a minute."""

import pytest

from service import LimitReached, Limits
from tests.conftest import message_of
from ui.rate import Rate


def test_an_address_that_calls_too_often_is_told_when_to_come_again() -> None:
    rate = Rate(Limits(calls_per_minute=3))
    for _ in range(3):
        rate.count("a", 1)
    message = message_of(lambda: rate.count("a", 1), LimitReached)
    before, _, after = message.partition("; try again in ")
    assert before == "3 calls came from your address within a minute, as many as may be"
    assert 1 <= int(after.removesuffix(" s.")) <= 60


def test_others_are_not_kept_waiting() -> None:
    rate = Rate(Limits(calls_per_minute=1))
    rate.count("a", 1)
    rate.count("b", 1)
    with pytest.raises(LimitReached):
        rate.count("b", 1)


def test_an_address_with_too_much_under_way_is_told_when_to_come_again() -> None:
    rate = Rate(Limits(calls_at_once_per_address=2))
    rate.count("a", 2)
    message = message_of(lambda: rate.count("a", 3), LimitReached)
    assert message == (
        "2 calls from your address are under way, as many as may be at a time; try again in 10 s."
    )
