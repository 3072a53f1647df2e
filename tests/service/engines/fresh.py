"""What a fresh process makes of a few works: `python -m tests.service.engines.fresh product ...`."""

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from service.engines import network_kernel, product_kernel
from service.training.advance import Work, advance
from tests.conftest import ROOT
from tests.service.works import make_work

STEPS = 300
OPERATION = re.compile(r"= (?:tail |musttail |notail )?(fadd|fsub|fmul|fdiv|frem|fneg|fcmp|call)\b (.*)")
FAST = re.compile(r"\b(?:fast|reassoc|contract|afn|arcp|nnan|ninf|nsz)\b")


@dataclass(frozen=True)
class Report:
    """What a process found; of the code, only if it compiled it itself."""

    hashes: dict[str, str]
    """Of every work's last checkpoint."""
    cache_hits: int
    cache_misses: int
    operations: int
    """How many operations on floats there are in the kernels' LLVM code."""
    loose_operations: list[str]
    """Those that LLVM may reorder, contract or approximate."""
    has_wide_registers: bool
    """Whether the machine code uses AVX."""


def _work(task: str, options: dict[str, Any] | None = None, **given: Any) -> Work:
    return make_work(task, STEPS, options, engine="compiled", **given)


def works() -> dict[str, Work]:
    """One work for every part of the kernels' arithmetic."""
    relu, tanh = {"hidden": [9], "activation": "relu"}, {"hidden": [4, 9], "activation": "tanh"}
    momentum = {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01}
    few: dict[str, Any] = {"examples": 20, "order": "shuffled"}
    return {
        "product": _work("product"),
        "product, adam": _work("product", optimizer="adam", settings={"weight_decay": 0.1}),
        "memorize": _work("memorize", learning_rate=1e-3),
        "challenge, relu": _work("challenge", relu, settings=momentum, learning_rate=1e-5, **few),
        "challenge, tanh": _work("challenge", tanh, optimizer="adamw", batch_size=7, **few),
    }


def hashes(names: list[str]) -> dict[str, str]:
    """The hash of the last checkpoint of every work."""
    chosen = works()
    results = {name: advance(chosen[name], STEPS) for name in names}
    assert all(result.step == STEPS for result in results.values())
    return {name: sha256(result.checkpoint).hexdigest() for name, result in results.items()}


def report(names: list[str]) -> Report:
    """What this process finds."""
    found = hashes(names)
    kernels: list[Any] = [product_kernel.train, network_kernel.general]
    kernels += [network_kernel.specialized((3, 2, 5))] if "memorize" in names else []
    llvm = "\n".join(text for kernel in kernels for text in kernel.inspect_llvm().values())
    assembly = "\n".join(text for kernel in kernels for text in kernel.inspect_asm().values())
    operations = [
        match[0] for match in OPERATION.finditer(llvm) if "float" in match[2] or "double" in match[2]
    ]
    loose = [line for line in operations if FAST.search(line.split("@")[0]) or "fmuladd" in line]
    return Report(
        found,
        sum(sum(kernel.stats.cache_hits.values()) for kernel in kernels),
        sum(sum(kernel.stats.cache_misses.values()) for kernel in kernels),
        len(operations),
        loose[:10],
        bool(re.search(r"%[yz]mm\d", assembly)),
    )


def in_a_fresh_process(names: list[str], **environment: str) -> Report:
    """The report of a process with this environment beside ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    run = subprocess.run(
        [sys.executable, "-m", "tests.service.engines.fresh", *names],
        cwd=ROOT,
        env=kept | environment,
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    return Report(**json.loads(run.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(report(sys.argv[1:]))))
