"""The files in ui/static/kernels are what `make wasm` makes of the kernels' sources, byte for byte, and small."""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import do_without
from tests.conftest import ROOT
from ui.static import FOLDER
from wasm.build import LINKER, sources

KERNELS = FOLDER / "kernels"
FILES = sorted(KERNELS.glob("*.wasm"))
LARGEST_COMPRESSED = 40_000


def test_they_are_not_stale() -> None:
    kept = (KERNELS / "sources.sha256").read_text(encoding="utf-8").strip()
    assert kept == sources(), "the kernels' sources have changed since: run `make wasm`"


def test_they_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    if shutil.which(LINKER) is None:
        do_without(LINKER, "lld")
    subprocess.run([sys.executable, "-m", "wasm", tmp_path], cwd=ROOT, check=True, timeout=600)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in KERNELS.iterdir()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_is_small(path: Path) -> None:
    assert len(gzip.compress(path.read_bytes(), mtime=0)) <= LARGEST_COMPRESSED


def test_there_is_each_kernel_in_each_variant() -> None:
    assert [path.name for path in FILES] == [
        "network_kernel.exact.wasm",
        "network_kernel.fused.wasm",
        "product_kernel.exact.wasm",
        "product_kernel.fused.wasm",
    ]
