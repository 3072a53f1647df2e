"""The floors of the house, its public surface, and its one rule about gradio."""

import ast
from pathlib import Path

import pytest

import service
from service.engines import ENGINES
from service.tasks import TASKS

ROOT = Path(__file__).parent.parent

FLOORS: list[set[str]] = [
    {
        "service.errors",
        "service.numbers",
        "service.schemas",
        "service.torch_state",
        "service.logs",
        "service.limits",
        "service.version",
        "datasets",
    },
    {"service.records", "service.settings"},
    {"service.networks", "service.optimizers", "service.data", "service.sandbox"},
    {"service.engines"},
    {"service.tasks"},
    {"service.training"},
    {"service.exercises"},
    {"service.jobs", "service.takeaway", "service.lessons"},
    {"service"},
    {"ui", "wasm", "service.command"},
    {"app", "service.__main__"},
]
"""Lowest first. A module imports from lower floors, and from its own package."""

FILES = [
    *sorted(path for part in ("service", "ui", "wasm", "datasets") for path in (ROOT / part).rglob("*.py")),
    ROOT / "app.py",
]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unit(module: str) -> str:
    """The name under which FLOORS knows a module: itself, or the package it belongs to."""
    known = set().union(*FLOORS)
    while module not in known:
        module, _, _ = module.rpartition(".")
        if not module:
            return ""
    return module


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            submodules = {
                name for name in names if (ROOT / name.replace(".", "/")).with_suffix(".py").exists()
            }
            found |= submodules or {node.module}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path))
def test_imports_go_down_only(path: Path) -> None:
    own = unit(module_name(path))
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    for imported in imports(path):
        target = unit(imported)
        if target and target != own:
            assert floor[target] < floor[own], f"{module_name(path)} must not import {imported}"


@pytest.mark.parametrize("path", [p for p in FILES if "service" in p.parts], ids=lambda path: path.name)
def test_the_service_knows_nothing_of_gradio(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in ("gradio", "gradio_client", "ui")}


def constants(path: Path) -> set[str]:
    """The texts in a module that are values: not its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return {node.value for node in found if isinstance(node.value, str)}


def inside(path: Path, folder: str) -> bool:
    return path.is_relative_to(ROOT / folder)


@pytest.mark.parametrize(
    "path", [path for path in FILES if not inside(path, "service/tasks")], ids=lambda path: module_name(path)
)
def test_only_a_task_says_its_name(path: Path) -> None:
    named = constants(path) & set(TASKS)
    # A chapter says which task it trains, once; "autograd" and "challenge" are chapters' names, too.
    assert len(named) <= 1
    assert not named or inside(path, "ui/chapters")


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if not inside(path, "service/tasks") and not inside(path, "service/engines")],
    ids=lambda path: module_name(path),
)
def test_nobody_else_asks_which_network_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "isinstance"]
    assert not [call for call in asked if "MyNetwork" in ast.dump(call) or "LatentProduct" in ast.dump(call)]


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if not inside(path, "service/engines")],
    ids=lambda path: module_name(path),
)
def test_only_an_engine_says_its_name(path: Path) -> None:
    # The chapter on autograd is called so, too, and so is a module of torch.
    called_so = {ROOT / "ui/chapters/autograd.py", ROOT / "service/sandbox/names.py"}
    assert not constants(path) & set(ENGINES) or path in called_so


@pytest.mark.parametrize("path", [p for p in FILES if "ui" in p.parts], ids=lambda path: path.name)
def test_the_page_uses_only_public_names_of_the_service(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "service":
            assert node.module == "service"
            assert {alias.name for alias in node.names} <= set(service.__all__)


def test_the_public_surface_is_what_it_says() -> None:
    assert sorted(service.__all__) == [
        "ARRIVED_STEPS",
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
        "EXERCISES",
        "EngineInfo",
        "ExampleSet",
        "Exercise",
        "Export",
        "FORMATS",
        "FiveLosses",
        "Frame",
        "FrameLayer",
        "HIGHEST_RATE",
        "Health",
        "History",
        "InlineExecutor",
        "InvalidInput",
        "JUDGED",
        "Job",
        "JobStatus",
        "LOWEST_RATE",
        "LabError",
        "Layer",
        "LimitReached",
        "Limits",
        "MAX_PRESSES",
        "MISTAKES",
        "Model",
        "ModelBusy",
        "Moment",
        "Node",
        "NotFound",
        "OPERATORS",
        "ORDERED",
        "ORDERS",
        "OptimizerInfo",
        "Outcome",
        "PRESSES",
        "Point",
        "Predictions",
        "ProgramEnd",
        "ProgramProgress",
        "ProgramReport",
        "Progress",
        "RATE_COUNT",
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
    assert all(hasattr(service, name) for name in service.__all__)


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320
