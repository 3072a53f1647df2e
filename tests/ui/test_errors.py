"""What the events of the page take from whoever is not the page."""

from typing import Any

import gradio as gr
import pytest

from service import InvalidInput, TrainingService
from tests.conftest import run_async
from ui import build_ui
from ui.errors import Page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with TrainingService(tmp_path_factory.mktemp("lab"), workers=1) as lab:
        yield build_ui(lab)


@pytest.mark.parametrize("kind", [gr.Radio, gr.Dropdown, gr.Checkbox])
def test_a_choice_that_is_always_made_cannot_be_left_out(page: Page, kind: type[Any]) -> None:
    tried = 0
    for event in page.fns.values():
        held = [getattr(each, "value", None) for each in event.inputs]
        for at, each in enumerate(event.inputs):
            if isinstance(each, kind) and held[at] is not None and event.api_visibility != "public":
                tried += 1
                without = [*held[:at], None, *held[at + 1 :]]
                with pytest.raises(InvalidInput, match="load the page again"):
                    run_async(page.preprocess_data(event, without, None))
    assert tried
