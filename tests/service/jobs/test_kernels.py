"""The kernels of a first start: what a first training needs is there before the page."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.jobs import kernels
from service.jobs.kernels import wait_for_first_kernels
from tests.conftest import ROOT

COMPILED = """
from itertools import islice
from unittest.mock import patch
from service.jobs import kernels
from service.training.advance import advance

with patch.object(kernels, "compile_kernels"):
    kernels.compile_for_server()
kernels.wait_for_first_kernels()
first = {(work.task, work.config.optimizer) for work in islice(kernels._works(), kernels.FIRST)}
print(sorted(first))
print(len({each.task for each in kernels._works()}) == kernels.FIRST)
"""


def test_the_first_ones_are_those_of_each_chapter_as_it_opens(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", COMPILED],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "[('challenge', 'sgd'), ('memorize', 'sgd'), ('product', 'sgd')]\nTrue\n"
    assert [path.name[:6] for path in tmp_path.glob("kernels-*/*-*") if path.suffix == ""][:1] == ["first-"]


def test_where_nothing_is_kept_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_MARK", None)
    monkeypatch.setattr(kernels, "FIRST_SECONDS", float("inf"))
    wait_for_first_kernels()


def test_what_never_comes_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_MARK", tmp_path / "complete")
    monkeypatch.setattr(kernels, "_FIRST_MARK", tmp_path / "first")
    monkeypatch.setattr(kernels, "FIRST_SECONDS", 0.1)
    wait_for_first_kernels()
