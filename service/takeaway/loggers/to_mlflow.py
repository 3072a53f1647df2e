"""A run in a local store of MLflow: a SQLite file. Metrics are in float64, to the bit."""

import json
import os
from pathlib import Path

# Said before MLflow is imported, for that is when it would begin to report on its use.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")  # not that it makes its tables

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

from service.records import JobStatus
from service.takeaway.loggers.run import PROJECT, LoggedRun

MAX_METRICS = 1000
"""Metrics that MLflow takes at once."""
STATUSES = {JobStatus.succeeded: "FINISHED", JobStatus.cancelled: "KILLED"}
"""What MLflow calls how a run ended; all others have failed."""


def write(run: LoggedRun, folder: Path) -> None:
    """Add a run to the experiment `backprop-lab` of the store `mlflow.db` in `folder`."""
    client = MlflowClient(f"sqlite:///{folder / 'mlflow.db'}")
    known = client.get_experiment_by_name(PROJECT)
    experiment = (
        known.experiment_id
        if known
        else client.create_experiment(PROJECT, artifact_location=(folder / "artifacts").as_uri())
    )
    made = client.create_run(experiment, run_name=run.name).info.run_id
    params = [
        Param(name, value if isinstance(value, str) else json.dumps(value))
        for name, value in run.settings.items()
    ]
    client.log_batch(made, params=params, tags=[RunTag(name, said) for name, said in run.remarks.items()])
    points = [*run.points, (int(run.results["final_step"]), run.results)]
    metrics = [Metric(name, value, 0, step) for step, values in points for name, value in values.items()]
    for first in range(0, len(metrics), MAX_METRICS):
        client.log_batch(made, metrics=metrics[first : first + MAX_METRICS])
    client.set_terminated(made, STATUSES.get(run.status, "FAILED"))
