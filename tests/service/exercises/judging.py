"""Programs that are really run, and judged as the service judges them."""

import torch

from service.exercises import Exercise, Verdict
from service.networks import MyNetwork
from service.sandbox.interpreter import run_program
from service.sandbox.report import ProgramReport
from service.tasks import Certificate
from service.tasks.challenge.proof import certify
from service.torch_state import borrowed


def report_of(program: str, rate_factor: float = 1.0) -> ProgramReport:
    """What happened in a program, run in this process, from the same random numbers every time."""
    with borrowed():
        torch.manual_seed(0)
        return run_program(program, rate_factor=rate_factor)


def verdict_on(exercise: Exercise, program: str) -> Verdict:
    """The verdict on a program, with all that the exercise asks for."""
    report = report_of(program)
    verdict = exercise.judge(report)
    if verdict.passed and exercise.judge_again is not None:
        assert exercise.again is not None
        verdict = exercise.judge_again(report, report_of(program, exercise.again))
    if verdict.passed and exercise.judge_certificate is not None:
        verdict = exercise.judge_certificate(report, certificate_of(report))
    return verdict


def certificate_of(report: ProgramReport) -> Certificate:
    """The certificate of the last network that a program made."""
    told = report.networks[-1]
    network = MyNetwork(*told.widths, activation=told.activation)
    with torch.no_grad():
        for parameter, numbers in zip(network.parameters(), told.weights, strict=True):
            parameter.copy_(torch.tensor(numbers).reshape(parameter.shape))
    return certify(network)
