"""The calls for what a bench shows, each to copy, and the notebooks to take along."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ui.calls import ADDRESS, Snippet
from ui.components.parts import fold, items, section
from ui.components.program import copied
from ui.markup import Child, Markup, tag
from ui.static import script

SCRIPT = script("program") + script("folds") + script("calls")
"""What the figure does: it copies, puts the page's own address into the calls, and hands notebooks out."""
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

UNREPEATABLE = (
    "This network came out of a program, or of many trainings: its program on the bench makes it again."
)


def calls_panel(
    chapter: str, snippets: Sequence[Snippet], notebooks: Mapping[str, str], note: Child = None
) -> Markup:
    """The snippets for the bench of the chapter: the first in full, the others folded; then the notebooks.

    A note, if there is one, says what the snippets do not do.
    """
    first, *others = snippets
    return tag(
        "div.calls",
        section("program", f"{first.title} ({first.client})", *_snippet(first), data_snippet=first.name),
        tag("p", note) if note else None,
        (_folded(each) for each in others),
        _notebooks(notebooks),
        data_of=chapter,
    )


def _folded(snippet: Snippet) -> Markup:
    body = tag("div.program-body", *_snippet(snippet), data_snippet=snippet.name)
    return fold("panel.program", f"{snippet.title} ({snippet.client})", body)


def _snippet(snippet: Snippet) -> Iterable[Child]:
    pieces = snippet.code.split(ADDRESS)
    code: list[Child] = [pieces[0]]
    for piece in pieces[1:]:
        code += [tag("span", ADDRESS, data_lab=True), piece]
    return tag("p", snippet.words), copied(f"{snippet.title} ({snippet.client})", *code, editable=False)


def _notebooks(notebooks: Mapping[str, str]) -> Markup | None:
    if not notebooks:
        return None
    entries = (
        tag("a", title, href=f"lab/notebooks/{name}", download=name, data_notebook=ADDRESS)
        for name, title in notebooks.items()
    )
    return section(
        "notebooks",
        "Notebooks",
        tag("p", "Each comes with this page's address in its one line to change."),
        tag("ul", items(entries)),
    )


def notebook_titles(folder: Path = NOTEBOOKS) -> dict[str, str]:
    """What the notebooks of a folder are called, by their files' names; none where there is no folder."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.ipynb")):
        first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
        found[path.name] = first[0].removeprefix("# ").strip()
    return found
