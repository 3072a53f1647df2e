"""HTML and SVG in one way, which escapes by itself: what is not `Markup` is text, whoever wrote it."""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import TypeAlias

from markupsafe import Markup

__all__ = ["Child", "Markup", "join", "tag"]

Child: TypeAlias = "str | float | Iterable[Child] | None"
VOID = frozenset({"br", "input", "link"})
"""The elements without an end tag, of those in use."""
SPECIAL = re.compile("[&<>\"']").search


def tag(kind: str, /, *children: Child, **attributes: str | float | None) -> Markup:
    """An element; `kind` is its name and its classes: "p", "p.score", "ul.key".

    Children and attributes that are None or False are left out; True is a bare attribute. Underscores in an
    attribute's name are written as hyphens, and one at its end keeps it from being a keyword: `data_step`,
    `for_`.
    """
    opening, closing = _around(kind)
    for key, value in attributes.items():
        if value is True:
            opening += f" {_spelled(key)}"
        elif value is not None and value is not False:
            text = str(value)
            # Most attributes of a drawing are numbers.
            opening += f' {_spelled(key)}="{escape(text) if SPECIAL(text) else text}"'
    return Markup(f"{opening}>{''.join(map(_inner, children))}{closing}")


def join(*children: Child) -> Markup:
    """The children side by side, as `tag` takes them."""
    return Markup("".join(map(_inner, children)))


def _inner(child: Child) -> str:
    if type(child) is Markup:
        return child
    if child is None or child is False:
        return ""
    if isinstance(child, str) or not isinstance(child, Iterable):
        return escape(str(child), quote=False)  # quotes are harmless between tags
    return "".join(map(_inner, child))


@cache
def _around(kind: str) -> tuple[str, str]:
    name, *classes = kind.split(".")
    spelled = escape(" ".join(filter(None, classes)))
    opening = f'<{name} class="{spelled}"' if spelled else f"<{name}"
    return opening, "" if name in VOID else f"</{name}>"


@cache
def _spelled(attribute: str) -> str:
    return attribute.rstrip("_").replace("_", "-")
