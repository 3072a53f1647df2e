"""The loss over var_1 and var_2, seen from above: its contours, the path so far, and the way down."""

from collections.abc import Callable, Sequence
from math import hypot, isfinite, sqrt

from service import Moment, RitualOptions
from ui.components import svg
from ui.components.chart import linear_axis
from ui.components.numbers import exact, shown
from ui.components.parts import legend
from ui.components.svg import Point
from ui.components.text import counted
from ui.markup import Markup, join, tag

SIZE = 340
MARGIN = (34.0, 8.0, 8.0, 26.0)
LEVELS = (1.0, 9.0, 36.0, 100.0)
FAR = 1e6
"""How many times as far as the start, or as 1, the picture goes."""
GRID = 240
KEY = legend(
    ("valley", "thick: loss 0"),
    ("contour", f"thin: loss {', '.join(f'{level:g}' for level in LEVELS)}"),
    ("path", "line with dots: the path so far"),
    ("here", "large dot: now"),
)


def surface(options: RitualOptions, moments: Sequence[Moment]) -> Markup:
    """The path of the presses over the contours; where the product is the target, the loss is 0."""
    path = [(moment.nodes["var_1"].value, moment.nodes["var_2"].value) for moment in moments]
    farthest = FAR * max(1.0, *map(abs, options.start))
    path = [
        point
        for index, point in enumerate(path)
        if all(abs(value) < farthest for value in point) and (not index or point != path[index - 1])
    ]
    x_range, y_range = _ranges(options, path)
    place = _placing(x_range, y_range)
    target = options.target
    products = [product for level in LEVELS for product in (target - sqrt(level), target + sqrt(level))]
    contours = [_hyperbola(product, x_range, y_range, place, "contour") for product in products]
    valley = _hyperbola(target, x_range, y_range, place, "valley")
    drawn = bool(path) and path[-1] == _here(moments[-1])
    here = drawn and (_arrow(moments[-1], place), svg.circle(place(path[-1]), 6, "here"))
    dots = tag("g.path-dots", (svg.circle(place(point), 2.5) for point in path[:-1][-80:]))
    inner = (SIZE - MARGIN[0] - MARGIN[2], SIZE - MARGIN[1] - MARGIN[3])
    clip = tag("clipPath", svg.rect(MARGIN[0], MARGIN[1], *inner), id="surface-clip")
    course = svg.polyline(map(place, path), "path")
    return tag(
        "figure.panel.surface",
        svg.drawing(
            SIZE,
            SIZE,
            _described(options, moments[-1]),
            clip,
            _axes(x_range, y_range, place),
            tag("g", contours, valley, course, dots, here, clip_path="url(#surface-clip)"),
        ),
        KEY,
        tag(
            "figcaption",
            f"The loss is 0 where var_1 * var_2 = {exact(target)}. {_arrow_words(moments[-1], drawn)}",
        ),
    )


def _ranges(options: RitualOptions, path: Sequence[Point]) -> tuple[Point, Point]:
    """Square, and around the start, the path, and the nearest of the valley."""
    root = sqrt(abs(options.target))
    nearest = (
        root if options.start[0] >= 0 else -root,
        (root if options.target >= 0 else -root) * (1 if options.start[0] >= 0 else -1),
    )
    points = [*path, options.start, nearest]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    finest = 1e-6 * max(map(abs, (*xs, *ys)))
    half = max(max(xs) - min(xs), max(ys) - min(ys), finest, 1.5) * 0.65
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
) -> Markup:
    """Where var_1 * var_2 is this number: the branches that are within the picture."""
    low, high = x_range
    span = y_range[1] - y_range[0]
    if product == 0:  # the two axes
        lines = [[(low, 0.0), (high, 0.0)], [(0.0, y_range[0]), (0.0, y_range[1])]]
        return join(svg.polyline(map(place, line), style) for line in lines)
    root = sqrt(abs(product))
    xs = [low + (high - low) * index / GRID for index in range(GRID + 1)]
    ys = [y_range[0] + span * index / GRID for index in range(GRID + 1)]
    points = [(x, product / x) for x in xs if abs(x) >= root]
    points += [(product / y, y) for y in ys if abs(y) >= root]
    points = sorted(point for point in points if y_range[0] - span < point[1] < y_range[1] + span)
    if product > 0:  # on each branch y falls where x rises
        points.sort(key=lambda point: (point[0], -point[1]))
    branches = [[point for point in points if (point[0] > 0) is side] for side in (False, True)]
    return join(svg.polyline(map(place, branch), style) for branch in branches if len(branch) > 1)


