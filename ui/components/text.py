"""Sentences for the page."""

from html import escape


def code_marked(text: str) -> str:
    """The text as HTML, with what stands between backticks set as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def counted(count: int, one: str, many: str | None = None) -> str:
    """The count and its noun: `1 step`, `2,000 steps`; `many` is the plural where it is not one + s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
