"""The same network as matrices: each row times the vector, added up, product by product."""

from math import prod

from service import Dissection, Layer
from ui.components.numbers import shown, sign, signed
from ui.components.parts import printed, row, section, table
from ui.components.terms import term
from ui.components.text import counted
from ui.markup import Markup, join, tag

MAX_NUMBERS = 12


def layers_panel(dissection: Dissection) -> Markup:
    """Every layer as its matrix and as the sums that a vector makes of it."""
    layers = [
        _layer(layer, dissection.activation, last=layer is dissection.layers[-1])
        for layer in dissection.layers
    ]
    answer = tag("p", "The network answers"), printed("Answer", dissection.answer)
    return tag("section.panel.layers", layers, answer)


def parameters_list(dissection: Dissection) -> Markup:
    """What `parameters()` saves typing, and how many numbers it is."""
    by_hand = ", ".join(f"my_network.{name}" for name, _ in dissection.parameters)
    rows = [row(name, [str(list(shape)), f"{prod(shape):,}"]) for name, shape in dissection.parameters]
    return section(
        "",
        "The module as PyTorch prints it",
        printed("print(my_network)", dissection.printed),
        table("The parameters", ("parameter", "shape", "numbers"), rows),
        tag(
            "p",
            tag("b", f"{dissection.count:,} numbers"),
            " that SGD may change, the network's ",
            term("parameters"),
            ". By hand it would be ",
            tag("code", f"SGD([{by_hand}])"),
            "; ",
            tag("code", "SGD(my_network.parameters())"),
            " is the same.",
        ),
    )


def _layer(layer: Layer, activation: str, last: bool) -> Markup:
    rows = [_row(layer, index, activation, last) for index in range(min(len(layer.bias), MAX_NUMBERS))]
    hidden = len(layer.bias) - MAX_NUMBERS
    shape, biases = f"{len(layer.bias)} x {len(layer.inputs)}", counted(len(layer.bias), "bias", "biases")
    return join(
        tag("h3", f"{layer.name}: a {shape} matrix and {biases}"),
        table(f"{layer.name}, row by row", (), rows, "rows"),
        hidden > 0 and tag("p", f"and {counted(hidden, 'more row')}."),
    )


def _row(layer: Layer, index: int, activation: str, last: bool) -> Markup:
    products = list(zip(layer.weight[index], layer.inputs, strict=True))
    cells = [join(_signed(weight), f" * {shown(value)}") for weight, value in products[:MAX_NUMBERS]]
    more = [f"... {len(products) - MAX_NUMBERS} more"] if len(products) > MAX_NUMBERS else []
    result = f"= {shown(layer.sums[index])}"
    if activation != "none" and not last:
        result += f", {activation}: {shown(layer.outputs[index])}"
    return row(
        f"row {index + 1}", [*cells, *more, join(_signed(layer.bias[index]), " bias"), tag("b", result)]
    )


def _signed(value: float) -> Markup:
    return tag(f"b.{sign(value)}", signed(value))
