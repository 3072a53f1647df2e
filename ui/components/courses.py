"""Programs that ran side by side: the product after every step, one small plot a program."""

from collections.abc import Sequence
from math import isfinite

from service import Trajectory
from ui.components.chart import SMALLEST_DRAWN, Axis, Curve, Mark, linear_axis, panel, thin
from ui.components.numbers import shown
from ui.components.parts import legend
from ui.components.terms import term
from ui.components.text import counted
from ui.markup import Child, Markup, tag

STILL = "Never moves, and says nothing"
WORDS = {"B": "Backprop", "O": "Optimize", "R": "Reset"}


def race_panel(courses: Sequence[Trajectory], target: float) -> Markup:
    """The six orders of the ritual; orders whose numbers end the same to the bit say so."""
    figures = [
        _figure(course, target, _order(course.name), _verdict(course), _twins(course, courses))
        for course in courses
    ]
    return _side_by_side("", figures, "dashed: the target")


def pair_panel(pair: tuple[Trajectory, Trajectory], target: float) -> Markup:
    """The loop without Reset beside momentum 1.0, and whether they are the same to the bit."""
    figures = [_figure(course, target, course.name, _range(course)) for course in pair]
    steps = len(pair[0].products) - 1
    when = f"After each of the {steps:,} steps" if steps > 1 else "After the step"
    same = when, " the two are the same ", term("to the bit"), "."
    verdict = same if pair[0].same_as(pair[1]) else "The two differ."
    return _side_by_side("two", figures, "dashed: the target", tag("p", verdict, role="status"))


def downhill_panel(course: Trajectory) -> Markup:
    """The loss that need not stop at 0."""
    drawn = _figure(course, 0.0, course.name, f"{_below(course)} {_ends(course)}".strip())
    return _side_by_side("one", [drawn], "dashed: 0")


def _side_by_side(kind: str, figures: Sequence[Markup], dashed: str, verdict: Markup | None = None) -> Markup:
    key = legend(("", "line: the product after every step"), ("target", dashed))
    return tag("section.panel", key, tag(f"div.courses.{kind}", figures), verdict)


def _below(course: Trajectory) -> str:
    negative = [step for step, product in enumerate(course.products) if product < 0]
    if not negative:
        return "The product never goes below 0."
    if negative[0] == 0:
        return "The product starts below 0."
    return f"The product goes below 0 at step {negative[0]:,}."


def _ends(course: Trajectory) -> str:
    """Where the product is at the end, or since when it is no number that float32 can hold."""
    steps, end = len(course.products) - 1, course.products[-1]
    if isfinite(end):
        return f"After {counted(steps, 'step')} it is {shown(end)}."
    last = max((step for step, product in enumerate(course.products) if isfinite(product)), default=-1)
    return f"From step {last + 1:,} on the product is not a finite number; it ends at {shown(end)}."


def _figure(course: Trajectory, target: float, title: str, verdict: str, twins: Child = None) -> Markup:
    finite = [(step, value) for step, value in enumerate(course.products) if isfinite(value)]
    chosen = thin(finite)
    steps, values = [step for step, _ in chosen], [value for _, value in chosen]
    x_axis = linear_axis(0, max(len(course.products) - 1, 1), whole=True)
    curves = [Curve(steps, values)] if values else []
    drawn = panel(curves, x_axis, _axis(values, target), "small", [Mark(target, "", True)])
    return tag(
        "figure.course",
        tag("h4", title),
        drawn,
        tag("figcaption", verdict),
        twins and tag("p", twins),
        course.error and tag("p.raised-words", f"RuntimeError: {course.error}"),
        data_name=course.name,
    )


def _axis(values: Sequence[float], target: float) -> Axis:
    low, high = min((*values, target)), max((*values, target))
    span = max(high - low, 1e-9 * max(abs(low), abs(high)))
    room = 0.08 * (span if span > SMALLEST_DRAWN else 1)
    return linear_axis(low - room, high + room)


def _order(letters: str) -> str:
    return ", ".join(WORDS[letter] for letter in letters)


def _verdict(course: Trajectory) -> str:
    end, rounds = course.products[-1], len(course.products) - 1
    product = f"product {shown(end)}"
    changes = {0: "have never changed", 1: "have changed once"}
    numbers = f"the numbers {changes.get(course.updates, f'have changed {course.updates:,} times')}"
    if course.error:
        return f"Raises an error in round {rounds:,}; {numbers}: {product}."
    if course.updates == 0:
        still = "Starts close to the target, and never moves" if course.arrived else STILL
        return f"{still}: {product}."
    if course.arrived:
        return f"Arrives: {product}."
    if not isfinite(end):
        return f"Explodes. {_ends(course)}"
    return f"After {counted(rounds, 'round')}, {numbers}: {product}."


def _range(course: Trajectory) -> str:
    later = [product for product in course.products[1:] if isfinite(product)]
    told = ""
    if later:
        low, high = min(later), max(later)
        where = f"is between {shown(low)} and {shown(high)}" if low < high else f"stays at {shown(low)}"
        told = f"After the first step the product {where}."
    return told if isfinite(course.products[-1]) else f"{told} {_ends(course)}".strip()


def _twins(course: Trajectory, courses: Sequence[Trajectory]) -> Child:
    same = [
        _order(other.name)
        for other in courses
        if other is not course and other.updates and other.same_as(course)
    ]
    return same and ("The same ", term("to the bit"), f": {'; '.join(same)}.")
