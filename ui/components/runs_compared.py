"""The pinned runs beside one another: their loss curves in one plot, and the settings that differ."""

from collections.abc import Mapping, Sequence

from service import History, Run
from ui.components.chart import Curve, linear_axis, scale_head, thin, two_scales
from ui.components.labels import label
from ui.components.parts import empty, legend, row, section, table
from ui.components.runs_table import radius
from ui.components.settings import Names, differences
from ui.markup import Markup, join, tag


def compared_panel(
    runs: Sequence[Run], histories: Mapping[str, History], radii: Mapping[str, int | None], names: Names
) -> Markup:
    """The runs (at most six) with their histories, by model; an empty state for less than one."""
    drawn = [(run, history) for run in runs if (history := histories[run.model.id]).step]
    if not drawn:
        return empty("No run is pinned yet.")
    return join(_overlay(drawn), _table([run for run, _ in drawn], radii, names))


def _overlay(drawn: Sequence[tuple[Run, History]]) -> Markup:
    curves = [
        Curve(thin(history.step), thin(history.loss), f"run-{number}")
        for number, (_, history) in enumerate(drawn, start=1)
    ]
    steps = [step for curve in curves for step in curve.xs]
    x_axis = linear_axis(min(steps), max(*steps, min(steps) + 1), whole=True)
    entries = [
        (f"run-{number}", f"{run.name}: loss {history.loss[-1]:.4g} after {history.step[-1]:,} steps")
        for number, (run, history) in enumerate(drawn, start=1)
    ]
    return tag(
        "figure.loss-plot.runs-plot",
        scale_head("runs", "log"),
        two_scales(curves, x_axis),
        tag("figcaption", legend(*entries)),
        aria_label="The loss curves of the pinned runs",
    )


def _table(runs: Sequence[Run], radii: Mapping[str, int | None], names: Names) -> Markup:
    if len(runs) == 1:
        return tag("p", "Pin another run to see how they differ.")
    rows = differences(runs, names)
    if any(run.certifiable for run in runs):
        rows[label("radius")] = [radius(run, radii) for run in runs]
    heads = [None, *(run.name for run in runs)]
    drawn = table("Settings that differ", heads, (row(name, values) for name, values in rows.items()))
    return section("", "How they differ", drawn)
