"""What one learner costs is measured by a command, and docs/scale.md has the table that it prints."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks import one_learner
from benchmarks.one_learner import HEAD, MOVES, run
from tests.conftest import ROOT


def cells(lines: list[str]) -> dict[str, list[str]]:
    """The rows of a table, by their first cell."""
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {first: rest for first, *rest in rows}


def test_the_table_of_scale_md_is_what_the_command_prints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(one_learner, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(one_learner, "IDLE_SECONDS", 1.0)
    with ThreadPoolExecutor(1) as thread:  # the browser of other tests may have a loop running in this one
        measured = cells(thread.submit(run, 1).result())
    told = cells(
        (ROOT / "docs/scale.md").read_text(encoding="utf-8").partition("<!-- the table")[2].splitlines()
    )
    assert list(told) == list(measured)
    assert told[HEAD[0]] == measured[HEAD[0]] == HEAD[1:]
    (moving,) = (row for name, row in measured.items() if "while the slider moves" in name)
    assert int(moving[0]) < MOVES  # a machine that stutters lets the slider rest now and then
