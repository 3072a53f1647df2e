"""The lab's own code as bytes, to be sent where it is not installed."""

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("service", "datasets")
"""What a worker needs, folders in ROOT."""


@dataclass(frozen=True)
class Code:
    """Sources, as a zip file, and a name that no other contents have."""

    name: str
    archive: bytes


@cache
def own_code() -> Code:
    """What this process runs, provided that no file has changed since it began."""
    buffer, digest = io.BytesIO(), sha256()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name, contents = path.relative_to(ROOT).as_posix(), path.read_bytes()
                archive.writestr(zipfile.ZipInfo(name), contents)
                digest.update(f"{name} {len(contents)} ".encode() + contents)
    return Code(f"code-{digest.hexdigest()[:16]}", buffer.getvalue())
