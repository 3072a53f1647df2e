"""`run`, `check` and `exercises`: what a program comes to, and what there is to write."""

import json
from pathlib import Path

import pytest

from service import JUDGED
from service.command.options import FAILED, MISUSED
from tests.service.command.running import called


def test_run_prints_what_the_program_shows() -> None:
    result = called("run", "-", stdin="print('hello')\n1 + 1\n")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "hello\n2\n", "")


def test_run_tells_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print('before')\n1 / 0\n")
    result = called("run", str(tmp_path / "program.py"))
    assert (result.exit_code, result.stdout) == (FAILED, "before\n")
    assert result.stderr.startswith("Line 2: ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize("command", [["run"], ["check", "fifteen"]])
def test_a_file_that_is_not_there_is_refused(command: list[str]) -> None:
    result = called(*command, "nowhere.py")
    assert result.exit_code == MISUSED
    assert result.stderr.startswith("PROGRAM must be a file of text that can be read, or - for stdin; got")


def test_check_passes_a_solution_and_not_the_beginning() -> None:
    passed = called("check", "order", "-", stdin=JUDGED["order"].solution)
    assert (passed.exit_code, passed.stdout[:8]) == (0, "Passed. ")
    failed = called("check", "order", "-", "--json", stdin=JUDGED["order"].start)
    assert failed.exit_code == FAILED
    assert json.loads(failed.stdout)["passed"] is False


def test_check_names_the_exercises_there_are() -> None:
    result = called("check", "nothing", "-", stdin="")
    assert result.exit_code == MISUSED
    assert result.stderr.startswith("EXERCISE must be one of order, gaps, ")


def test_exercises_are_listed_and_printed_as_programs() -> None:
    listed = called("exercises").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [*JUDGED]
    for name, exercise in JUDGED.items():
        program = called("exercises", name).stdout
        assert exercise.start.strip() in program
        assert all(line.strip() in program for line in exercise.lines)
