"""What all chapters are given when they are laid out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import gradio as gr

from service import TrainingService
from ui.layout import Layout, Memory
from ui.markup import Markup
from ui.opening import Opening
from ui.questions.quiz import Quiz


@dataclass(frozen=True)
class Book:
    """What the chapters of the page share."""

    service: TrainingService
    opening: Opening
    predictions: Quiz
    workspace: gr.State
    """Holds the Workspace of whoever has the page open."""
    tab: gr.Tab
    """The one under construction."""
    memories: Mapping[str, Memory]
    """By the task that a chapter trains."""
    benches: dict[str, Layout]
    """The benches that have been laid out so far, by the tasks that they train."""
    homes: Mapping[str, str]
    """The names of the chapters by the tasks that they train."""


@dataclass(frozen=True)
class Chapter:
    """One tab of the page."""

    name: str
    """What it is called in the page's address."""
    tab: str
    lay_out: Callable[[Book], None]
    learned: Markup | str
    """What somebody can do who has been through it; the end of a sentence."""
    trains: str | None = None
    """The task it trains, if it does."""
