"""Whose runs the page shows: an id that the browser keeps, made when it opens the page for the first time."""

import secrets
from dataclasses import dataclass
from typing import Any

import gradio as gr

from service import InvalidInput, TrainingService
from ui.fields import Data
from ui.opening import Opening


@dataclass
class Workspace:
    """The id of the workspace; all events of a page share it. None until the page has been opened."""

    id: str | None = None


def remember_workspace(service: TrainingService, opening: Opening) -> gr.State:
    """A state with the Workspace of whoever has the page open.

    To be called outside the tabs, and before anything that asks for it when the page is opened.
    """
    state = gr.State(Workspace())
    browser = gr.BrowserState(None, storage_key="backprop-lab-workspace", secret="backprop-lab")

    async def open_workspace(data: Data, _request: gr.Request) -> dict[Any, Any]:
        workspace: Workspace = data[state]
        workspace.id = _known(service, data[browser]) or secrets.token_hex(16)
        return {browser: workspace.id}

    opening.add(open_workspace, [browser], kept=[state, browser])
    return state


def _known(service: TrainingService, kept: Any) -> str | None:
    try:
        service.runs.last_removed(kept)
    except InvalidInput:
        return None
    return kept
