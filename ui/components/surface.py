"""The loss over var_1 and var_2, seen from above: its contours, the path so far, and the way down."""

from collections.abc import Callable, Sequence
from math import hypot, isfinite, sqrt

from service import Moment, RitualOptions
from ui.components import svg
from ui.components.chart import linear_axis
from ui.components.numbers import exact, shown
from ui.components.parts import legend
from ui.components.svg import Point
from ui.components.terms import term
from ui.components.text import counted
from ui.markup import Markup, join, tag

WIDTH, HEIGHT = 520, 275
LEFT, TOP, RIGHT, BOTTOM = 46, 8, 8, 30
INNER = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)
ASPECT = INNER[0] / INNER[1]
ARROW = 48
"""The length of the arrow for the gradient of one Backprop; where gradients add up it is longer."""
MAX_ARROW_FACTOR = 2.5
FROG = (
    tag("path", d="M-11 6c-5 0-6-5-3-8l5 3zM11 6c5 0 6-5 3-8l-5 3z"),
    tag("ellipse", cy="1", rx="10", ry="7.5"),
    tag("circle", cx="-5", cy="-6", r="3.6"),
    tag("circle", cx="5", cy="-6", r="3.6"),
    tag("g.frog-eyes", tag("circle", cx="-5", cy="-6.5", r="1.5"), tag("circle", cx="5", cy="-6.5", r="1.5")),
)
"""Around the point where it sits."""
LEVELS = (1.0, 9.0, 36.0, 100.0)
FAR = 1e6
"""How many times as far as the start, or as 1, the picture goes."""
GRID = 240
KEY = legend(
    ("valley", "thick: loss 0"),
    ("contour", f"thin: loss {', '.join(f'{level:g}' for level in LEVELS)}"),
    ("worded", "frog: now"),
)


def surface(options: RitualOptions, moments: Sequence[Moment]) -> Markup:
    """The frog's path over the contours; where the product is the target, the loss is 0."""
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
    here = drawn and (_arrow(moments[-1], place), _frog(place(path[-1])))
    dots = tag("g.path-dots", (svg.circle(place(point), 2.5) for point in path[:-1][-80:]))
    clip = tag("clipPath", svg.rect(LEFT, TOP, *INNER), id="surface-clip")
    course = svg.polyline(map(place, path), "path")
    return tag(
        "figure.panel.surface",
        svg.drawing(
            WIDTH,
            HEIGHT,
            _described(options, moments[-1]),
            clip,
            _axes(x_range, y_range, place),
            tag("g", contours, valley, course, dots, here, clip_path="url(#surface-clip)"),
        ),
        KEY,
        tag(
            "figcaption",
            *("The ", term("loss"), " is 0 where var_1 * var_2 = ", exact(target), ". "),
            _arrow_words(moments[-1], drawn),
        ),
    )


def _ranges(options: RitualOptions, path: Sequence[Point]) -> tuple[Point, Point]:
    """Around the start, the path, and the nearest of the valley; a step of 1 is as wide as it is high."""
    root = sqrt(abs(options.target))
    nearest = (
        root if options.start[0] >= 0 else -root,
        (root if options.target >= 0 else -root) * (1 if options.start[0] >= 0 else -1),
    )
    points = [*path, options.start, nearest]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    finest = 1e-6 * max(map(abs, (*xs, *ys)))
    half = max((max(xs) - min(xs)) / ASPECT, max(ys) - min(ys), finest, 1.5) * 0.65
    x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return (x - ASPECT * half, x + ASPECT * half), (y - half, y + half)


def _placing(x_range: Point, y_range: Point) -> Callable[[Point], Point]:
    def place(point: Point) -> Point:
        x = (point[0] - x_range[0]) / (x_range[1] - x_range[0])
        y = (point[1] - y_range[0]) / (y_range[1] - y_range[0])
        return LEFT + x * INNER[0], HEIGHT - BOTTOM - y * INNER[1]

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
    bottom = HEIGHT - BOTTOM
    x_ticks, y_ticks = linear_axis(*x_range).ticks, linear_axis(*y_range).ticks
    width, height = INNER
    ticks = tag(
        "g.ticks",
        (svg.text(LEFT + at * width, bottom + 18, label, text_anchor="middle") for at, label in x_ticks),
        (svg.text(LEFT - 5, bottom - at * height + 4, label, text_anchor="end") for at, label in y_ticks),
        svg.text(WIDTH - RIGHT - 6, bottom - 8, "var_1", text_anchor="end"),
        svg.text(LEFT + 8, TOP + 17, "var_2"),
    )
    return join(svg.rect(LEFT, TOP, width, height, rx=8, class_="frame"), ticks)


def _here(moment: Moment) -> Point:
    return moment.nodes["var_1"].value, moment.nodes["var_2"].value


def _way_down(moment: Moment) -> Point | None:
    """Against the gradient in .grad; None without one, and where it is 0 or not finite."""
    grads = moment.nodes["var_1"].grad, moment.nodes["var_2"].grad
    if grads[0] is None or grads[1] is None or not (isfinite(grads[0]) and isfinite(grads[1])):
        return None
    return None if grads == (0.0, 0.0) else (-grads[0], -grads[1])


def _arrow(moment: Moment, place: Callable[[Point], Point]) -> Markup | None:
    """Against the gradient."""
    way = _way_down(moment)
    if way is None:
        return None
    x, y = place(_here(moment))
    length = hypot(*way)
    added = hypot(*moment.added.values()) if moment.added else 0
    reach = ARROW * min(max(length / added, 1), MAX_ARROW_FACTOR) if added else ARROW
    dx, dy = reach * way[0] / length, -reach * way[1] / length
    tip = f"{x + dx:.1f},{y + dy:.1f}"
    back = 1 - 11 / reach
    barbs = [
        f"{x + back * dx + s * 7 * dy / reach:.1f},{y + back * dy - s * 7 * dx / reach:.1f}" for s in (1, -1)
    ]
    return join(
        svg.line((x, y), (x + back * dx, y + back * dy), class_="arrow"),
        tag("polygon.arrow-tip", points=f"{tip} {barbs[0]} {barbs[1]}"),
    )


def _frog(point: Point) -> Markup:
    return tag("g.frog", FROG, transform=f"translate({point[0]:.1f} {point[1]:.1f})")


def _arrow_words(moment: Moment, drawn: bool) -> str:
    if not drawn:
        return "The numbers have left the picture."
    if _way_down(moment) is not None:
        return "Arrow: against the gradient in .grad."
    if moment.nodes["var_1"].grad is None:
        return "No gradient in .grad yet: no arrow."
    return "The gradient in .grad is 0 or not finite: no arrow."


def _described(options: RitualOptions, moment: Moment) -> str:
    begin, end = options.start, _here(moment)
    way = f"from ({shown(begin[0])}, {shown(begin[1])}) to" if moment.updates else "standing at"
    loss = shown(moment.nodes["loss"].value)
    return (
        f"The loss over var_1 and var_2, target {exact(options.target)}: the path of "
        f"{counted(moment.updates, 'update')}, {way} ({shown(end[0])}, {shown(end[1])}); the last loss "
        f"computed is {loss}."
    )
