"""Whether the tests notice when the code is changed: `python -m tests.mutants`, or `make mutants`.

mutmut changes one operator, number, argument or string at a time. A sample of these mutants, the same
every time, is tried against the tests of the changed module, the quickest first, until one fails. Printed
is every mutant that none of them noticed, unless mutants.toml says why none can. Within mutmut's processes
this module is a plugin of pytest.
"""

import json
import os
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name

from tests.conftest import ROOT

MUTANTS_PER_MODULE = 40
TESTS = {
    "service/training/advance.py": ["training/test_advance.py", "training/test_slices.py"],
    "service/training/stability.py": ["training/test_stability.py", "training/test_curvature.py"],
    "service/jobs/scheduler.py": ["jobs/test_scheduler.py", "jobs/test_crashes.py", "jobs/test_faults.py"],
    "service/jobs/store.py": ["jobs/test_store.py", "jobs/test_runs.py"],
    "service/tasks/challenge/proof.py": ["tasks/challenge/test_proof.py"],
    "service/tasks/challenge/rounding.py": ["tasks/challenge/test_rounding.py"],
}
"""The modules that are changed, and below TESTS_FOLDER the tests that are to notice."""
TESTS_FOLDER = "tests/service/"
REASONS = ROOT / "tests/mutants.toml"
WORKSHOP = ROOT / ".mutants"
"""Where mutmut works, with settings and a copy of the code of its own."""


def prepare() -> None:
    """Lay out the workshop."""
    WORKSHOP.mkdir(exist_ok=True)
    for name in ("service", "datasets", "tests", "pyproject.toml"):
        if not (WORKSHOP / name).exists():
            (WORKSHOP / name).symlink_to(ROOT / name)
    settings = {
        "source_paths": "service",
        "only_mutate": "\n    ".join(TESTS),
        "also_copy": "datasets",
        "pytest_add_cli_args": "-p\n    tests.mutants",
        "pytest_add_cli_args_test_selection": "\n    ".join(
            TESTS_FOLDER + file for files in TESTS.values() for file in files
        ),
        "process_isolation": "forkserver",  # the scheduler has threads, and torch has, too
        "timeout_constant": "10",
        "timeout_multiplier": "5",
    }
    lines = ["[mutmut]", *(f"{name} = {value}" for name, value in settings.items()), ""]
    (WORKSHOP / "setup.cfg").write_text("\n".join(lines), encoding="utf-8")


def sample(path: str) -> list[str]:
    """The mutants of a module that are tried, by their hashes: an edit elsewhere in it changes few of them."""
    source = (ROOT / path).read_text(encoding="utf-8")
    names = [get_mutant_name(Path(path), name) for name in mutate_file_contents(path, source).mutant_names]
    return sorted(names, key=lambda name: sha256(name.encode()).digest())[:MUTANTS_PER_MODULE]


def mutmut(*arguments: str, capture: bool = False) -> str:
    """Run mutmut in the workshop; what it printed, if that is captured."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    return subprocess.run(command, cwd=WORKSHOP, text=True, check=True, capture_output=capture).stdout


def lines_changed(diff: str) -> tuple[str, str]:
    """What stood in the code, and what stands there in the mutant."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was, becomes = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+")
    )
    return was, becomes


def main() -> int:
    """Try the sample; the exit code says whether there is a mutant without a test and without a reason."""
    prepare()
    os.chdir(WORKSHOP)  # mutmut reads its settings where it is, also for the names of the mutants
    names = [name for path in TESTS for name in sample(path)]
    mutmut("run", *names)
    results = mutmut("results", capture=True)
    statuses = dict(line.strip().rsplit(": ", 1) for line in results.splitlines())
    unnoticed = [name for name in names if statuses.get(name) in ("survived", "no tests")]
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8"))["mutants"]
    known = {(reason["was"], reason["becomes"]) for reason in reasons}
    unexplained = 0
    for name in unnoticed:
        diff = mutmut("show", name, capture=True)
        if lines_changed(diff) not in known:
            unexplained += 1
            print(diff)
    late = [name for name in names if statuses.get(name) == "timeout"]
    print(
        f"{len(names)} mutants tried: {len(unnoticed)} that no test noticed, {unexplained} without a reason; "
        f"{len(late)} ran out of time: they hang, or the machine was busy.",
        *late,
        sep="\n",
    )
    return int(unexplained > 0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only the tests of the changed module, the quickest first."""
    path = os.environ.get("MUTANT_UNDER_TEST", "").partition(".x")[0].replace(".", "/") + ".py"
    if path in TESTS:
        seconds = json.loads(Path("mutmut-stats.json").read_text())["duration_by_test"]
        files = tuple(TESTS_FOLDER + file for file in TESTS[path])
        items[:] = [item for item in items if item.nodeid.startswith(files)]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0))


if __name__ == "__main__":
    sys.exit(main())
