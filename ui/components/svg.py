"""The shapes of the drawings; their coordinates are rounded to a tenth."""

from collections.abc import Iterable

from ui.markup import Child, Markup, tag

Attributes = str | float | None
Point = tuple[float, float]


def drawing(width: float, height: float, label: str, *children: Child, style: str | None = None) -> Markup:
    """An image of this size, said in words by `label`."""
    box = f"0 0 {width:.0f} {height:.0f}"
    return tag("svg", *children, viewBox=box, role="img", aria_label=label, style=style)


def line(begin: Point, end: Point, **attributes: Attributes) -> Markup:
    """A straight line."""
    (x1, y1), (x2, y2) = begin, end
    return tag("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", **attributes)


def polyline(points: Iterable[Point], style: str) -> Markup:
    """Lines from point to point; `style` is their class."""
    return tag(f"polyline.{style}", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points))


def rect(x: float, y: float, width: float, height: float, **attributes: Attributes) -> Markup:
    """A rectangle by its left upper corner."""
    return tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{height:.1f}", **attributes)


def circle(center: Point, r: float, style: str = "") -> Markup:
    """A circle; `style` is its class."""
    return tag(f"circle.{style}", cx=f"{center[0]:.1f}", cy=f"{center[1]:.1f}", r=r)


def text(x: float, y: float, *words: Child, **attributes: Attributes) -> Markup:
    """Words whose baseline is at y."""
    return tag("text", *words, x=f"{x:.1f}", y=f"{y:.1f}", **attributes)
