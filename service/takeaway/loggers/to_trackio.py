"""A run in a folder of Trackio's SQLite files. Metrics are in float64, to the bit.

Trackio reads where it keeps things when it is imported, once and for all; so it runs in a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from service.errors import LabError
from service.takeaway.loggers.run import PROJECT, LoggedRun

PROCESS = Path(__file__).with_name("trackio_process.py")


def write(run: LoggedRun, folder: Path) -> None:
    """Add a run to the project `backprop-lab` in `folder`. Raises LabError if Trackio cannot."""
    # What would have it send the run elsewhere is left out.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKIO_")}
    told = {
        "project": PROJECT,
        "name": run.name,
        "config": run.settings | run.remarks,
        "points": [*run.points, (run.results["final_step"], run.results)],
    }
    done = subprocess.run(
        [sys.executable, str(PROCESS)],
        input=json.dumps(told),
        env={**kept, "TRACKIO_DIR": str(folder), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it ended without a word"]
        raise LabError(f"Trackio could not log the run to {folder}: {said[-1]}")
