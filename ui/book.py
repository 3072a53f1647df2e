"""What all chapters are given when they are laid out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import gradio as gr

from service import TrainingService
from ui.layout import Memory
from ui.questions import Predictions


@dataclass(frozen=True)
class Book:
    """The page under construction, and what its chapters share."""

    service: TrainingService
    page: gr.Blocks
    predictions: Predictions
    memories: Mapping[str, Memory]
    """By the task that a chapter trains."""


@dataclass(frozen=True)
class Chapter:
    """One tab of the page."""

    name: str
    """What it is called in the page's address."""
    tab: str
    lay_out: Callable[[Book], None]
    trains: str | None = None
    """The task it trains, if it does."""
