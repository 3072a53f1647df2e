"""What many figures are made of: panels, tables, what a program prints, empty states."""

from collections.abc import Iterable

from ui.markup import Child, Markup, tag


def empty(*words: Child) -> Markup:
    """What stands in the place of a figure that there is nothing to show in yet."""
    return tag("div.empty", tag("p", *words))


def section(kind: str, title: Child, *children: Child, **attributes: str | float | None) -> Markup:
    """A part of the page under its title; `kind` are classes of it, as of a tag."""
    return tag(f"section.panel.{kind}", tag("h3", title), *children, **attributes)


def fold(kind: str, title: str, *children: Child) -> Markup:
    """What is folded under its title at first."""
    return tag(f"details.{kind}.fold", tag("summary", title), *children)


def button(kind: str, *children: Child, **attributes: str | float | None) -> Markup:
    """A button that sends no form."""
    return tag(f"button.{kind}", *children, type="button", **attributes)


def text_field(name: str, **attributes: str | float | None) -> Markup:
    """A field for what is no prose, with the id `name`."""
    return tag("input", id=name, type="text", autocomplete="off", spellcheck="false", **attributes)


def icon(sign: str) -> Markup:
    """A sign that only repeats what the words after it say."""
    return tag("span", sign, aria_hidden="true")


def printed(label: str, *children: Child) -> Markup:
    """Lines as they are, in a box that scrolls; `label` says what they are."""
    return tag("pre", *children, tabindex=0, aria_label=label)


def raised(error: str) -> Markup:
    """What an exception says."""
    return tag("pre.raised", error, tabindex=0)


def items(entries: Iterable[Child]) -> list[Markup]:
    """The entries of a list."""
    return [tag("li", entry) for entry in entries]


def legend(*entries: tuple[str, Child]) -> Markup:
    """The key of a drawing, in a line: each entry is the class of a sign, and what the sign means.

    The signs are drawn by styles/legends.css; "worded" has none, for its words name it.
    """
    return tag("ul.key", (tag(f"li.{sign}", words) for sign, words in entries))


def scroll(label: str, *children: Child, kind: str = "") -> Markup:
    """A region that scrolls where it is too wide, by hand and by keyboard."""
    return tag(f"div.scroll.{kind}", *children, tabindex=0, role="region", aria_label=label)


def table(label: str, heads: Iterable[Child], rows: Iterable[Markup], kind: str = "") -> Markup:
    """A table that scrolls, of rows made by `row`; a column headed None is that of their names."""
    columns = [tag("td") if head is None else tag("th", head, scope="col") for head in heads]
    head = columns and tag("thead", tag("tr", columns))
    return scroll(label, tag(f"table.predictions.{kind}", head, tag("tbody", rows)))


def row(name: Child, cells: Iterable[Child]) -> Markup:
    """A row of a table: its name, or None for a row without one, and its cells."""
    heading = None if name is None else tag("th", name, scope="row")
    return tag("tr", heading, (tag("td", cell) for cell in cells))
