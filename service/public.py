"""All that the service offers to others, as `service` gives it to them."""

from service.catalog import Catalog, EngineInfo, OptimizerInfo
from service.errors import (
    ClusterUnusable,
    DataFolderBusy,
    DataFolderUnusable,
    InvalidInput,
    LabError,
    LimitReached,
    ModelBusy,
    NotFound,
    ServiceClosed,
    StorageFailed,
    Unreadable,
)
from service.exercises import EXERCISES, JUDGED, MISTAKES, ORDERED, Exercise
from service.jobs.cluster import dask_cluster
from service.jobs.health import Health
from service.jobs.kernels import wait_for_first_kernels
from service.jobs.runs import Run
from service.jobs.workers import InlineExecutor, process_pool
from service.lessons.losses import FiveLosses, five_losses
from service.lessons.network import Dissection, Layer, dissect
from service.lessons.orders import ORDERS, Trajectory, downhill, never_reset, race, trajectory
from service.lessons.rates import HIGHEST_RATE, LOWEST_RATE, RATE_COUNT, Outcome, Rates, Start, explore
from service.lessons.ritual import (
    ARRIVED_STEPS,
    MAX_PRESSES,
    PRESSES,
    Moment,
    Node,
    RitualOptions,
    press_through,
)
from service.lessons.sources import (
    network_output,
    network_program,
    ritual_output,
    ritual_program,
    tensor_program,
)
from service.lessons.tensors import OPERATORS, Calculation, WrittenTensor, calculate
from service.limits import Limits
from service.numbers import ascii_digits, could_be_thousands, exact, read_number, spelled
from service.records import (
    Argument,
    Dataset,
    ExampleSet,
    History,
    Job,
    JobStatus,
    Model,
    Point,
    Predictions,
    Progress,
    TaskInfo,
    TrainingConfig,
)
from service.sandbox.report import ProgramEnd, ProgramProgress, ProgramReport
from service.schemas import schema_of
from service.service import TrainingService
from service.settings import Settings
from service.takeaway.exports import FORMATS, Export, export
from service.takeaway.programs import training_program
from service.takeaway.recipes import packed_recipe
from service.tasks import Bottleneck, Certificate, Distance
from service.training.replay import Frame, FrameLayer
from service.training.requests import with_momentum
from service.training.snapshot import Snapshot
from service.version import __version__

__all__ = [
    "ARRIVED_STEPS",
    "EXERCISES",
    "FORMATS",
    "HIGHEST_RATE",
    "JUDGED",
    "LOWEST_RATE",
    "MAX_PRESSES",
    "MISTAKES",
    "OPERATORS",
    "ORDERED",
    "ORDERS",
    "PRESSES",
    "RATE_COUNT",
    "Argument",
    "Bottleneck",
    "Calculation",
    "Catalog",
    "Certificate",
    "ClusterUnusable",
    "DataFolderBusy",
    "DataFolderUnusable",
    "Dataset",
    "Dissection",
    "Distance",
    "EngineInfo",
    "ExampleSet",
    "Exercise",
    "Export",
    "FiveLosses",
    "Frame",
    "FrameLayer",
    "Health",
    "History",
    "InlineExecutor",
    "InvalidInput",
    "Job",
    "JobStatus",
    "LabError",
    "Layer",
    "LimitReached",
    "Limits",
    "Model",
    "ModelBusy",
    "Moment",
    "Node",
    "NotFound",
    "OptimizerInfo",
    "Outcome",
    "Point",
    "Predictions",
    "ProgramEnd",
    "ProgramProgress",
    "ProgramReport",
    "Progress",
    "Rates",
    "RitualOptions",
    "Run",
    "ServiceClosed",
    "Settings",
    "Snapshot",
    "Start",
    "StorageFailed",
    "TaskInfo",
    "TrainingConfig",
    "TrainingService",
    "Trajectory",
    "Unreadable",
    "WrittenTensor",
    "__version__",
    "ascii_digits",
    "calculate",
    "could_be_thousands",
    "dask_cluster",
    "dissect",
    "downhill",
    "exact",
    "explore",
    "export",
    "five_losses",
    "network_output",
    "network_program",
    "never_reset",
    "packed_recipe",
    "press_through",
    "process_pool",
    "race",
    "read_number",
    "ritual_output",
    "ritual_program",
    "schema_of",
    "spelled",
    "tensor_program",
    "training_program",
    "trajectory",
    "wait_for_first_kernels",
    "with_momentum",
]
