"""The Gradio page and API over the training service."""

from ui.app import build_ui, launch_options

__all__ = ["build_ui", "launch_options"]
