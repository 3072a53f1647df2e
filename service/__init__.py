"""The training service of Backprop Lab, usable without its page.

from pathlib import Path
from service import TrainingService

with TrainingService(Path("data")) as lab:
    model = lab.create_model("product", start=[3, 4], target=15)
    print(lab.train(model.id, steps=100).status)
    print(lab.parameters(model.id))
"""

from service.errors import DataFolderBusy, InvalidInput, LabError, ModelBusy, NotFound, ServiceClosed
from service.jobs.runs import Run
from service.jobs.workers import InlineExecutor, dask_cluster, process_pool
from service.numbers import could_be_thousands, plain, read_number, spelled
from service.records import (
    Argument,
    Dataset,
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
from service.takeaway.exports import Export
from service.tasks.challenge.bottleneck import Bottleneck
from service.tasks.challenge.distance import Distance
from service.tasks.challenge.proof import Certificate
from service.training.replay import Frame, FrameLayer
from service.training.requests import SPACE_STEP_LIMITS, STEP_LIMITS

__all__ = [
    "SPACE_STEP_LIMITS",
    "STEP_LIMITS",
    "Argument",
    "Bottleneck",
    "Certificate",
    "DataFolderBusy",
    "Dataset",
    "Distance",
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
    "TaskInfo",
    "TrainingConfig",
    "TrainingService",
    "could_be_thousands",
    "dask_cluster",
    "plain",
    "process_pool",
    "read_number",
    "spelled",
]
