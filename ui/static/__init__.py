"""The page's own JavaScript and CSS: a file for each thing that it does, and for each subject."""

from pathlib import Path

FOLDER = Path(__file__).parent
SUBJECTS = (
    "page", "controls", "trainings", "curves", "tables", "words", "bench", "questions", "lessons", "legends",
    "networks", "runs", "examples", "narrow",
)  # fmt: skip
STYLES = [FOLDER / "styles" / f"{subject}.css" for subject in SUBJECTS]
"""In the order in which they are read: of rules that weigh the same, the last one holds."""


def script(name: str) -> str:
    """The text of `name`.js."""
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")
