"""What a shared link shows elsewhere, as those read it who ask for its page."""

import io
import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.conftest import RunningApp, running_app
from ui.app import CHAPTERS

MAX_PICTURE_BYTES = 60_000


def told(address: str, **headers: str) -> dict[str, str]:
    """The meta elements of the page at the address, by what they tell."""
    html = httpx.get(address, headers=headers).text
    assert html.startswith("<!doctype html>")
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', html)
    assert len(dict(found)) == len(found)
    assert "gradio" not in str(found).lower()
    return {name: unescape(content) for name, content in found}


def test_a_link_tells_of_its_chapter(app: RunningApp) -> None:
    tags = told(f"{app.address}?chapter=challenge&steps=10")
    assert tags["og:title"] == "Challenge · Backprop Lab"
    assert tags["og:description"].startswith("Learn to train a network that generalizes")
    assert tags["og:image"] == f"{app.address.rstrip('/')}/lab/static/shared/challenge.png"
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["twitter:image"] == tags["og:image"]


@pytest.mark.parametrize("query", ["", "?chapter=", "?chapter=..%2Fx", "?chapter=%22%3E%3Cscript%3E"])
def test_a_link_to_no_chapter_tells_of_the_lab(app: RunningApp, query: str) -> None:
    tags = told(f"{app.address}{query}")
    assert tags["og:title"] == "Backprop Lab"
    assert tags["og:image"].endswith("/lab/static/shared/autograd.png")


@pytest.mark.parametrize("chapter", [chapter.name for chapter in CHAPTERS])
def test_every_chapter_has_a_small_picture(app: RunningApp, chapter: str) -> None:
    picture = httpx.get(told(f"{app.address}?chapter={chapter}")["og:image"])
    assert len(picture.content) < MAX_PICTURE_BYTES
    assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)


def test_behind_a_proxy_the_picture_is_where_that_shows_it(tmp_path: Path) -> None:
    proxy = {"LAB_TRUSTED_PROXIES": "127.0.0.1", "GRADIO_ROOT_PATH": "/lab"}
    forwarded = {"X-Forwarded-Host": "school.example", "X-Forwarded-Proto": "https"}
    with running_app(tmp_path, **proxy) as app:
        tags = told(f"{app.address.removesuffix('lab/')}?chapter=write", **forwarded)
    assert tags["og:image"] == "https://school.example/lab/lab/static/shared/write.png"


def test_on_a_space_the_picture_is_at_its_address_and_the_page_says_that_it_forgets(tmp_path: Path) -> None:
    space = {"SPACE_ID": "me/lab", "SPACE_HOST": "me-lab.hf.space", "LAB_DATA": ""}
    with running_app(tmp_path, **space, XDG_DATA_HOME=str(tmp_path)) as app:
        assert told(app.address)["og:image"] == "https://me-lab.hf.space/lab/static/shared/autograd.png"
        assert "This Space forgets at a restart" in httpx.get(f"{app.address}config").text


def test_a_server_that_is_no_space_forgets_nothing(app: RunningApp) -> None:
    assert "forgets at a restart" not in httpx.get(f"{app.address}config").text


def test_the_icon_is_the_lab_s_own(app: RunningApp) -> None:
    icon = httpx.get(f"{app.address}favicon.ico")
    assert icon.headers["content-type"].startswith("image/svg+xml")
    assert "#1d4ed8" in icon.text
    assert '<link rel="icon" href="./favicon.ico"' in httpx.get(app.address).text
