"""Nothing that a logger does leaves the machine: who opens a connection is overheard, in every process it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.takeaway.loggers import LOGGERS
from tests.conftest import ROOT
from tests.service.takeaway.loggers.test_loggers import needs

LISTENER = """
import os, sys

def note(*words):
    with open(os.environ["OVERHEARD"], "a") as file:
        print(os.getpid(), *words, file=file)

def hear(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        note(event, *args)

sys.addaudithook(hear)
note("began")
"""
"""Python imports it first; see https://docs.python.org/3/library/audit_events.html for what it can hear."""


def overheard(folder: Path, *command: str) -> tuple[str, set[str], list[str]]:
    """What a Python process printed, which processes there were, and what they did with sockets."""
    (folder / "sitecustomize.py").write_text(LISTENER, encoding="utf-8")
    notes = folder / "notes.txt"
    # A learner's machine: some tools are silent where they see a test, or CI.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    env = {**kept, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "OVERHEARD": str(notes)}
    ran = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, check=True)
    lines = [line.partition(" ") for line in notes.read_text(encoding="utf-8").splitlines()]
    return ran.stdout, {pid for pid, _, _ in lines}, [said for _, _, said in lines if said != "began"]


def test_a_connection_would_be_overheard(tmp_path: Path) -> None:
    program = "import socket; s = socket.socket(); s.connect_ex(('127.0.0.1', 9))"
    _, _, heard = overheard(tmp_path, "-c", program)
    assert len(heard) == 1
    assert heard[0].startswith("socket.connect ")


@pytest.mark.parametrize("name", LOGGERS)
def test_a_run_is_logged_without_a_connection(name: str, tmp_path: Path) -> None:
    needs(name)
    logged = tmp_path / "logged"
    told, processes, heard = overheard(
        tmp_path, "-m", "service", "train", "product", "--steps", "20", "--log", f"{name}:{logged}"
    )
    assert f"Logged to {name} in {logged}." in told
    assert any(logged.rglob("*"))
    assert len(processes) >= (2 if name == "trackio" else 1)  # Trackio is heard in its own
    assert heard == []
