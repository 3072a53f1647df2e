"""Reading the page's markup as a browser would."""

import re
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

VOID = {"br", "input", "img"}


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def well_formed(markup: str) -> bool:
    """Whether every tag that opens also closes, in order."""
    parser = _Balanced()
    parser.feed(markup)
    return parser.faults == [] == parser.open


def read(markup: str) -> str:
    """The words of the markup, as they are read."""
    return unescape(re.sub("<[^>]*>", "", markup))


def drawings(markup: str) -> list[ElementTree.Element]:
    """The SVG drawings in the markup that stand for an image."""
    found = re.findall(r"<svg[^>]*role=.img.*?</svg>", markup, re.DOTALL)
    return [ElementTree.fromstring(svg) for svg in found]


def words(element: ElementTree.Element) -> list[str]:
    """All texts of a drawing."""
    return ["".join(text.itertext()) for text in element.iter("text")]


def within(element: ElementTree.Element, margin: float = 1.0) -> bool:
    """Whether every rectangle and line of the drawing lies in its view box."""
    _, _, width, height = map(float, element.attrib["viewBox"].split())
    xs = [float(node.attrib[key]) for node in element.iter() for key in ("x1", "x2") if key in node.attrib]
    ys = [float(node.attrib[key]) for node in element.iter() for key in ("y1", "y2") if key in node.attrib]
    for rect in element.iter("rect"):
        x, y, w, h = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        xs += [x, x + w]
        ys += [y, y + h]
    return all(-margin <= x <= width + margin for x in xs) and all(
        -margin <= y <= height + margin for y in ys
    )
