"""How the events of the page run: not as endpoints, without a veil, and for as many as there are people."""

from typing import Any

QUIET: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    # Gradio tells every component that has ever shown progress of every change of any event.
    "show_progress_on": [],
    "concurrency_limit": None,
}
