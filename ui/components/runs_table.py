"""The runs of this browser as a table: to pin, name, open, delete, and have back."""

from collections.abc import Callable, Mapping, Sequence
from math import inf

from service import Run
from ui.components.labels import label
from ui.components.numbers import exact
from ui.components.panels import STATUS
from ui.components.parts import empty, icon, row, table
from ui.components.settings import Names
from ui.components.terms import term
from ui.components.text import counted
from ui.markup import Child, Markup, join, tag
from ui.static import script

ROWS_PER_PAGE = 25

SCRIPT = script("runs_table")


def _known_radius(radius: int | None) -> int:
    return -1 if radius is None else radius


ORDERS: dict[str, tuple[str, Callable[[Run, Mapping[str, int | None]], float]]] = {
    "newest": ("newest first", lambda run, _: -run.number),
    "loss": ("smallest loss first", lambda run, _: inf if run.loss is None else run.loss),
    "radius": ("largest radius first", lambda run, radii: -_known_radius(radii.get(run.model.id))),
    "seconds": ("longest first", lambda run, _: -run.seconds),
}
"""By what the table can be ordered: what that is called, and the key to sort by."""

Homes = Mapping[str, str]
"""The chapter in which each task is trained."""


def runs_table(
    runs: Sequence[Run],
    radii: Mapping[str, int | None],
    homes: Homes,
    page: int,
    order: str,
    removed: str | None,
    names: Names,
) -> Markup:
    """One page of the runs; `radii` are the certified ones by model, where they are known.

    `removed` is the model of the run that was deleted last, if it can be had back.
    """
    undo = None if removed is None else _button("restore", "Undo delete", removed)
    if not runs:
        return empty(
            "Every training of this browser will be listed here. Train something in one of the chapters "
            "first.",
            undo,
        )
    pages = -(-len(runs) // ROWS_PER_PAGE)
    page = max(0, min(page, pages - 1))
    chosen = sorted(runs, key=lambda run: ORDERS[order][1](run, radii))[
        page * ROWS_PER_PAGE : (page + 1) * ROWS_PER_PAGE
    ]
    options = (
        tag("option", label, value=name, selected=name == order) for name, (label, _) in ORDERS.items()
    )
    tools = tag(
        "div.runs-tools",
        tag("p", counted(len(runs), "run"), role="status"),
        tag("label", "Order ", tag("select", options, data_action="order", data_key="order")),
        _turning(page, pages),
        undo,
    )
    return tag(
        "section.runs", tools, table("Runs", HEADS, (_row(run, radii, homes, names) for run in chosen))
    )


HEADS = (
    "Pin",
    "Name",
    "",
    term("mean loss", "Loss"),
    term("radius", "Radius"),
    "Chapter",
    label("shape"),
    term("optimizer", "Optimizer"),
    term("learning rate", "Learning rate"),
    term("step", "Steps"),
    "Time",
    "",
)


def _row(run: Run, radii: Mapping[str, int | None], homes: Homes, names: Names) -> Markup:
    model = run.model.id
    config = run.job.config if run.job else None
    cells = (
        _control("input", "pin", model, type="checkbox", checked=run.pinned, aria_label=f"Pin {run.name}"),
        _control(
            "input",
            "rename",
            model,
            type="text",
            value=run.name,
            maxlength=60,
            aria_label=f"Name of run {run.number}",
        ),
        open_link(run, homes, "Open", f"Open {run.name}"),
        _loss(run),
        radius(run, radii),
        names.get(run.model.task, run.model.task),
        run.shape,
        "-" if config is None else names.get(config.optimizer, config.optimizer),
        "-" if config is None else exact(config.learning_rate),
        f"{run.model.step:,}",
        f"{run.seconds:.2f} s" if run.seconds >= 0.1 else f"{1000 * run.seconds:.1f} ms",
        _button("remove", "Delete", model, aria_label=f"Delete {run.name}"),
    )
    return row(None, cells)


def open_link(run: Run, homes: Homes, words: str, label: str) -> Child:
    """A link that opens the run in its chapter; the words alone where no chapter trains its task."""
    chapter = homes.get(run.model.task)
    if chapter is None:
        return words
    return tag("a", words, href=f"?chapter={chapter}&open={run.model.id}", aria_label=label)


def _loss(run: Run) -> Child:
    if run.job is None:
        return "not trained"
    value = "" if run.loss is None else f"{run.loss:.4g}"
    if run.job.status == "succeeded":
        return value
    sign, word = STATUS[run.job.status]
    state = tag("span.runs-status", icon(sign), f" {word.lower()}")
    return join(f"{value} ", state)


def radius(run: Run, radii: Mapping[str, int | None]) -> str:
    """The certified radius in words; a run of another task has none."""
    if not run.certifiable or run.job is None or run.at_work:
        return "-"
    if run.model.id not in radii:
        return "..."
    found = radii[run.model.id]
    return "none" if found is None else f"{found:,}"


def _turning(page: int, pages: int) -> Markup | None:
    if pages == 1:
        return None
    back = _button("turn", "Back", value=page - 1, disabled=page == 0)
    on = _button("turn", "Next", value=page + 1, disabled=page == pages - 1)
    return tag("span.runs-pages", back, f" page {page + 1} of {pages} ", on)


def _button(action: str, text: str, model: str | None = None, **attributes: str | float | None) -> Markup:
    return _control("button.quiet", action, model, text, type="button", **attributes)


def _control(
    kind: str, action: str, model: str | None, text: str = "", **attributes: str | float | None
) -> Markup:
    """Something that asks for an action; it gets the focus back by its key when the table is drawn afresh."""
    key = f"{action}-{model or text}"
    return tag(kind, text, data_action=action, data_key=key, data_model=model, **attributes)
