"""The loss curve, on a linear and on a log axis, as SVG with a text alternative."""

from html import escape

from service import History
from ui.components.chart import TINY, Curve, Mark, linear_axis, log_axis, panel, thin


def loss_plot(history: History | None, name: str, log: bool = False, floor: float | None = None) -> str:
    """The figure of a model's history; `name` is unique on the page, `log` the axis shown at first.
    `floor` is a loss that this network can never get below.

    Both axes are drawn, and two radio buttons choose between them without asking the server.
    """
    if history is None or not history.step:
        return '<div class="empty">The loss curve will appear here. Press <b>Train</b> to start.</div>'
    steps, losses = thin(history.step), thin(history.loss)
    x_axis = linear_axis(steps[0], max(steps[-1], steps[0] + 1), whole=True)
    lowest = [] if floor is None else [floor]
    highest = max([*losses, *lowest])
    marks = [Mark(each, f"no weights get below {each:.4g}", horizontal=True, below=True) for each in lowest]
    curves = [Curve(steps, losses)]
    panels = [
        panel(curves, x_axis, linear_axis(0, highest if highest > TINY else 1), "plot-linear", marks),
        panel(curves, x_axis, log_axis([*losses, *lowest]), "plot-log", marks),
    ]
    return (
        f'<figure class="loss-plot" aria-label="{escape(summary(history))}">'
        '<div class="plot-head"><span class="plot-title">Loss against step</span>'
        f"{_radio(name, 'linear', not log)}{_radio(name, 'log', log)}</div>"
        f"{''.join(panels)}<figcaption>{escape(summary(history))}</figcaption></figure>"
    )


def summary(history: History) -> str:
    """The curve in words."""
    first = f"Loss {history.loss[0]:.4g} at step {history.step[0]:,}"
    if len(history.step) == 1:
        return first + "."
    lowest = min(history.loss)
    last = f"{first}, {history.loss[-1]:.4g} at step {history.step[-1]:,}"
    if lowest < history.loss[-1]:
        return f"{last}; lowest {lowest:.4g} at step {history.step[history.loss.index(lowest)]:,}."
    return last + "."


def _radio(name: str, scale: str, checked: bool) -> str:
    return (
        f'<label class="plot-scale"><input type="radio" name="{name}-scale" value="{scale}"'
        f"{' checked' if checked else ''}>{scale}</label>"
    )
