"""The same network as matrices: each row times the vector, added up, product by product."""

from html import escape

from service.lessons import Dissection, Layer
from ui.components.numbers import shown, sign, signed
from ui.components.text import counted

MOST = 12


def layers_panel(dissection: Dissection) -> str:
    """Every layer as its matrix and as the sums that a vector makes of it."""
    parts = "".join(
        _layer(layer, dissection.activation, last=layer is dissection.layers[-1])
        for layer in dissection.layers
    )
    return (
        f'<section class="panel layers">{parts}<p>The network answers</p>'
        f'<pre tabindex="0" aria-label="Answer">{escape(dissection.answer)}</pre></section>'
    )


def parameters_list(dissection: Dissection) -> str:
    """What `parameters()` saves typing, and how many numbers it is."""
    by_hand = ", ".join(f"my_network.{name}" for name, _ in dissection.parameters)
    shapes = "".join(
        f"<tr><th scope='row'>{escape(name)}</th><td>{list(shape)}</td><td>{_count(shape):,}</td></tr>"
        for name, shape in dissection.parameters
    )
    return (
        '<section class="panel"><h3>The module as PyTorch prints it</h3>'
        f'<pre tabindex="0" aria-label="print(my_network)">{escape(dissection.printed)}</pre>'
        '<div class="scroll"><table class="predictions"><thead><tr><th scope="col">parameter</th>'
        '<th scope="col">shape</th><th scope="col">numbers</th></tr></thead>'
        f"<tbody>{shapes}</tbody></table></div>"
        f"<p><b>{dissection.count:,} numbers</b> that SGD may change. By hand it would be "
        f"<code>SGD([{escape(by_hand)}])</code>; "
        "<code>SGD(my_network.parameters())</code> is the same.</p></section>"
    )


def _count(shape: tuple[int, ...]) -> int:
    total = 1
    for size in shape:
        total *= size
    return total


def _layer(layer: Layer, activation: str, last: bool) -> str:
    rows = "".join(_row(layer, index, activation, last) for index in range(min(len(layer.bias), MOST)))
    hidden = len(layer.bias) - MOST
    more = f"<p>and {counted(hidden, 'more row')}.</p>" if hidden > 0 else ""
    shape, biases = f"{len(layer.bias)} x {len(layer.inputs)}", counted(len(layer.bias), "bias", "biases")
    return (
        f"<h3>{escape(layer.name)}: a {shape} matrix and {biases}</h3>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(layer.name)}, row by row">'
        f'<table class="predictions rows"><tbody>{rows}</tbody></table></div>{more}'
    )


def _row(layer: Layer, index: int, activation: str, last: bool) -> str:
    cells = [
        f'<td><b class="{sign(weight)}">{signed(weight)}</b> * {shown(value)}</td>'
        for weight, value in list(zip(layer.weight[index], layer.inputs, strict=True))[:MOST]
    ]
    if len(layer.inputs) > MOST:
        cells.append(f"<td>... {len(layer.inputs) - MOST} more</td>")
    bias = layer.bias[index]
    result = f"= {shown(layer.sums[index])}"
    if activation != "none" and not last:
        result += f", {activation}: {shown(layer.outputs[index])}"
    return (
        f'<tr><th scope="row">row {index + 1}</th>{"".join(cells)}'
        f'<td><b class="{sign(bias)}">{signed(bias)}</b> bias</td><td><b>{result}</b></td></tr>'
    )
