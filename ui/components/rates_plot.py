"""The final loss for every learning rate, in one picture."""

from collections.abc import Sequence
from math import log10

from service import ARRIVED_STEPS, Outcome, Rates, Start
from ui.components.chart import Axis, Curve, Mark, log_axis, panel
from ui.components.numbers import exact, short, shown
from ui.components.parts import legend
from ui.components.terms import term
from ui.components.text import counted
from ui.markup import Child, Markup, join, tag

LEAST = 1e-12
"""A loss below this is drawn on the lower edge, as 0 is."""
STYLES = {
    Outcome.falls: "slow",
    Outcome.level: "slow",
    Outcome.converges: "converges",
    Outcome.bounces: "bounces",
    Outcome.rises: "bounces",
}


def rates_plot(rates: Rates) -> Markup:
    """Loss after the last step against learning rate, both on log axes, with the limit marked."""
    finite = [loss for loss in rates.losses if loss is not None]
    highest = max(finite, default=1.0)
    edge = LEAST if highest > LEAST else 0.0
    y_axis = log_axis([max(loss, edge) for loss in finite])
    curves: list[Curve] = []
    for outcome, part in _parts(rates):
        points = [(rates.learning_rates[i], loss) for i in part if (loss := rates.losses[i]) is not None]
        if outcome in STYLES and points:
            heights = [max(loss, edge) for _, loss in points]
            curves.append(Curve([rate for rate, _ in points], heights, STYLES[outcome]))
    marks = [Mark(limit, f"limit {short(limit)}") for limit in [_limit(rates)] if limit is not None]
    return tag(
        "figure.panel.rates",
        tag("h3", f"Loss after {counted(rates.steps, 'step')}, for every learning rate"),
        panel(curves, _rate_axis(rates), y_axis, marks=marks),
        legend(*_key(rates)),
        tag("figcaption", (join(sentence, " ") for sentence in _why(rates))),
        aria_label=described(rates),
    )


def described(rates: Rates) -> str:
    """The picture in words."""
    return (
        f"Loss after {counted(rates.steps, 'step')} against learning rate. " + "; ".join(_spans(rates)) + "."
    )


def _rate_axis(rates: Rates) -> Axis:
    low, high = log10(rates.learning_rates[0]), log10(rates.learning_rates[-1])
    return Axis(
        lambda rate: (log10(rate) - low) / (high - low),
        [
            ((decade - low) / (high - low), f"{10.0**decade:g}")
            for decade in range(round(low), round(high) + 1)
        ],
    )


def _parts(rates: Rates) -> list[tuple[Outcome, list[int]]]:
    """Neighboring learning rates with the same outcome, together."""
    parts: list[tuple[Outcome, list[int]]] = []
    for index, outcome in enumerate(rates.outcomes):
        if not parts or parts[-1][0] is not outcome:
            parts.append((outcome, []))
        parts[-1][1].append(index)
    return parts


def _spans(rates: Rates) -> list[str]:
    return [f"{_span(rates, part)} {outcome}" for outcome, part in _parts(rates)]


def _span(rates: Rates, part: Sequence[int]) -> str:
    first, last = (short(rates.learning_rates[index]) for index in (part[0], part[-1]))
    return first if first == last else f"{first} to {last}"


def _key(rates: Rates) -> list[tuple[str, Markup]]:
    return [
        (STYLES.get(outcome, "worded"), join(tag("b", outcome), f" {_span(rates, part)}"))
        for outcome, part in _parts(rates)
    ]


def _limit(rates: Rates) -> float | None:
    """Above which learning rate the minimum that was found pushes away, if that is one of the picture's."""
    limit = 2 / rates.curvature if rates.curvature else None
    return limit if limit is not None and _in_sight(rates, limit) else None


def _in_sight(rates: Rates, rate: float) -> bool:
    return rates.learning_rates[0] <= rate <= rates.learning_rates[-1]


def _why(rates: Rates) -> list[Child]:
    target = exact(rates.options.target)
    if rates.start is Start.minimum:
        return [f"The product is {target} from the start: the gradients are 0, and nothing moves."]
    if rates.start is Start.saddle:
        return [
            join(
                "Both gradients are 0 at (0, 0), so nothing moves, whatever the learning rate. It is a ",
                term("saddle"),
                ": the loss falls in some directions from there, and rises in others.",
            )
        ]
    if rates.start is Start.mirrored:
        kind, side = ("each other's negative", "above") if rates.options.target > 0 else ("the same", "below")
        return [
            f"The two numbers start as {kind}, and every step keeps them that way. So the product never gets "
            f"{side} 0, and no learning rate takes it to {target}."
        ]
    return [_reached(rates), *_limits(rates)]


def _reached(rates: Rates) -> str:
    last = min(rates.steps, ARRIVED_STEPS)
    when = f"after each of the last {last} steps" if last > 1 else "after the step"
    if Outcome.converges in rates.outcomes:
        return f"Converges: within {short(rates.tolerance)} of the target {when}."
    more = " Some still fall; more steps may take them there." if Outcome.falls in rates.outcomes else ""
    return (
        f"None of the {len(rates.learning_rates)} learning rates holds the product within "
        f"{short(rates.tolerance)} of the target {when}.{more}"
    )


def _limits(rates: Rates) -> list[Child]:
    told: list[Child] = []
    limit = _limit(rates)
    if limit is not None and rates.minimum is not None and rates.curvature is not None:
        var_1, var_2 = rates.minimum
        told.append(
            join(
                f"The lowest of them ends at ({shown(var_1)}, {shown(var_2)}), where the ",
                term("curvature"),
                f" is {short(rates.curvature)}. Near that minimum a step multiplies the distance from it by "
                f"about 1 - learning rate * {short(rates.curvature)}. So the distance shrinks only if the "
                f"learning rate is below 2 / {short(rates.curvature)} = {short(limit)}.",
            )
        )
    anywhere = 2 / rates.least_curvature if rates.least_curvature else None
    if anywhere is not None and anywhere < rates.learning_rates[-1]:
        told.append(
            f"No minimum of this loss has a curvature below {short(rates.least_curvature)}. With a learning "
            f"rate above {short(anywhere)}, each of them pushes away whatever comes near it."
        )
    return told
