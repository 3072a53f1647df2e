"""The numbers of the bench as they stand, in one line each."""

from service import Moment
from ui.components.numbers import shown, sign
from ui.markup import Child, Markup, tag


def values_panel(moment: Moment) -> Markup:
    """The two numbers, their gradients, the product and the loss; what the last press changed is marked."""
    nodes = moment.nodes
    rows: list[tuple[tuple[str, Child], tuple[str, Child]]] = [
        ((name, _value(moment, name)), ("grad", _grad(moment, name))) for name in ("var_1", "var_2")
    ]
    loss = "loss was" if moment.stale else "loss"
    rows.append((("multiplied", shown(moment.product)), (loss, shown(nodes["loss"].value))))
    return tag("dl.values", ((tag("dt", name), tag("dd", value)) for row in rows for name, value in row))


def _value(moment: Moment, name: str) -> Markup:
    return tag(f"span.{'new' if name in moment.changed else ''}", shown(moment.nodes[name].value))


def _grad(moment: Moment, name: str) -> Markup:
    grad = moment.nodes[name].grad
    kind = "zero" if grad is None else sign(grad)
    return tag(f"span.{kind}.{'new' if f'{name}.grad' in moment.changed else ''}", shown(grad))
