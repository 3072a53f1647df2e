"""The parcel: what the page needs of Gradio's front end, as one script and one style sheet."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from gzip import compress
from hashlib import sha256
from pathlib import Path

from ui.markup import Markup, join, tag
from ui.parcel.chunks import ENTRY
from ui.static import script

FOLDER = "parcel"
ROOT = re.compile(r'const root = "[^"]*";')
"""Where Gradio's page says by which address the server knows it; it may stand elsewhere: static/root.js."""
SPECIFIER = re.compile(r"""\b(from|import|import\()(["'`])\./""")
"""Where a module names another one."""


@dataclass(frozen=True)
class Parcel:
    """Files to be served, compressed by gzip, by their names, and what asks for them in a page's head."""

    files: Mapping[str, bytes]
    script: str = ""
    """What is to stand before Gradio's own script, and below, at the end of the head."""
    sheet: str = ""

    def into(self, html: str) -> str:
        """Gradio's page, asking for the parcel."""
        entry = ENTRY.search(html)
        if entry is None or not self.files:
            return html
        before, after = html[: entry.start()], html[entry.start() :]
        before = ROOT.sub('const root = "./";', before)
        rest, end, body = after.partition("</head>")
        return "".join((before, self.script, rest, self.sheet, end, body))


def packed(assets: Path, names: Iterable[str]) -> Parcel:
    """The files of `assets` with these names, as a parcel."""
    texts = {name: (assets / name).read_text(encoding="utf-8") for name in names}
    sheets = {name: text for name, text in texts.items() if name.endswith(".css")}
    modules = {name: _portable(name, text) for name, text in texts.items() if name.endswith(".js")}
    opening = f"({script('parcel')})({json.dumps(modules)}, {json.dumps([*sheets])});"
    (code, code_file), (sheet, sheet_file) = _named(opening, "js"), _named("\n".join(sheets.values()), "css")
    return Parcel(
        {code: code_file, sheet: sheet_file},
        join(tag("script", Markup(script("root"))), tag("script", src=f"./{FOLDER}/{code}")),
        tag("link", rel="stylesheet", href=f"./{FOLDER}/{sheet}"),
    )


def _portable(name: str, text: str) -> str:
    """The module, so that it works wherever it is: see static/parcel.js."""
    moved = SPECIFIER.sub(r"\1\2gradio/", text).replace("import.meta.url", 'import.meta.resolve("gradio/")')
    return f"{moved}\n//# sourceURL=gradio/{name}"


def _named(text: str, suffix: str) -> tuple[str, bytes]:
    """The file's name, which changes with what it holds, and the file."""
    data = text.encode()
    return f"{sha256(data).hexdigest()[:16]}.{suffix}", compress(data, mtime=0)
