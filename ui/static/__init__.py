"""The page's own JavaScript: a file for each thing that it does."""

from pathlib import Path


def script(name: str) -> str:
    """The text of `name`.js."""
    return (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")
