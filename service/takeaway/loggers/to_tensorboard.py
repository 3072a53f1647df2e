"""A run as event files of TensorBoard, which keep scalars in float32."""

import json
from pathlib import Path

from torch.utils.tensorboard.writer import SummaryWriter

from service.takeaway.loggers.run import LoggedRun


def write(run: LoggedRun, folder: Path) -> None:
    """Write a folder of the run's name into `folder`: losses as scalars, all else as texts."""
    with SummaryWriter(str(folder / run.name)) as writer:
        for step, losses in run.points:
            for name, value in losses.items():
                writer.add_scalar(name, value, step)
        for name, value in run.results.items():
            writer.add_scalar(f"results/{name}", value, int(run.results["final_step"]))
        writer.add_text("settings", json.dumps(run.settings))
        for name, said in run.remarks.items():
            writer.add_text(name, said)
