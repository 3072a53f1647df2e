"""The page as gradio knows it: exactly the promised endpoints, and the layout's defaults."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from service import InlineExecutor, TrainingService, __version__
from tests.conftest import ROOT
from ui import build_ui, launch_options
from ui.endpoints import ENDPOINTS

CONTRACT: dict[str, list[str]] = {
    "/tasks": [],
    "/add_dataset": ["csv", "file_name"],
    "/create_model": ["task", "hidden", "activation", "seed", "start", "target"],
    "/train": (
        training := [
            "model_id", "learning_rate", "steps", "optimizer", "momentum", "engine", "batch_size",
            "order", "dataset", "examples", "low", "high", "data_seed", "key", "settings",
            "held_out",
        ]
    ),
    "/submit": training,
    "/sweep": [
        "task", "learning_rates", "hidden", "seeds", "activation", "start", "target", "steps", "optimizer",
        "momentum", "engine", "batch_size", "order", "dataset", "examples", "low", "high", "data_seed",
        "settings", "held_out",
    ],
    "/watch": ["job_id", "after"],
    "/job": ["job_id"],
    "/cancel": ["job_id"],
    "/history": ["model_id"],
    "/parameters": ["model_id"],
    "/predict": ["model_id", "vectors"],
    "/certify": ["model_id"],
    "/export": ["model_id", "format"],
    "/rewind": ["model_id"],
    "/delete_model": ["model_id"],
    "/run_program": ["program"],
    "/check_program": ["exercise", "program"],
}  # fmt: skip

DEFAULTS: dict[str, Any] = {
    "seed": 0, "optimizer": "sgd", "momentum": 0.0, "engine": "compiled", "batch_size": 1,
    "order": "sequential", "examples": 1000, "low": -10, "high": 10, "data_seed": 0, "held_out": 0.0,
    "after": 0,
}  # fmt: skip
"""What the parameters are if left out, where that is not null."""


@pytest.fixture(scope="module")
def api_info(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the page publishes."""
    folder = tmp_path_factory.mktemp("lab")
    with TrainingService(folder, workers=1, make_executor=InlineExecutor) as lab:
        return build_ui(lab).get_api_info()


def test_the_public_endpoints_are_exactly_the_contract(api_info: dict[str, Any]) -> None:
    published = {
        name: [parameter["parameter_name"] for parameter in endpoint["parameters"]]
        for name, endpoint in api_info["named_endpoints"].items()
    }
    assert published == CONTRACT
    assert api_info["unnamed_endpoints"] == {}
    assert [f"/{name}" for name in ENDPOINTS] == list(CONTRACT)


def test_every_endpoint_is_documented(api_info: dict[str, Any]) -> None:
    descriptions = [endpoint["description"] for endpoint in api_info["named_endpoints"].values()]
    assert all(len(description) > 20 for description in descriptions)
    assert len(set(descriptions)) == len(descriptions)


def test_only_what_has_no_default_is_required(api_info: dict[str, Any]) -> None:
    required = {
        (name, parameter["parameter_name"])
        for name, endpoint in api_info["named_endpoints"].items()
        for parameter in endpoint["parameters"]
        if not parameter["parameter_has_default"]
    }
    firsts = {(name, parameters[0]) for name, parameters in CONTRACT.items() if parameters}
    seconds = {
        ("/predict", "vectors"),
        ("/export", "format"),
        ("/sweep", "learning_rates"),
        ("/check_program", "program"),
    }
    assert required == firsts | seconds


def test_what_is_left_out_is_what_it_always_was(api_info: dict[str, Any]) -> None:
    published = {
        (name, parameter["parameter_name"]): parameter["parameter_default"]
        for name, endpoint in api_info["named_endpoints"].items()
        for parameter in endpoint["parameters"]
    }
    assert published == {
        (name, parameter): DEFAULTS.get(parameter)
        for name, parameters in CONTRACT.items()
        for parameter in parameters
    }


def test_the_foot_of_the_page_tells_the_version(lab: TrainingService) -> None:
    texts = [getattr(block, "value", "") for block in build_ui(lab).blocks.values()]
    (foot,) = [text for text in texts if isinstance(text, str) and "Made from a lab" in text]
    assert f"This is version {__version__}." in foot


def test_every_style_sheet_is_in_use_and_short(lab: TrainingService) -> None:
    sheets = list((ROOT / "ui/static/styles").iterdir())
    scripts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "ui/static").glob("*.js"))
    fetched = set(re.findall(r"styled\('(\w+)'\)|styles/(\w+)\.css", scripts))
    at_first = {sheet.stem for sheet in launch_options(lab)["css_paths"]}
    assert {sheet.stem for sheet in sheets} == at_first | {one or other for one, other in fetched}
    assert all(len(sheet.read_text(encoding="utf-8").splitlines()) <= 150 for sheet in sheets)


@pytest.mark.parametrize("seconds", [0, 30])
def test_where_no_programs_run_none_are_edited(tmp_path: Path, seconds: int) -> None:
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor, program_seconds=seconds) as lab:
        kinds = [kind for block in build_ui(lab).blocks.values() for kind in block.elem_classes or ()]
        assert ("programless" in kinds) == (seconds == 0)


def test_no_two_events_that_run_again_for_the_last_change_have_one_trigger(lab: TrainingService) -> None:
    """Gradio's client would have each of them run the other, for ever."""
    triggers = Counter(
        target
        for event in build_ui(lab).fns.values()
        if event.fn is not None and event.trigger_mode == "always_last"
        for target in event.targets
    )
    assert [target for target, count in triggers.items() if count > 1 and target[0] is not None] == []
