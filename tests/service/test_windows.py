"""Without what Windows lacks, as far as that can be taken away elsewhere: it trains, and says what it does not."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PROGRAM = """
import logging, multiprocessing, os, signal, socket, sys
from multiprocessing import context
from pathlib import Path

import distributed, torch  # they bring their own guards

def bare():
    sys.modules["resource"] = sys.modules["fcntl"] = None
    for module, name in ((signal, "SIGKILL"), (os, "fork"), (os, "nice"), (socket, "SOCK_SEQPACKET"),
                         (context, "ForkServerContext")):
        module.__dict__.pop(name)
    context._concrete_contexts.pop("forkserver")
    multiprocessing.get_all_start_methods = lambda: ["spawn"]

if __name__ == "__main__":
    logging.basicConfig()
    bare()
    from service import InvalidInput, TrainingService
    with TrainingService(Path(sys.argv[1]), workers=1) as lab:
        model = lab.create_model("product", start=[3, 4], target=15)
        print(lab.train(model.id, steps=100).status, lab.programs.enabled)
"""


def test_it_trains_and_says_that_programs_are_not_run(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, program, tmp_path / "data"],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "succeeded False\n", ran.stderr
    assert "Programs are not run: this system lacks what keeps them apart." in ran.stderr
