"""What the log says: short ids, and a line a minute of what lasts."""

import logging

import pytest

from service import logs
from service.logs import ALARM_SECONDS, Alarm, short_id


def test_an_id_is_shortened() -> None:
    assert short_id("0123456789abcdef" * 2) == "01234567"


def test_trouble_is_told_once_a_minute_and_its_end_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alarm = Alarm(logging.getLogger("service.test"))
    alarm.over("never begun")
    for second in range(150):
        monkeypatch.setattr(logs, "monotonic", lambda second=second: float(second))
        alarm.warn(f"trouble at {second}")
        if second % 10 == 5:
            alarm.over(f"over at {second}")
    assert caplog.messages == [
        "trouble at 0",
        "over at 5",
        f"trouble at {ALARM_SECONDS:.0f}",
        "over at 65",
        "trouble at 120",
        "over at 125",
    ]
