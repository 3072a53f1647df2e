"""What a tool gives back: JSON, and before it, where it is long, what it comes to in a sentence."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from gradio_client.utils import is_file_obj_with_meta
from mcp.types import TextContent

MAX_SHORT_CHARACTERS = 2000
"""Of JSON that is read as it stands."""
MAX_SHOWN_CHARACTERS = 100
"""Of a value in a summary."""


def told(value: Any) -> Iterator[TextContent]:
    """The contents of a result that holds this value: JSON, with a summary before it if it is long."""
    if is_file_obj_with_meta(value):
        names = {"url": "url", "name": "orig_name", "bytes": "size", "mime_type": "mime_type"}
        value = {name: value[key] for name, key in names.items()}
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(text) > MAX_SHORT_CHARACTERS:
        yield TextContent(type="text", text=summary(value))
    yield TextContent(type="text", text=text)


def summary(value: Any) -> str:
    """What there is in a value, in one sentence."""
    if not isinstance(value, dict):
        return f"In short, {_shape(value)}; all of it follows as JSON."
    parts = "; ".join(f"{name}: {_shape(each)}" for name, each in value.items())
    return f"In short, {parts}; all of it follows as JSON."


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return f"an object of {', '.join(value)}"
    if isinstance(value, str) and len(value) > MAX_SHOWN_CHARACTERS:
        return f"a text of {len(value):,} characters, beginning {_shown(value)}"
    if not isinstance(value, list) or len(value) < 3:
        return _shown(value)
    count = f"{len(value):,} values"
    if all(isinstance(each, bool | None) for each in value):
        counted = Counter(map(_shown, value))
        return f"{count}, " + ", ".join(f"{number:,} {each}" for each, number in counted.items())
    ends = f"{count}, the first {_shown(value[0])}, the last {_shown(value[-1])}"
    numbers = [each for each in value if isinstance(each, int | float)]
    return f"{ends}, the lowest {_shown(min(numbers))}" if numbers else ends


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…"
