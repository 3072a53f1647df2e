"""The faults of Gradio that are worked around are still there; docs/gradio.md shows each by a program."""

import json
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "gradio.md").read_text(encoding="utf-8")
PROGRAMS = dict(re.findall(r"^## (.+?)\n.*?^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))

# All in one process, for each would load Gradio, and in one of their own, for ours is loaded in this one.
RUN = """
import json, sys, traceback
failed = {}
for title, program in json.load(sys.stdin).items():
    try:
        exec(program, {"__name__": title})
    except BaseException:
        failed[title] = traceback.format_exc()
print("failed:" + json.dumps(failed))
"""


@pytest.fixture(scope="module")
def failed() -> dict[str, str]:
    """The traceback of each program that did not find its fault."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps(PROGRAMS), capture_output=True, text=True, timeout=300
    )
    return json.loads(ran.stdout.rpartition("failed:")[2])


def test_each_fault_has_its_program() -> None:
    assert len(PROGRAMS) == TEXT.count("\n## ")


@pytest.mark.parametrize("title", PROGRAMS)
def test_it_is_still_there(title: str, failed: dict[str, str]) -> None:
    assert title not in failed, f"Its work-around can go, or the program is wrong:\n{failed[title]}"
