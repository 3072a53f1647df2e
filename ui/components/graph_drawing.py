"""The graph of the loss, as autograd keeps it: every number with its gradient, from the leaves down."""

from service import Moment, Node
from ui.components import svg
from ui.components.numbers import shown, sign
from ui.components.parts import legend
from ui.components.terms import term
from ui.markup import Markup, tag

BOX = (150, 74)
WIDTH = 340
ROWS: tuple[tuple[tuple[str, float], ...], ...] = (
    (("var_1", 5), ("var_2", 185)),
    (("my_latent_value", 95),),
    (("target", 5), ("difference", 185)),
    (("loss", 95),),
)
STEP = 104
KEY = legend(("edge", "line: goes into"), ("framed", "thick: just changed"), ("stale", "dashed: out of date"))
PLACES = {name: (x, row * STEP + 4.0) for row, names in enumerate(ROWS) for name, x in names}
TITLES = {"target": "target (fixed)"}
CAPTION = tag(
    "figcaption",
    "The two numbers at the top are ",
    term("leaf", "leaves"),
    ": they were not computed, and ",
    term("AccumulateGrad"),
    " adds each ",
    term("gradient"),
    " to the one they have. Below, each box names its ",
    term("grad_fn"),
    ", the operation that made it; ",
    tag("code", "my_latent_value"),
    " is ",
    term("latent"),
    ". ",
    term("Autograd"),
    " walks back from the loss, from operation to operation.",
)


def graph_drawing(moment: Moment) -> Markup:
    """The graph after a press; what the press changed is framed, what is out of date is dashed."""
    edges = [
        _edge(PLACES[parent], PLACES[name]) for name, node in moment.nodes.items() for parent in node.parents
    ]
    edges.append(_edge(PLACES["target"], PLACES["difference"]))
    boxes = (_box(node, moment) for node in moment.nodes.values())
    height = len(ROWS) * STEP - (STEP - BOX[1]) + 8
    drawn = svg.drawing(WIDTH, height, described(moment), tag("g.graph-edges", edges), boxes)
    return tag("figure.panel.graph", drawn, KEY, CAPTION)


def described(moment: Moment) -> str:
    """The graph in words, the same numbers."""
    parts = [
        f"{node.name} = {shown(node.value)}, grad {shown(node.grad)}, {node.operation}"
        for node in moment.nodes.values()
        if node.operation != "constant"
    ]
    return "Graph of the loss. " + "; ".join(parts) + "."


def _edge(begin: svg.Point, end: svg.Point) -> Markup:
    if begin[1] == end[1]:
        middle = begin[1] + BOX[1] / 2
        return svg.line((begin[0] + BOX[0], middle), (end[0], middle))
    return svg.line((begin[0] + BOX[0] / 2, begin[1] + BOX[1]), (end[0] + BOX[0] / 2, end[1]))


def _box(node: Node, moment: Moment) -> Markup:
    x, y = PLACES[node.name]
    value_changed, grad_changed = node.name in moment.changed, f"{node.name}.grad" in moment.changed
    old = moment.stale and node.name in ("my_latent_value", "difference", "loss")
    classes = "graph-node" + (" changed" if value_changed or grad_changed else "") + (" stale" if old else "")
    grad = None
    if node.operation != "constant":
        how = "none" if node.grad is None else sign(node.grad)
        grad = "grad ", tag("tspan", shown(node.grad), class_=f"{how} new" if grad_changed else how)
    return tag(
        "g",
        svg.rect(x, y, *BOX, rx=6),
        svg.text(x + 8, y + 17, TITLES.get(node.name, node.name), class_="graph-name"),
        svg.text(x + 8, y + 34, "value ", tag("tspan", shown(node.value), class_=value_changed and "new")),
        svg.text(x + 8, y + 50, grad),
        svg.text(x + 8, y + 67, _operation(node, old), class_="graph-op"),
        class_=classes,
    )


def _operation(node: Node, old: bool) -> str:
    if old:
        return "from the old numbers"
    return {"AccumulateGrad": "leaf: AccumulateGrad"}.get(node.operation, node.operation)
