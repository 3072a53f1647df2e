"""The commands together: help, version, and what is loaded for them."""

import subprocess
import sys

import pytest

from service.command.app import COMMANDS
from service.command.options import MISUSED
from service.version import __version__
from tests.conftest import ROOT
from tests.service.command.running import called, process


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_what_trains_nothing_loads_no_torch(asked: str) -> None:
    look = f"import sys; sys.argv[1:] = ['{asked}']; from service.command.app import app\n"
    look += "try: app()\nfinally: assert 'torch' not in sys.modules and 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", look], cwd=ROOT, check=True, capture_output=True)


def test_the_version_is_printed() -> None:
    with process("--version") as started:
        assert started.communicate()[0] == f"{__version__}\n"
    assert started.returncode == 0


def test_the_help_names_every_command() -> None:
    told = called("--help").output
    assert all(name in told and words in told for name, words in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_examples(name: str) -> None:
    result = called(name, "--help")
    assert result.exit_code == 0
    assert f"python -m service {name}" in result.output


@pytest.mark.parametrize("arguments", [["nothing"], ["train"], ["train", "product", "--nothing"]])
def test_what_is_no_call_exits_with_2_and_prints_no_result(arguments: list[str]) -> None:
    result = called(*arguments)
    assert result.exit_code == MISUSED
    assert not result.stdout
    assert "Error: " in result.stderr
