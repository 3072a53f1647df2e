"""`sweep`: a row for every run."""

import csv
import json

import pytest

from service.command import sweep
from service.command.options import FAILED, MISUSED
from service.command.session import opened
from service.jobs.workers import InlineExecutor
from tests.service.command.running import called

SMALL = ["sweep", "challenge", "--steps", "100", "--lr", "1e-3,1000", "--hidden", "none", "--hidden", "2,3"]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "opened", lambda data: opened(data, InlineExecutor))


def test_every_combination_is_a_row_of_csv() -> None:
    result = called(*SMALL, "--seed", "0,7", "--csv")
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert result.exit_code == 0
    keys = {(each["learning_rate"], each["hidden"], each["seed"]) for each in rows}
    assert keys == {
        (rate, hidden, seed) for rate in ("0.001", "1000.0") for hidden in ("", "2 3") for seed in "07"
    }
    assert {each["status"] for each in rows if each["learning_rate"] == "1000.0"} == {"diverged"}


def test_the_table_and_json_say_the_same() -> None:
    rows = json.loads(called(*SMALL, "--json").stdout)
    table = called(*SMALL).stdout
    assert [each["hidden"] for each in rows[:2]] in ([[], []], [[], [2, 3]])
    assert all(f"{each['loss']:.6g}" in table for each in rows if each["loss"] is not None)
    assert "2, 3" in table
    assert "none" in table


def test_it_fails_where_no_run_succeeded() -> None:
    assert called("sweep", "product", "--lr", "50").exit_code == FAILED


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["challenge", "--lr", "x"], "--lr must be a list of numbers"),
        (["challenge", "--lr", "1e-3", "--seed", "-1"], "--seed must be a list of whole numbers"),
        (["product", "--lr", "1e-3", "--hidden", "3"], "--hidden must be left out"),
    ],
)
def test_what_is_not_allowed_is_refused_by_the_name_that_was_typed(
    arguments: list[str], sentence: str
) -> None:
    result = called("sweep", *arguments)
    assert result.exit_code == MISUSED
    assert result.stderr.startswith(sentence)
