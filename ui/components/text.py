"""Sentences for the page."""

from html import escape


def code_marked(text: str) -> str:
    """The text as HTML, with what stands between backticks set as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
