"""The table of speeds as a picture, for who would rather look."""

from importlib import import_module
from pathlib import Path

from benchmarks.report import number
from benchmarks.speed import Measured

UP, DOWN = -0.14, 0.14
STYLES: dict[str, tuple[str, str, float]] = {
    "compiled engine": ("*", "#D55E00", UP),
    "JAX": ("o", "#009E73", DOWN),
    "lab's loop": ("s", "#000000", UP),
    "autograd engine": ("D", "#0072B2", DOWN),
    "torch.compile": ("^", "#E69F00", UP),
    "skorch": ("v", "#CC79A7", DOWN),
    "Lightning": ("P", "#56B4E9", UP),
    "micrograd": ("X", "#7F7F7F", DOWN),
}
"""A marker, a color and a lane a column. Lanes keep apart what is about as fast; the colors are told
apart by the color-blind too."""
LABELED = ("compiled engine", "JAX", "lab's loop", "autograd engine")


def draw(results: list[Measured], path: Path) -> None:
    """One line a row, one mark a column, on a logarithmic scale."""
    matplotlib = import_module("matplotlib")
    matplotlib.use("Agg")
    plt = import_module("matplotlib.pyplot")
    plt.rcParams.update({"font.size": 11})
    figure, axes = plt.subplots(figsize=(8, 6.5), layout="constrained")
    for column, (marker, color, lane) in STYLES.items():
        points = [(place + lane, measured.micros(column)) for place, measured in enumerate(results)]
        known = [(place, value) for place, value in points if value is not None]
        axes.scatter(
            [value for _, value in known],
            [place for place, _ in known],
            s=170 if marker == "*" else 60,
            marker=marker,
            color=color,
            edgecolors="white",
            linewidths=0.6,
            label=column,
            zorder=3,
        )
        for place, value in known if column in LABELED else ():
            axes.annotate(
                number(value),
                (value, place),
                xytext=(0, 7 if lane == UP else -7),
                textcoords="offset points",
                ha="center",
                va="bottom" if lane == UP else "top",
                fontsize=9,
            )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.set_xlabel("microseconds per step, on a logarithmic scale (less is faster)")
    axes.set_yticks(range(len(results)), [measured.row.title for measured in results])
    axes.set_ylim(len(results) - 0.45, -0.55)
    for between in range(1, len(results)):
        axes.axhline(between - 0.5, color="#CCCCCC", linewidth=0.8)
    axes.grid(axis="x", color="#EEEEEE")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper center", ncols=4, frameon=False)
    figure.savefig(path, dpi=150)
    plt.close(figure)
