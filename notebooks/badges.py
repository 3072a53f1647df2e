"""Where the notebooks' badges lead: `python -m notebooks.badges https://github.com/owner/name`.

Colab opens a notebook from a repository; which one holds this lab, whoever has pushed it knows. Until it is
said, the badges open Colab itself, where a notebook can be uploaded.
"""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
COLAB = "https://colab.research.google.com/"
PICTURE = f"{COLAB}assets/colab-badge.svg"
BADGE = re.compile(rf"\[!\[Open in Colab\]\({re.escape(PICTURE)}\)\]\(([^)\s]*)\)")
"""As it stands in a notebook's first cell; its group is where it leads."""
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
HUGGING_FACE = re.compile(r"(https://huggingface\.co/spaces/[\w.-]+/[\w.-]+?)/?")
USAGE = (
    "Give the address of the repository: https://github.com/owner/name or "
    "https://huggingface.co/spaces/owner/name"
)


def target(repository: str, name: str) -> str:
    """Where the badge of the notebook `name` leads, for the address of a repository on GitHub or of a Space.

    Raises ValueError for any other address.
    """
    if found := GITHUB.fullmatch(repository):
        return f"{COLAB}github/{found[1]}/blob/main/notebooks/{name}"
    if found := HUGGING_FACE.fullmatch(repository):
        return f"{COLAB}#fileId={found[1]}/blob/main/notebooks/{name}"
    raise ValueError(f"{USAGE}, not {repository!r}")


def lead(repository: str, folder: Path = FOLDER) -> None:
    """Have the badge of every notebook in `folder` lead to it in the repository. Raises as `target`."""
    for path in sorted(folder.glob("*.ipynb")):
        badge = f"[![Open in Colab]({PICTURE})]({target(repository, path.name)})"
        text = path.read_text(encoding="utf-8")
        path.write_text(BADGE.sub(lambda _, badge=badge: badge, text), encoding="utf-8")


if __name__ == "__main__":
    try:
        lead(sys.argv[1] if len(sys.argv) == 2 else "")
    except ValueError as error:
        raise SystemExit(str(error)) from None
