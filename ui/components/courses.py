"""Programs that ran side by side: the product after every step, one small plot a program."""

from collections.abc import Sequence
from html import escape
from math import isfinite

from service.lessons import Course
from ui.components.chart import Axis, Curve, Mark, linear_axis, panel, thin
from ui.components.numbers import shown

WORDS = {"B": "Backprop", "O": "Optimize", "R": "Reset"}
CLOSE = 1e-3


def race_panel(courses: Sequence[Course], target: float) -> str:
    """The six orders of the ritual; orders whose numbers end the same to the bit say so."""
    figures = "".join(
        _figure(course, target, _order(course.name), _verdict(course, target), _twins(course, courses))
        for course in courses
    )
    return f'<section class="panel"><div class="courses">{figures}</div></section>'


def pair_panel(pair: tuple[Course, Course], target: float) -> str:
    """The loop without Reset beside momentum 1.0, and whether they are the same to the bit."""
    figures = "".join(_figure(course, target, course.name, _range(course), "") for course in pair)
    same = pair[0].products == pair[1].products and pair[0].end == pair[1].end
    verdict = (
        f"All {len(pair[0].products) - 1:,} products are the same to the bit." if same else "The two differ."
    )
    return (
        f'<section class="panel"><div class="courses two">{figures}</div>'
        f'<p role="status">{verdict}</p></section>'
    )


def downhill_panel(course: Course) -> str:
    """The loss that goes below 0."""
    end = course.products[-1]
    passed = next((step for step, product in enumerate(course.products) if product < 0), None)
    words = (
        f"It ends at {shown(end)}."
        if passed is None
        else (
            f"It passes 0 at step {passed:,} and is at {shown(end)} after {len(course.products) - 1:,} steps."
        )
    )
    drawn = _figure(course, 0.0, course.name, words, "")
    return f'<section class="panel"><div class="courses one">{drawn}</div></section>'


def _figure(course: Course, target: float, title: str, verdict: str, twins: str) -> str:
    finite = [(step, value) for step, value in enumerate(course.products) if isfinite(value)]
    chosen = thin(finite)
    steps, values = [step for step, _ in chosen], [value for _, value in chosen]
    x_axis = linear_axis(0, max(len(course.products) - 1, 1), whole=True)
    drawn = panel([Curve(steps, values)], x_axis, _axis(values, target), "small", [Mark(target, "", True)])
    raised = f'<p class="raised-words">RuntimeError: {escape(course.error)}</p>' if course.error else ""
    told = f"<p>{escape(twins)}</p>" if twins else ""
    return (
        f'<figure class="course" data-name="{escape(course.name)}"><h4>{escape(title)}</h4>{drawn}'
        f"<figcaption>{escape(verdict)}</figcaption>{told}{raised}</figure>"
    )


def _axis(values: Sequence[float], target: float) -> Axis:
    low, high = min(*values, target), max(*values, target)
    room = (high - low or 1) * 0.08
    return linear_axis(low - room, high + room)


def _order(letters: str) -> str:
    return ", ".join(WORDS[letter] for letter in letters)


def _verdict(course: Course, target: float) -> str:
    end = course.products[-1]
    product = f"product {shown(end)}"
    if course.error:
        rounds = len(course.products) - 1
        updates = f"{course.updates:,} update" + "s" * (course.updates != 1)
        return f"Raises an error in round {rounds:,}, after {updates}: {product}."
    if course.updates == 0:
        return f"Never moves, and says nothing: {product}."
    if abs(end - target) < CLOSE:
        return f"Arrives: {product}."
    return f"After {course.updates:,} updates: {product}."


def _range(course: Course) -> str:
    later = course.products[1:]
    return f"The product swings between {min(later):.2f} and {max(later):.2f}."


def _twins(course: Course, courses: Sequence[Course]) -> str:
    same = [
        _order(other.name)
        for other in courses
        if other is not course and other.updates and other.products == course.products
    ]
    return f"The same to the bit: {'; '.join(same)}." if same else ""
