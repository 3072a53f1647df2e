"""What is told of a program can be sent, whatever it is."""

from service.sandbox.interpreter import run_program
from service.sandbox.report import ProgramReport
from service.torch_state import borrowed


def test_an_error_with_half_a_character_in_it() -> None:
    with borrowed():
        report = run_program("raise ValueError('\\ud800')\n")
    report = ProgramReport.model_validate_json(report.model_dump_json())
    assert report.error is not None
    assert report.error.text == "ValueError: ?"
    assert report.line == 1
