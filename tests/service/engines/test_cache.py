"""Compiled code is kept where it can be, and does without where it cannot."""

import ast
from pathlib import Path

from service.engines.cache import SOURCES
from tests.conftest import ROOT
from tests.service.engines.fresh import hashes, in_a_fresh_process


def test_what_one_process_compiles_the_next_one_finds(tmp_path: Path) -> None:
    first, second = (in_a_fresh_process(["product"], NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2))
    assert (first.cache_hits, first.cache_misses) == (0, 1)
    assert (second.cache_hits, second.cache_misses) == (1, 0)
    assert first.hashes == second.hashes == hashes(["product"])
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("kernels-")
    assert list(folder.rglob("*.nbi"))
    assert list(folder.rglob("*.nbc"))


def test_where_nothing_can_be_kept_it_trains_all_the_same(tmp_path: Path) -> None:
    obstacle = tmp_path / "a-file"
    obstacle.touch()
    found = in_a_fresh_process(["product"], NUMBA_CACHE_DIR=str(obstacle / "cache"))
    assert (found.cache_hits, found.cache_misses) == (0, 1)
    assert found.hashes == hashes(["product"])
    assert list(tmp_path.iterdir()) == [obstacle]


def test_all_that_decides_the_code_is_in_the_name_of_its_folder() -> None:
    found, upcoming = set[str](), ["network_kernel.py", "product_kernel.py"]
    while upcoming:
        name = upcoming.pop()
        found.add(name)
        tree = ast.parse((ROOT / "service/engines" / name).read_text())
        imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = {
            f"{module.split('.')[-1]}.py" for module in imported if module.startswith("service.engines.")
        }
        upcoming += names - found
    assert set(SOURCES) == found
