"""Put together the folder that a Space needs: `make space-files`, or `SPACE=owner/name make space-files`.

No tests, benchmarks or pictures for the README. With the Space's name, the thumbnail gets its whole address.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import ROOT

FOLDER = ROOT / "build" / "space"
NEEDED = (
    "app.py",
    "service",
    "ui",
    "datasets",
    "notebooks",
    "README.md",
    "LICENSE",
    "requirements.txt",
    "pre-requirements.txt",
)
PICTURE = re.compile(r"^!\[.*\n\n?", re.MULTILINE)
THUMBNAIL = re.compile(r"^thumbnail: (?!http)(.*)$", re.MULTILINE)


def put_together(folder: Path, space: str = "") -> int:
    """Make the folder anew of what git knows, or would; returns its bytes. `space` is "owner/name"."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *NEEDED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    readme = PICTURE.sub("", (folder / "README.md").read_text(encoding="utf-8"))
    if space:
        readme = THUMBNAIL.sub(rf"thumbnail: https://huggingface.co/spaces/{space}/resolve/main/\1", readme)
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Make build/space, and tell its size."""
    size = put_together(FOLDER, os.environ.get("SPACE", ""))
    print(f"{FOLDER.relative_to(ROOT)}: {size / 1e6:.2f} MB. Push it to a Space.")


if __name__ == "__main__":
    main()
