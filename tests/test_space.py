"""The folder that is pushed to a Space, and what its files say."""

from pathlib import Path

import yaml

from tests.conftest import ROOT
from tests.dockerfile import assigned, steps
from tests.space.files import put_together

MAX_BYTES = 2_500_000


def test_it_is_slim_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "space"
    size = put_together(folder)
    assert size < MAX_BYTES
    assert {path.name for path in folder.iterdir()} == {
        *("app.py", "service", "ui", "datasets", "notebooks"),
        *("README.md", "LICENSE", "requirements.txt", "pre-requirements.txt"),
    }
    assert (folder / "ui" / "static" / "kernels").is_dir()
    assert "![" not in (folder / "README.md").read_text(encoding="utf-8")


def test_with_the_name_of_a_space_the_thumbnail_has_an_address(tmp_path: Path) -> None:
    put_together(tmp_path / "space", "me/lab")
    matter = yaml.safe_load((tmp_path / "space" / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert matter["thumbnail"].startswith(
        "https://huggingface.co/spaces/me/lab/resolve/main/ui/static/shared/"
    )


def test_a_space_first_installs_the_torch_that_the_lab_asks_for() -> None:
    before, asked = (
        (ROOT / name).read_text(encoding="utf-8").split()
        for name in ("pre-requirements.txt", "requirements.txt")
    )
    assert [each for each in before if each.startswith("torch==")] == [
        each for each in asked if each.startswith("torch==")
    ]


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    said = dict(steps((ROOT / "Dockerfile").read_text(encoding="utf-8")))
    assert said["USER"] == "1000"
    assert "/health" in said["HEALTHCHECK"]
    assert assigned(said["ENV"])["LAB_DATA"] == said["VOLUME"] == "/data"
