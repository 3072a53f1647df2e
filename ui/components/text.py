"""Sentences for the page."""

from ui.markup import Markup, join, tag


def code_marked(text: str) -> Markup:
    """The text as HTML, with what stands between backticks set as code."""
    return join(tag("code", part) if index % 2 else part for index, part in enumerate(text.split("`")))


def counted(count: int, one: str, many: str | None = None) -> str:
    """The count and its noun: `1 step`, `2,000 steps`; `many` is the plural where it is not one + s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
