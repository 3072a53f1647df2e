"""No way out that is publicly known leads out of the first wall."""

import json
import subprocess
import sys

import pytest

from service.sandbox.interpreter import run_program
from service.torch_state import borrowed
from tests.service.sandbox.known_ways_out import ESCAPED, ESCAPES

CONTROL = """
import contextlib, io, json, sys, warnings
warnings.simplefilter("ignore")
failed = {}
for name, program in json.load(sys.stdin).items():
    printed = io.StringIO()
    error = "it ended, and printed something else"
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})
    except BaseException as raised:
        error = repr(raised)
    if not printed.getvalue().endswith("ESCAPED\\n"):
        failed[name] = error
print(json.dumps(failed))
"""


@pytest.mark.parametrize("name", ESCAPES)
def test_it_does_not_lead_out(name: str) -> None:
    with borrowed():
        report = run_program(ESCAPES[name])
    assert report.error is not None
    assert ESCAPED not in report.printed
    # What was shown before is what every program can see.
    assert {each.text for each in report.shown} <= {"1", "None"}
    assert report.line is not None
    assert 1 <= report.line <= ESCAPES[name].count("\n")


def test_each_leads_out_of_plain_python() -> None:
    plain = [sys.executable, "-I", "-c", CONTROL]
    done = subprocess.run(
        plain, input=json.dumps(ESCAPES), capture_output=True, text=True, check=True, timeout=300
    )
    assert json.loads(done.stdout) == {}


def test_there_are_many() -> None:
    assert len(ESCAPES) >= 200
