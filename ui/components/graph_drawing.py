"""The graph of the loss, as autograd keeps it: every number with its gradient, from the leaves down."""

from html import escape

from service.lessons import Moment, Node
from ui.components.numbers import shown, sign

BOX = (150, 74)
WIDTH = 340
ROWS: tuple[tuple[tuple[str, float], ...], ...] = (
    (("var_1", 5), ("var_2", 185)),
    (("my_latent_value", 95),),
    (("target", 5), ("difference", 185)),
    (("loss", 95),),
)
STEP = 104
PLACES = {name: (x, row * STEP + 4.0) for row, names in enumerate(ROWS) for name, x in names}
TITLES = {"target": "target (fixed)"}


def graph_drawing(moment: Moment) -> str:
    """The graph after a press; what the press changed is framed, what is out of date is dashed."""
    edges = "".join(
        _edge(PLACES[parent], PLACES[name]) for name, node in moment.nodes.items() for parent in node.parents
    )
    edges += _edge(PLACES["target"], PLACES["difference"])
    boxes = "".join(_box(node, moment) for node in moment.nodes.values())
    height = len(ROWS) * STEP - (STEP - BOX[1]) + 8
    return (
        f'<figure class="panel graph"><svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(described(moment))}"><g class="graph-edges">{edges}</g>{boxes}</svg></figure>'
    )


def described(moment: Moment) -> str:
    """The graph in words, the same numbers."""
    parts = [
        f"{node.name} = {shown(node.value)}, grad {shown(node.grad)}, {node.operation}"
        for node in moment.nodes.values()
        if node.operation != "constant"
    ]
    return "Graph of the loss. " + "; ".join(parts) + "."


def _edge(begin: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1, x2, y2 = begin[0] + BOX[0] / 2, begin[1] + BOX[1], end[0] + BOX[0] / 2, end[1]
    if begin[1] == end[1]:
        x1, y1, x2, y2 = begin[0] + BOX[0], begin[1] + BOX[1] / 2, end[0], end[1] + BOX[1] / 2
    return f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"/>'


def _box(node: Node, moment: Moment) -> str:
    x, y = PLACES[node.name]
    value_changed, grad_changed = node.name in moment.changed, f"{node.name}.grad" in moment.changed
    old = moment.stale and node.name in ("my_latent_value", "difference", "loss")
    classes = "graph-node" + (" changed" if value_changed or grad_changed else "") + (" stale" if old else "")
    value = f'<tspan class="{"new" if value_changed else ""}">{shown(node.value)}</tspan>'
    grad = ""
    if node.operation != "constant":
        how = "none" if node.grad is None else sign(node.grad)
        grad = f'grad <tspan class="{how} {"new" if grad_changed else ""}">{shown(node.grad)}</tspan>'
    return (
        f'<g class="{classes}"><rect x="{x}" y="{y}" width="{BOX[0]}" height="{BOX[1]}" rx="6"/>'
        f'<text class="graph-name" x="{x + 8}" y="{y + 17}">{TITLES.get(node.name, node.name)}</text>'
        f'<text x="{x + 8}" y="{y + 34}">value {value}</text><text x="{x + 8}" y="{y + 50}">{grad}</text>'
        f'<text class="graph-op" x="{x + 8}" y="{y + 67}">{escape(_operation(node, old))}</text></g>'
    )


def _operation(node: Node, old: bool) -> str:
    if old:
        return "from the old numbers"
    return {"AccumulateGrad": "leaf: AccumulateGrad"}.get(node.operation, node.operation)
