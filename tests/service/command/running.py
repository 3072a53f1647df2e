"""The command line, as a call in this process and as a process of its own."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from typer.testing import CliRunner, Result

from service.command.app import app
from tests.conftest import ROOT

MODULE = [sys.executable, "-m", "service"]


def called(*arguments: str, stdin: str | None = None) -> Result:
    """What a command comes to; whatever it raises that is not an exit is raised here.

    In a thread of its own, for Playwright keeps a loop running in the main one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(
            CliRunner().invoke, app, arguments, input=stdin, catch_exceptions=False, prog_name="lab"
        ).result()


def process(*arguments: str) -> "subprocess.Popen[str]":
    """The command as a person starts it."""
    return subprocess.Popen(
        [*MODULE, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
