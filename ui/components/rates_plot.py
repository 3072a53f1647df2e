"""The final loss for every learning rate, in one picture."""

from collections.abc import Sequence
from html import escape
from math import log10

from service.lessons import Outcome, Rates
from ui.components.chart import Axis, Curve, Mark, log_axis, panel
from ui.components.numbers import short, shown

FLOOR, CEILING = 1e-12, 1e6
STYLES = {
    Outcome.slow: "slow",
    Outcome.converges: "converges",
    Outcome.bounces: "bounces",
}


def rates_plot(rates: Rates) -> str:
    """Loss after the last step against learning rate, both on log axes, with the limit marked."""
    x_axis = _rate_axis(rates)
    shown_losses = [None if loss is None else min(max(loss, FLOOR), CEILING) for loss in rates.losses]
    y_axis = log_axis([FLOOR, CEILING])
    curves = [
        Curve(
            [rates.learning_rates[i] for i in part], [shown_losses[i] or FLOOR for i in part], STYLES[outcome]
        )
        for outcome, part in _parts(rates)
        if outcome in STYLES and all(rates.losses[i] is not None for i in part)
    ]
    limit = None if rates.curvature is None else 2 / rates.curvature
    marks = [] if limit is None else [Mark(limit, f"limit {short(limit)}")]
    return (
        f'<figure class="panel rates" aria-label="{escape(described(rates))}">'
        f"<h3>Loss after {rates.steps:,} steps, for every learning rate</h3>"
        f'{panel(curves, x_axis, y_axis, "", marks)}<ul class="key">{_key(rates)}</ul>'
        f"<figcaption>{escape(_why(rates))}</figcaption></figure>"
    )


def described(rates: Rates) -> str:
    """The picture in words."""
    return f"Loss after {rates.steps:,} steps against learning rate. " + "; ".join(_spans(rates)) + "."


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


def _key(rates: Rates) -> str:
    return "".join(
        f'<li class="{STYLES.get(outcome, "explodes")}"><b>{outcome}</b> {_span(rates, part)}</li>'
        for outcome, part in _parts(rates)
    )


def _why(rates: Rates) -> str:
    if rates.curvature is None or rates.minimum is None:
        return "No learning rate got to the minimum in so few steps; take more."
    var_1, var_2 = rates.minimum
    text = (
        f"At the minimum ({shown(var_1)}, {shown(var_2)}) the curvature is {short(rates.curvature)}. A step "
        f"multiplies the distance from it by 1 - learning_rate * curvature, which is a shrinking only below "
        f"2 / {short(rates.curvature)} = {short(2 / rates.curvature)}."
    )
    if rates.least_curvature > 0:
        text += (
            f" No minimum of this loss has a curvature below {short(rates.least_curvature)}, so from "
            f"{short(2 / rates.least_curvature)} on nothing converges, wherever it starts."
        )
    return text
