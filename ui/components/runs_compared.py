"""The pinned runs beside one another: their loss curves in one plot, and the settings that differ."""

from collections.abc import Mapping, Sequence
from html import escape

from service import History, Run
from ui.components.chart import TINY, Curve, linear_axis, log_axis, panel, thin
from ui.components.runs_table import radius
from ui.components.settings import differences


def compared_panel(
    runs: Sequence[Run], histories: Mapping[str, History], radii: Mapping[str, int | None]
) -> str:
    """The runs (at most six) with their histories, by model; an empty state for less than one."""
    drawn = [(run, history) for run in runs if (history := histories[run.model.id]).step]
    if not drawn:
        return '<div class="empty">Pin runs to lay their loss curves over one another here.</div>'
    return _overlay(drawn) + _table([run for run, _ in drawn], radii)


def _overlay(drawn: Sequence[tuple[Run, History]]) -> str:
    curves = [
        Curve(thin(history.step), thin(history.loss), f"run-{number}")
        for number, (_, history) in enumerate(drawn, start=1)
    ]
    losses = [loss for curve in curves for loss in curve.ys]
    steps = [step for curve in curves for step in curve.xs]
    x_axis = linear_axis(min(steps), max(*steps, min(steps) + 1), whole=True)
    highest = max(losses)
    legend = "".join(
        f'<li class="run-{number}">{escape(run.name)}: loss {history.loss[-1]:.4g} after '
        f"{history.step[-1]:,} steps</li>"
        for number, (run, history) in enumerate(drawn, start=1)
    )
    scales = "".join(
        f'<label class="plot-scale"><input type="radio" name="runs-scale" value="{scale}"'
        f"{' checked' if scale == 'log' else ''}>{scale}</label>"
        for scale in ("linear", "log")
    )
    return (
        '<figure class="loss-plot runs-plot" aria-label="The loss curves of the pinned runs">'
        f'<div class="plot-head"><span class="plot-title">Loss against step</span>{scales}</div>'
        f"{panel(curves, x_axis, linear_axis(0, highest if highest > TINY else 1), 'plot-linear')}"
        f"{panel(curves, x_axis, log_axis(losses), 'plot-log')}"
        f'<figcaption><ul class="key">{legend}</ul></figcaption></figure>'
    )


def _table(runs: Sequence[Run], radii: Mapping[str, int | None]) -> str:
    if len(runs) == 1:
        return "<p>Pin another run to see in what they differ.</p>"
    rows = differences(runs)
    if any(run.certifiable for run in runs):
        rows["radius"] = [radius(run, radii) for run in runs]
    heads = "".join(f"<th scope='col'>{escape(run.name)}</th>" for run in runs)
    body = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>"
        + "".join(f"<td>{escape(value)}</td>" for value in values)
        + "</tr>"
        for name, values in rows.items()
    )
    return (
        '<section class="panel"><h3>In what they differ</h3>'
        "<div class='scroll' tabindex='0' role='region' aria-label='Settings that differ'>"
        f"<table class='predictions'><thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>"
        "</div></section>"
    )
