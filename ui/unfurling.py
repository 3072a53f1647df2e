"""What a shared link shows elsewhere: title, sentence and picture of its chapter, in the page's head."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Scope

from ui.book import Chapter
from ui.markup import Markup, join, tag
from ui.static import FOLDER

PICTURES = FOLDER / "shared"
WIDTH, HEIGHT = 1200, 630
"""Pixels of a picture."""
ABOUT = "Learn what Backprop, Optimize and Reset really do: every number on the page is computed by PyTorch."
GRADIOS = re.compile(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')
ICON = tag("link", rel="icon", href="./favicon.ico", type="image/svg+xml")
Telling = Callable[[str, Scope], str]
"""From the page's HTML and the request for it to the HTML with a head that tells of its chapter."""


def unfurling(chapters: Mapping[str, Chapter], opens_with: str, address: str = "") -> Telling:
    """Tell of the chapter, of those by their names, that the address of a request asks for.

    Without one that is among them, of the whole lab, with the picture of that which it `opens_with`. The page
    is at `address`, if that is known; otherwise where the request says.
    """

    def told(html: str, scope: Scope) -> str:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("chapter", [""])[0]
        chapter = chapters.get(asked)
        title = f"{chapter.tab} · Backprop Lab" if chapter else "Backprop Lab"
        learned = Markup(chapter.learned).striptags() if chapter else ""
        sentence = f"Learn to {learned}" if learned else ABOUT
        name = asked if (PICTURES / f"{asked}.png").is_file() and chapter else opens_with
        here = address or _address(scope)
        return with_head(html, tags(title, sentence, f"{here}/lab/static/shared/{name}.png"))

    return told


def tags(title: str, sentence: str, picture: str) -> Markup:
    """The elements that tell of a page with this title, by a picture at this address."""
    properties = {
        "og:type": "website",
        "og:site_name": "Backprop Lab",
        "og:title": title,
        "og:description": sentence,
        "og:image": picture,
        "og:image:width": WIDTH,
        "og:image:height": HEIGHT,
    }
    names = {
        "description": sentence,
        "twitter:card": "summary_large_image",
        "twitter:title": title,
        "twitter:description": sentence,
        "twitter:image": picture,
    }
    return join(
        ICON,
        (tag("meta", property=name, content=value) for name, value in properties.items()),
        (tag("meta", name=name, content=value) for name, value in names.items()),
    )


def with_head(html: str, told: Markup) -> str:
    """The page with these elements at the begin of its head, and without Gradio's of the kind."""
    before, begin, rest = html.partition("<head>")
    head, end, body = rest.partition("</head>")
    return "".join((before, begin, told, GRADIOS.sub("", head), end, body))


def _address(scope: Scope) -> str:
    """Where the page is, as far as the request tells whom the gateway believes."""
    root = scope.get("root_path", "")
    if root.startswith(("http://", "https://")):
        return root
    return f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}{root}"