def _axes(x_range: Point, y_range: Point, place: Callable[[Point], Point]) -> Markup:
    left, bottom = MARGIN[0], SIZE - MARGIN[3]
    x_ticks, y_ticks = linear_axis(*x_range).ticks, linear_axis(*y_range).ticks
    width, height = SIZE - MARGIN[0] - MARGIN[2], SIZE - MARGIN[1] - MARGIN[3]
    ticks = tag(
        "g.ticks",
        (svg.text(left + at * width, bottom + 14, label, text_anchor="middle") for at, label in x_ticks),
        (svg.text(left - 5, bottom - at * height + 4, label, text_anchor="end") for at, label in y_ticks),
        svg.text(SIZE - 8, bottom - 6, "var_1", text_anchor="end"),
        svg.text(left + 5, MARGIN[1] + 13, "var_2"),
    )
    return join(svg.rect(left, MARGIN[1], width, height, class_="frame"), ticks)


def _here(moment: Moment) -> Point:
    return moment.nodes["var_1"].value, moment.nodes["var_2"].value


def _way_down(moment: Moment) -> Point | None:
    """Against the gradient in .grad; None without one, and where it is 0 or not finite."""
    grads = moment.nodes["var_1"].grad, moment.nodes["var_2"].grad
    if grads[0] is None or grads[1] is None or not (isfinite(grads[0]) and isfinite(grads[1])):
        return None
    return None if grads == (0.0, 0.0) else (-grads[0], -grads[1])


def _arrow(moment: Moment, place: Callable[[Point], Point]) -> Markup | None:
    """Against the gradient, always of the same length on the screen."""
    way = _way_down(moment)
    if way is None:
        return None
    x, y = place(_here(moment))
    # A step of 1 in var_1 is not quite as wide on the screen as one in var_2 is high.
    dx, dy = way[0] * (SIZE - MARGIN[0] - MARGIN[2]), -way[1] * (SIZE - MARGIN[1] - MARGIN[3])
    length = hypot(dx, dy)
    dx, dy = 48 * dx / length, 48 * dy / length
    tip = f"{x + dx:.1f},{y + dy:.1f}"
    barbs = [f"{x + 0.78 * dx + s * 0.14 * dy:.1f},{y + 0.78 * dy - s * 0.14 * dx:.1f}" for s in (1, -1)]
    return join(
        svg.line((x, y), (x + 0.8 * dx, y + 0.8 * dy), class_="arrow"),
        tag("polygon.arrow-tip", points=f"{tip} {barbs[0]} {barbs[1]}"),
    )


def _arrow_words(moment: Moment, drawn: bool) -> str:
    if not drawn:
        return "The numbers have left the picture."
    if _way_down(moment) is not None:
        return "The arrow points against the gradient now in .grad."
    if moment.nodes["var_1"].grad is None:
        return "Once .grad holds a gradient that is not 0, an arrow points against it."
    return "The gradient now in .grad is 0 or not finite, so there is no arrow."


def _described(options: RitualOptions, moment: Moment) -> str:
    begin, end = options.start, _here(moment)
    way = f"from ({shown(begin[0])}, {shown(begin[1])}) to" if moment.updates else "standing at"
    loss = shown(moment.nodes["loss"].value)
    return (
        f"The loss over var_1 and var_2, target {exact(options.target)}: the path of "
        f"{counted(moment.updates, 'update')}, {way} ({shown(end[0])}, {shown(end[1])}); the last loss "
        f"computed is {loss}."
    )
