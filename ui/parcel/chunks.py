"""Which of the files of Gradio's front end a page needs, as the front end's own code says.

It is built by Vite: wherever a file imports another one only when it is needed, the names of all that this
takes stand in a list at the head of the importing file, and their numbers beside the import.
"""

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

ENTRY = re.compile(r'<script type="module" crossorigin src="\./assets/([^"]+)">')
"""In Gradio's HTML."""
SHEET = re.compile(r'<link rel="stylesheet" crossorigin href="\./assets/([^"]+)">')
CORE = re.compile(r"^core-.*\.js$", re.MULTILINE)
NAMES = re.compile(r"m\.f=\[([^\]]*)\]")
TAKES = r"[^`]*`\).{0,60}?__vite__mapDeps\(\[([\d,]+)\]"
"""After the begin of an imported file's name: the numbers of the files that this takes, itself first."""


class Unfamiliar(Exception):
    """The front end is not built as this module expects."""


def chunks(html: str, assets: Path, kinds: Iterable[str]) -> list[str]:
    """The names of the files in `assets` that are needed, but for those that `html` names itself.

    `html` is Gradio's page, and `kinds` are those of the page's components, as Gradio's configuration
    calls them. Raises Unfamiliar.
    """
    entry, sheet = _found(ENTRY, html)[1], _found(SHEET, html)[1]
    index = _imported(_text(assets, entry), "Index-")
    blocks = _imported(_text(assets, index[0]), "Blocks-")
    core = _text(assets, _found(CORE, "\n".join(blocks))[0])
    shown = chain.from_iterable(_imported(core, "", after=_drawing(kind)) for kind in sorted(kinds))
    return [name for name in dict.fromkeys([*index, *blocks, *shown]) if name not in (entry, sheet)]


def _drawing(kind: str) -> str:
    """What stands before the import of what draws a component of this kind."""
    return rf"[,{{]{kind}:\{{[^{{}}]*?component:\(\)=>\w+\(\(\)=>"


def _imported(text: str, start: str, after: str = "") -> list[str]:
    """What the first import takes of a file whose name has this start, right `after` a pattern."""
    names = [name.strip('"').removeprefix("./") for name in _found(NAMES, text)[1].split(",")]
    numbers = _found(re.compile(rf"{after}import\(`\./{start}{TAKES}"), text)[1]
    return [names[int(number)] for number in numbers.split(",")]


def _found(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.search(text)
    if found is None:
        raise Unfamiliar(pattern.pattern)
    return found


def _text(assets: Path, name: str) -> str:
    return (assets / name).read_text(encoding="utf-8")
