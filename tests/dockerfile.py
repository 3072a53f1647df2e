"""Execute the Dockerfile's steps where no builder can run: `make docker-steps`.

In a temporary folder that stands for the image's root, with a fresh environment for its Python. What cannot be
shown so are the image that it begins from, and its walls.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from tests.space.__main__ import as_user, need_python_for_user

PLACES = re.compile(r"(?<![\w./:])/(app|data|home/lab)\b")
"""The folders of the image, which stand in the temporary one."""
HEALTHY_SECONDS = 120.0


def steps(text: str) -> Iterator[tuple[str, str]]:
    """The instructions of a Dockerfile, and what they say."""
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest.strip()


def assigned(text: str) -> dict[str, str]:
    """The variables of an ENV, and their values."""
    return {name: value for name, _, value in (each.partition("=") for each in shlex.split(text))}


class Image:
    """What the steps so far have made."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.env = {"PATH": f"{place}/python/bin:/usr/bin:/bin", "PIP_RETRIES": "0"}
        self.folder = place
        self.is_user = False
        self.health = self.command = ""

    def placed(self, text: str) -> str:
        """The text with its places in the temporary folder."""
        return PLACES.sub(rf"{self.place}/\1", text)

    def shell(self, command: str) -> list[str | Path]:
        """The command line that runs a shell's command as the user of the image."""
        line: list[str | Path] = ["sh", "-c", self.placed(command)]
        return as_user(line) if self.is_user else line

    def take(self, name: str, rest: str) -> None:
        """Execute one step. Raises CalledProcessError, and KeyError for one that is unknown here."""
        {
            "FROM": self.begin,
            "ENV": lambda: self.env.update(assigned(self.placed(rest))),
            "RUN": lambda: subprocess.run(self.shell(rest), cwd=self.folder, env=self.env, check=True),
            "WORKDIR": lambda: self.work_in(Path(self.placed(rest))),
            "COPY": lambda: self.copy(*rest.split()),
            "USER": lambda: setattr(self, "is_user", True),
            "HEALTHCHECK": lambda: setattr(self, "health", rest.partition("CMD ")[2]),
            "CMD": lambda: setattr(self, "command", shlex.join(json.loads(rest))),
            "VOLUME": lambda: None,
            "EXPOSE": lambda: None,
        }[name]()

    def begin(self) -> None:
        """Stand in for the image of Python."""
        subprocess.run([sys.executable, "-m", "venv", self.place / "python"], check=True)
        need_python_for_user(self.place / "python/bin/python")

    def work_in(self, folder: Path) -> None:
        """Make the folder, and go on in it."""
        folder.mkdir(exist_ok=True)
        self.folder = folder

    def copy(self, *paths: str) -> None:
        """Copy what stands in the repository."""
        *sources, target = paths
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source, self.folder / target, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / source, self.folder / target)

    def run(self) -> float:
        """Run its command until its health check passes; the seconds that this took. Exits if it does not."""
        started = time.monotonic()
        process = subprocess.Popen(self.shell(f"exec {self.command}"), cwd=self.folder, env=self.env)
        try:
            while process.poll() is None and time.monotonic() - started < HEALTHY_SECONDS:
                check = subprocess.run(
                    self.shell(self.health),
                    cwd=self.folder,
                    env=self.env,
                    stderr=subprocess.DEVNULL,
                    check=False,
                )
                if check.returncode == 0:
                    return time.monotonic() - started
                time.sleep(0.2)
            sys.exit("The health check has not passed.")
        finally:
            process.terminate()
            process.wait(timeout=30)


def main() -> None:
    """Execute the steps, and run what they make."""
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        image = Image(Path(folder))
        image.place.chmod(0o755)
        os.umask(0o022)
        for name, rest in steps((ROOT / "Dockerfile").read_text(encoding="utf-8")):
            started = time.monotonic()
            image.take(name, rest)
            print(f"{time.monotonic() - started:6.1f} s  {name} {rest}"[:100], flush=True)
        print(f"{image.run():6.1f} s  until its health check passed")


if __name__ == "__main__":
    main()
