"""The same training as a loop in C: the floor, for what it leaves out is not needed to train."""

import subprocess
from collections.abc import Callable
from ctypes import CDLL, c_float, c_long, c_void_p
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from numpy.typing import NDArray

from benchmarks.peers import check
from benchmarks.peers.base import Training, linear_widths
from benchmarks.rows import Row

SOURCE = Path(__file__).with_name("loop.c")
COMPILER = ("gcc", "-O3", "-march=native", "-shared", "-fPIC")
"""Without fast-math: no sum is reordered."""


def c_loop(row: Row, steps: int) -> Training | None:
    """loop.c, compiled for the row; raises FileNotFoundError if there is no gcc."""
    widths = linear_widths(row)
    if widths is None:
        return None
    train = _compiled(widths, len(row.examples()))
    examples = row.examples()
    data = [examples.inputs.numpy(), examples.targets.numpy()]
    first = [parameter.detach().numpy() for parameter in row.module().parameters()]

    def run(count: int) -> list[NDArray[Any]]:
        parameters = [array.copy() for array in first]
        places = [c_void_p(array.ctypes.data) for array in (*parameters, *data)]
        train(*places, c_float(row.learning_rate), c_long(count))
        return parameters

    check.check(row, run(check.STEPS))
    return lambda: run(steps)


def _compiled(widths: tuple[int, int, int], examples: int) -> Callable[..., object]:
    names = ("INPUTS", "HIDDEN", "OUTPUTS", "EXAMPLES")
    given = [f"-D{name}={value}" for name, value in zip(names, (*widths, examples), strict=True)]
    with TemporaryDirectory() as folder:
        library = Path(folder) / "loop.so"
        subprocess.run([*COMPILER, *given, "-o", library, SOURCE], check=True)
        return CDLL(str(library)).train
