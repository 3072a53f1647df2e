"""The loss over var_1 and var_2, seen from above: its contours, the path so far, and the way down."""

from collections.abc import Callable, Sequence
from html import escape
from math import isfinite, sqrt

from service.lessons import Moment, RitualOptions
from ui.components.chart import linear_axis
from ui.components.numbers import shown

SIZE = 340
MARGIN = (34.0, 8.0, 8.0, 26.0)
LEVELS = (1.0, 9.0, 36.0, 100.0)
Point = tuple[float, float]
"""var_1 and var_2."""


def surface(options: RitualOptions, moments: Sequence[Moment]) -> str:
    """The path of the presses over the contours; where the product is the target, the loss is 0."""
    path = [(moment.nodes["var_1"].value, moment.nodes["var_2"].value) for moment in moments]
    path = [
        point
        for index, point in enumerate(path)
        if _finite(point) and (not index or point != path[index - 1])
    ]
    x_range, y_range = _ranges(options, path)
    place = _placing(x_range, y_range)
    target = options.target
    contours = "".join(
        _hyperbola(product, x_range, y_range, place, "contour")
        for level in LEVELS
        for product in (target - sqrt(level), target + sqrt(level))
    )
    valley = _hyperbola(target, x_range, y_range, place, "valley")
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, path))
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in map(place, path[:-1][-80:]))
    x, y = place(path[-1]) if path else place(options.start)
    inner = (SIZE - MARGIN[0] - MARGIN[2], SIZE - MARGIN[1] - MARGIN[3])
    return (
        f'<figure class="panel surface"><svg viewBox="0 0 {SIZE} {SIZE}" role="img" '
        f'aria-label="{escape(_described(options, path, moments[-1]))}">'
        f'<clipPath id="surface-clip"><rect x="{MARGIN[0]}" y="{MARGIN[1]}" width="{inner[0]}" '
        f'height="{inner[1]}"/></clipPath>{_axes(x_range, y_range, place)}'
        f'<g clip-path="url(#surface-clip)">{contours}{valley}<polyline class="path" points="{points}"/>'
        f'<g class="path-dots">{dots}</g>{_arrow(moments[-1], place)}'
        f'<circle class="here" cx="{x:.1f}" cy="{y:.1f}" r="6"/></g></svg>'
        f"<figcaption>The thick line is where var_1 * var_2 = {target:g} and the loss is 0; the thin ones "
        f"have loss {', '.join(f'{level:g}' for level in LEVELS)}. {escape(_arrow_words(moments[-1]))}"
        "</figcaption></figure>"
    )


def _finite(point: Point) -> bool:
    return all(isfinite(value) and abs(value) < 1e6 for value in point)


def _ranges(options: RitualOptions, path: Sequence[Point]) -> tuple[Point, Point]:
    """Square, and around the start, the path, and the nearest of the valley."""
    root = sqrt(abs(options.target))
    nearest = (
        root if options.start[0] >= 0 else -root,
        (root if options.target >= 0 else -root) * (1 if options.start[0] >= 0 else -1),
    )
    points = [*path, options.start, nearest]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    half = max(max(xs) - min(xs), max(ys) - min(ys), 1.5) * 0.65
    x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return (x - half, x + half), (y - half, y + half)


def _placing(x_range: Point, y_range: Point) -> Callable[[Point], Point]:
    left, top, right, bottom = MARGIN

    def place(point: Point) -> Point:
        x = (point[0] - x_range[0]) / (x_range[1] - x_range[0])
        y = (point[1] - y_range[0]) / (y_range[1] - y_range[0])
        return left + x * (SIZE - left - right), SIZE - bottom - y * (SIZE - top - bottom)

    return place


def _hyperbola(
    product: float, x_range: Point, y_range: Point, place: Callable[[Point], Point], style: str
) -> str:
    """Where var_1 * var_2 is this number: the branches that are in sight."""
    low, high = x_range
    span = y_range[1] - y_range[0]
    branches: list[list[Point]] = [[], []]
    for index in range(241):
        x = low + (high - low) * index / 240
        if x and y_range[0] - span < product / x < y_range[1] + span:
            branches[x > 0].append(place((x, product / x)))
    return "".join(
        f'<polyline class="{style}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in branch)}"/>'
        for branch in branches
        if len(branch) > 1
    )


def _axes(x_range: Point, y_range: Point, place: Callable[[Point], Point]) -> str:
    left, bottom = MARGIN[0], SIZE - MARGIN[3]
    x_ticks, y_ticks = linear_axis(*x_range).ticks, linear_axis(*y_range).ticks
    width, height = SIZE - MARGIN[0] - MARGIN[2], SIZE - MARGIN[1] - MARGIN[3]
    xs = "".join(
        f'<text text-anchor="middle" x="{left + at * width:.1f}" y="{bottom + 14}">{label}</text>'
        for at, label in x_ticks
    )
    ys = "".join(
        f'<text text-anchor="end" x="{left - 5}" y="{bottom - at * height + 4:.1f}">{label}</text>'
        for at, label in y_ticks
    )
    return (
        f'<rect class="frame" x="{left}" y="{MARGIN[1]}" width="{width}" height="{height}"/>'
        f'<g class="ticks">{xs}{ys}<text x="{SIZE - 8}" y="{bottom - 6}" text-anchor="end">var_1</text>'
        f'<text x="{left + 5}" y="{MARGIN[1] + 13}">var_2</text></g>'
    )


def _way_down(moment: Moment) -> Point | None:
    grads = moment.nodes["var_1"].grad, moment.nodes["var_2"].grad
    if grads[0] is None or grads[1] is None or not (isfinite(grads[0]) and isfinite(grads[1])):
        return None
    return None if grads == (0.0, 0.0) else (-grads[0], -grads[1])


def _arrow(moment: Moment, place: Callable[[Point], Point]) -> str:
    """Against the gradient, always of the same length on the screen."""
    way = _way_down(moment)
    here = moment.nodes["var_1"].value, moment.nodes["var_2"].value
    if way is None or not _finite(here):
        return ""
    x, y = place(here)
    length = sqrt(way[0] ** 2 + way[1] ** 2)
    dx, dy = 48 * way[0] / length, -48 * way[1] / length
    tip = f"{x + dx:.1f},{y + dy:.1f}"
    barbs = [f"{x + 0.78 * dx + s * 0.14 * dy:.1f},{y + 0.78 * dy - s * 0.14 * dx:.1f}" for s in (1, -1)]
    return (
        f'<line class="arrow" x1="{x:.1f}" y1="{y:.1f}" x2="{x + 0.8 * dx:.1f}" y2="{y + 0.8 * dy:.1f}"/>'
        f'<polygon class="arrow-tip" points="{tip} {barbs[0]} {barbs[1]}"/>'
    )


def _arrow_words(moment: Moment) -> str:
    if _way_down(moment) is None:
        return "Press Backprop for an arrow against the gradient."
    return "The arrow points against the gradient now in .grad."


def _described(options: RitualOptions, path: Sequence[Point], moment: Moment) -> str:
    loss = shown(moment.nodes["loss"].value)
    if not path:
        return "The numbers have left the picture."
    begin, end = path[0], path[-1]
    way = "standing at" if len(path) == 1 else f"from ({shown(begin[0])}, {shown(begin[1])}) to"
    return (
        f"The loss over var_1 and var_2, target {options.target:g}: the path of {len(path) - 1} updates, "
        f"{way} ({shown(end[0])}, {shown(end[1])}); the last loss computed is {loss}."
    )
