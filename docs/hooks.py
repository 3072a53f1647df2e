"""What the site asks of the code: every endpoint, as clients are told of it."""

import tempfile
from pathlib import Path
from typing import Any

from service import InlineExecutor, TrainingService
from ui import build_ui

PLACE = "<!-- every endpoint: docs/hooks.py -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the reference of the endpoints into its place, where a page has one; called by MkDocs."""
    if PLACE not in markdown:
        return markdown
    with (
        tempfile.TemporaryDirectory() as folder,
        TrainingService(Path(folder), workers=1, make_executor=InlineExecutor) as lab,
    ):
        endpoints = build_ui(lab).get_api_info()["named_endpoints"]
    told = [_told(name, endpoint) for name, endpoint in endpoints.items()]
    return markdown.replace(PLACE, "\n".join(["## Every endpoint", *told]))


def _told(name: str, endpoint: Any) -> str:
    """The endpoint's sentences, and a table of its parameters."""
    words = endpoint["description"].partition("Args:")[0].strip()
    rows = [
        f"| `{each['parameter_name']}` | {_default(each)} | {each['python_type']['description']} |"
        for each in endpoint["parameters"]
    ]
    table = "\n".join(["| parameter | default | |", "|---|---|---|", *rows]) if rows else "No parameters."
    return f"\n### {name}\n\n{words}\n\n{table}\n"


def _default(parameter: dict[str, Any]) -> str:
    if not parameter["parameter_has_default"]:
        return "required"
    return "" if parameter["parameter_default"] is None else f"`{parameter['parameter_default']!r}`"
