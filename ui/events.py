"""How the events of the page run: not as endpoints, without a veil, and for as many as there are people."""

from typing import Any, TypeVar

import gradio as gr
from pydantic import BaseModel, ValidationError

from service import InvalidInput

QUIET: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    # Gradio tells every component that has ever shown progress of every change of any event.
    "show_progress_on": [],
    "concurrency_limit": None,
}

Told = TypeVar("Told", bound=BaseModel)


def told(event: gr.EventData, form: type[Told]) -> Told:
    """What the page's script told with the event. Raises InvalidInput unless it has this form."""
    try:
        return form.model_validate(event._data, strict=True)
    except ValidationError:
        allowed = "what the page's own script tells; load the page again"
        raise InvalidInput("event_data", event._data, allowed) from None
