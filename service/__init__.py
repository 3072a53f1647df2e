"""The training service of Backprop Lab, usable without its page.

from pathlib import Path
from service import TrainingService

with TrainingService(Path("data")) as lab:
    model = lab.create_model("product", start=[3, 4], target=15)
    print(lab.train(model.id, steps=100).status)
    print(lab.snapshot(model.id).parameters)
"""

from service.errors import DataFolderBusy, InvalidInput, LabError, ModelBusy, NotFound, ServiceClosed
from service.jobs.runs import Run
from service.jobs.workers import InlineExecutor, dask_cluster, process_pool
from service.numbers import ascii_digits, could_be_thousands, exact, read_number, spelled
from service.records import (
    Argument,
    Dataset,
    EngineInfo,
    ExampleSet,
    History,
    Job,
    JobStatus,
    Model,
    OptimizerInfo,
    Point,
    Predictions,
    Progress,
    TaskInfo,
    TrainingConfig,
)
from service.service import TrainingService
from service.settings import Settings
from service.takeaway.exports import Export, export
from service.takeaway.programs import training_program
from service.takeaway.recipes import packed_recipe
from service.tasks import Bottleneck, Certificate, Distance
from service.training.replay import Frame, FrameLayer
from service.training.snapshot import Snapshot

__all__ = [
    "Argument",
    "Bottleneck",
    "Certificate",
    "DataFolderBusy",
    "Dataset",
    "Distance",
    "EngineInfo",
    "ExampleSet",
    "Export",
    "Frame",
    "FrameLayer",
    "History",
    "InlineExecutor",
    "InvalidInput",
    "Job",
    "JobStatus",
    "LabError",
    "Model",
    "ModelBusy",
    "NotFound",
    "OptimizerInfo",
    "Point",
    "Predictions",
    "Progress",
    "Run",
    "ServiceClosed",
    "Settings",
    "Snapshot",
    "TaskInfo",
    "TrainingConfig",
    "TrainingService",
    "ascii_digits",
    "could_be_thousands",
    "dask_cluster",
    "exact",
    "export",
    "packed_recipe",
    "process_pool",
    "read_number",
    "spelled",
    "training_program",
]
