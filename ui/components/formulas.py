"""What a press did, as the formula with its numbers in it."""

from service import PRESSES, Moment, RitualOptions
from ui.components.numbers import exact, shown
from ui.components.parts import items, raised, section
from ui.markup import Markup, tag

OTHER = {"var_1": "var_2", "var_2": "var_1"}


def formulas(options: RitualOptions, before: Moment | None, after: Moment) -> Markup:
    """The press that led from one moment to the next, explained; the first moment explains itself."""
    title, lines = _told(options, before, after)
    error = after.error and (
        tag("p", "PyTorch raised an error; var_1, var_2 and their gradients are as they were:", role="alert"),
        raised(f"RuntimeError: {after.error}"),
    )
    listed = tag("ul", items(tag("code", line) for line in lines))
    return section(
        f"formulas.{PRESSES[after.press or 'F'].lower()}", title, error, tag("div", listed, role="status")
    )


def _told(options: RitualOptions, before: Moment | None, after: Moment) -> tuple[str, list[str]]:
    if before is None:
        return "Forward has run once", _forward(options, after)
    title = f"{PRESSES[after.press]}: {LINES[after.press]}"
    if after.error:
        return title, []
    if after.press == "F":
        return title, _forward(options, after)
    if after.press == "B":
        return title, _backprop(options, before, after)
    if after.press == "O":
        return title, _optimize(options, before, after)
    had = [name for name in OTHER if before.nodes[name].grad is not None]
    return title, [f"{name}.grad = None" for name in had] or ["there was no gradient to reset"]


LINES = {
    "F": "my_latent_value and loss, computed afresh",
    "B": "loss.backward()",
    "O": "my_sgd.step()",
    "R": "my_sgd.zero_grad()",
}


def _forward(options: RitualOptions, moment: Moment) -> list[str]:
    var_1, var_2, latent, difference, loss = (
        shown(moment.nodes[name].value)
        for name in ("var_1", "var_2", "my_latent_value", "difference", "loss")
    )
    return [
        f"my_latent_value = {var_1} * {var_2} = {latent}",
        f"loss = ({exact(options.target)} - {latent}) ** 2 = {difference} ** 2 = {loss}",
    ]


def _backprop(options: RitualOptions, before: Moment, after: Moment) -> list[str]:
    slope = after.nodes["my_latent_value"].grad
    assert slope is not None
    difference = shown(after.nodes["difference"].value)
    lines = _forward(options, after) if after.ran_forward and before.stale else []
    lines.append(f"d loss / d my_latent_value = -2 * {difference} = {shown(slope)}")
    for name, other in OTHER.items():
        factor = after.nodes[other].value
        part = f"{shown(slope)} * {other} = {shown(slope)} * {shown(factor)} = {shown(after.added[name])}"
        was, now = before.nodes[name].grad, after.nodes[name].grad
        if was is None:
            lines.append(f"{name}.grad = {part}")
        else:
            lines.append(f"{name}.grad += {part}, so {shown(was)} becomes {shown(now)}")
    return lines


def _optimize(options: RitualOptions, before: Moment, after: Moment) -> list[str]:
    lines: list[str] = []
    rate = exact(options.learning_rate)
    for name in OTHER:
        grad = before.nodes[name].grad
        if grad is None:
            lines.append(f"{name}.grad is None, so {name} stays {shown(after.nodes[name].value)}")
        else:
            lines.append(
                f"{name} = {shown(before.nodes[name].value)} - {rate} * {shown(grad)} "
                f"= {shown(after.nodes[name].value)}"
            )
    return lines
