"""The badges of the notebooks: all lead to one place, which a command sets."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from notebooks.badges import BADGE, COLAB, FOLDER, lead, target

NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))


def led_to(folder: Path) -> dict[str, str]:
    """Where the badge in the first cell of each notebook leads."""
    firsts = {name: nbformat.read(folder / name, as_version=4).cells[0].source for name in NAMES}
    return {name: BADGE.findall(first)[0] for name, first in firsts.items()}


def test_they_lead_to_one_repository_or_to_colab_itself() -> None:
    found = led_to(FOLDER)
    repositories = {address.removesuffix(f"/blob/main/notebooks/{name}") for name, address in found.items()}
    assert len(repositories) == 1
    (repository,) = repositories
    assert repository == COLAB or repository.startswith((f"{COLAB}github/", f"{COLAB}#fileId="))


@pytest.mark.parametrize(
    ("repository", "leads_to"),
    [
        ("https://github.com/ada/lab", f"{COLAB}github/ada/lab/blob/main/notebooks/"),
        ("https://github.com/ada/lab.git", f"{COLAB}github/ada/lab/blob/main/notebooks/"),
        (
            "https://huggingface.co/spaces/ada/lab",
            f"{COLAB}#fileId=https://huggingface.co/spaces/ada/lab/blob/main/notebooks/",
        ),
    ],
)
def test_one_command_has_them_lead_elsewhere_and_changes_nothing_else(
    repository: str, leads_to: str, tmp_path: Path
) -> None:
    for name in NAMES:
        shutil.copy(FOLDER / name, tmp_path)
    lead(repository, tmp_path)
    assert led_to(tmp_path) == {name: leads_to + name for name in NAMES}
    for name in NAMES:
        before, after = ((folder / name).read_text(encoding="utf-8") for folder in (FOLDER, tmp_path))
        assert BADGE.sub("", after) == BADGE.sub("", before)


@pytest.mark.parametrize("address", ["", "ada/lab", "https://example.com/ada/lab", "https://github.com/ada"])
def test_another_address_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(ValueError, match="Give the address of the repository"):
        target(address, NAMES[0])


def test_without_an_address_the_command_says_what_to_give() -> None:
    command = [sys.executable, "-m", "notebooks.badges"]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Give the address of the repository")
