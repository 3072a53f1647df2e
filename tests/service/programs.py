"""Programs of the page, run as a reader would run them: nothing of this project is in them."""

import contextlib
import io
import re
import subprocess
import sys
from typing import Any

import torch

KNOWN = {"torch", "numpy"}


def run(program: str) -> tuple[dict[str, Any], str]:
    """What the program leaves behind, by name, and what it prints.

    It runs in this process, for importing torch takes longer than most programs; what it imports is
    looked at instead. `printed_alone` gives it an interpreter of its own.
    """
    assert set(re.findall(r"^\s*(?:import|from) (\w+)", program, re.MULTILINE)) <= KNOWN
    left: dict[str, Any] = {"__name__": "__main__"}
    with torch.random.fork_rng(devices=[]), contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(program, "program.py", "exec"), left)
    return left, printed.getvalue().strip()


def printed_by(program: str) -> str:
    """What the program prints."""
    return run(program)[1]


def printed_alone(program: str) -> str:
    """What the program prints in an isolated interpreter, which finds nothing of this project."""
    command = [sys.executable, "-I", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def weights_after(program: str) -> dict[str, Any]:
    """The weights that the program ends with, in a process that adds with two threads."""
    torch.set_num_threads(2)
    try:
        names, _ = run(program)
    finally:
        torch.set_num_threads(1)
    if "my_network" in names:
        return {name: weight.tolist() for name, weight in names["my_network"].state_dict().items()}
    return {name: names[name].tolist() for name in ("var_1", "var_2")}
