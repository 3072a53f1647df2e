"""The same bits on every machine: what is written is what is computed, and nothing else."""

from pathlib import Path

import pytest

from tests.service.engines.fresh import Report, hashes, in_a_fresh_process, works


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """All works on the plainest processor of this kind: on x86, without AVX and fused operations."""
    cache: Path = tmp_path_factory.mktemp("kernels")
    return in_a_fresh_process(list(works()), NUMBA_CPU_NAME="generic", NUMBA_CACHE_DIR=str(cache))


def test_a_processor_that_can_do_less_gives_the_same_bits(plain: Report) -> None:
    assert not plain.has_wide_registers
    assert plain.hashes == hashes(list(works()))


def test_no_operation_may_be_reordered_contracted_or_approximated(plain: Report) -> None:
    assert plain.operations > 500
    assert plain.loose_operations == []
