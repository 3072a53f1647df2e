"""The README: its front matter parses, it is short, its links and pictures lead somewhere."""

import re

import pytest
import yaml

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_front_matter_is_what_a_space_needs() -> None:
    matter = yaml.safe_load(README.split("---\n")[1])
    pinned = re.search(
        r"^gradio\[mcp\]==(\S+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert pinned is not None
    assert matter["sdk"] == "gradio"
    assert matter["sdk_version"] == pinned[1]
    assert matter["python_version"] == "3.11"
    assert (ROOT / matter["app_file"]).is_file()
    assert len(matter["short_description"]) <= 60
    assert (ROOT / matter["thumbnail"]).is_file()
    assert "pytorch" in matter["tags"]


def test_it_is_read_in_a_minute() -> None:
    assert len(README.splitlines()) <= 110


@pytest.mark.parametrize(
    ("link", "picture"), re.findall(r"\]\((?!http)([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"", README)
)
def test_every_link_leads_somewhere(link: str, picture: str) -> None:
    assert (ROOT / (link or picture)).is_file()


def test_the_moving_picture_is_small() -> None:
    assert (ROOT / "docs/dragging.gif").stat().st_size < 600_000
