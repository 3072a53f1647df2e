"""What a browser gets of the page over HTTP: compressed, and kept for as long as it holds."""

import re
import urllib.error
import urllib.request
from email.message import Message
from gzip import decompress

import pytest

from tests.conftest import RunningApp


def fetch(address: str, encoding: str = "identity") -> tuple[bytes, Message]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers


def parcel_files(app: RunningApp) -> list[str]:
    return re.findall(r'"\./(parcel/[^"]+)"', fetch(app.address)[0].decode())


def test_the_page_is_sent_compressed_to_whoever_can_read_that(app: RunningApp) -> None:
    plain, headers = fetch(app.address)
    assert headers["Content-Encoding"] is None
    zipped, headers = fetch(app.address, "gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in headers["Vary"].split(", ")
    assert len(zipped) < len(plain) / 5
    assert decompress(zipped)[:15] == plain[:15] == b"<!doctype html>"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_the_parcel_is_kept_for_ever(app: RunningApp, encoding: str) -> None:
    script, sheet = parcel_files(app)
    for name, kind in ((script, "text/javascript"), (sheet, "text/css")):
        _, headers = fetch(app.address + name, encoding)
        assert headers.get_content_type() == kind
        assert headers["Content-Encoding"] == (None if encoding == "identity" else encoding)
        assert "immutable" in headers["Cache-Control"]


def test_so_is_the_rest_of_the_front_end_but_not_the_page(app: RunningApp) -> None:
    page, headers = fetch(app.address)
    assert headers["Cache-Control"] is None
    (entry,) = re.findall(r'src="\./(assets/[^"]+)"', page.decode())
    assert "immutable" in fetch(app.address + entry)[1]["Cache-Control"]


@pytest.mark.parametrize("name", ["parcel/other.js", "assets/other.js"])
def test_what_there_is_not_is_not_kept(app: RunningApp, name: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(app.address + name)
    assert refused.value.code == 404
    assert refused.value.headers["Cache-Control"] is None
