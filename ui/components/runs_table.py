"""The runs of this browser as a table: to pin, name, open, delete, and have back."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import inf

from service import Run
from ui.components.numbers import exact
from ui.components.panels import STATUS
from ui.static import script

PAGE = 25

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


def opening_link(run: Run, homes: Homes) -> str:
    """The address that opens the run; empty where no chapter trains its task."""
    chapter = homes.get(run.model.task)
    return f"?chapter={chapter}&open={run.model.id}" if chapter else ""


def runs_table(
    runs: Sequence[Run],
    radii: Mapping[str, int | None],
    homes: Homes,
    page: int,
    order: str,
    removed: str | None,
) -> str:
    """One page of the runs; `radii` are the certified ones by model, where they are known.

    `removed` is the model of the run that was deleted last, if it can be had back.
    """
    undo = "" if removed is None else _button("restore", "Undo delete", "undo", model=removed)
    if not runs:
        return (
            f'<div class="empty">Every training of this browser will be '
            f"listed here. Train something in one of the chapters first.{undo}</div>"
        )
    pages = -(-len(runs) // PAGE)
    page = max(0, min(page, pages - 1))
    chosen = sorted(runs, key=lambda run: ORDERS[order][1](run, radii))[page * PAGE : (page + 1) * PAGE]
    options = "".join(
        f'<option value="{name}"{" selected" if name == order else ""}>{label}</option>'
        for name, (label, _) in ORDERS.items()
    )
    heads = "".join(f"<th scope='col'>{head}</th>" for head in HEADS)
    return (
        f'<section class="runs"><div class="runs-tools">'
        f'<p role="status">{len(runs):,} {"run" if len(runs) == 1 else "runs"}</p>'
        f'<label>Order <select data-action="order" data-key="order">{options}</select></label>'
        f"{_turning(page, pages)}{undo}</div>"
        "<div class='scroll' tabindex='0' role='region' aria-label='Runs'><table class='predictions'>"
        f"<thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(_row(run, radii, homes) for run in chosen)}</tbody></table>"
        "</div></section>"
    )


HEADS = (
    "Pin",
    "Name",
    "",
    "Loss",
    "Radius",
    "Task",
    "Shape",
    "Optimizer",
    "Learning rate",
    "Steps",
    "Time",
    "",
)


def _row(run: Run, radii: Mapping[str, int | None], homes: Homes) -> str:
    model, name, address = run.model.id, escape(run.name), opening_link(run, homes)
    pinned = " checked" if run.pinned else ""
    config = run.job.config if run.job else None
    cells = (
        f'<input type="checkbox" data-action="pin" data-key="pin-{model}" data-model="{model}"{pinned} '
        f'aria-label="Pin {name}">',
        f'<input type="text" data-action="rename" data-key="name-{model}" data-model="{model}" '
        f'value="{name}" maxlength="60" aria-label="Name of run {run.number}">',
        f'<a href="{escape(address)}" aria-label="Open {name}">Open</a>' if address else "",
        _loss(run),
        radius(run, radii),
        run.model.task,
        run.shape,
        "-" if config is None else config.optimizer,
        "-" if config is None else exact(config.learning_rate),
        f"{run.model.step:,}",
        f"{run.seconds:.2f} s" if run.seconds >= 0.1 else f"{1000 * run.seconds:.1f} ms",
        _button("remove", "Delete", f"delete-{model}", model=model, label=f"Delete {name}"),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _loss(run: Run) -> str:
    if run.job is None:
        return "not trained"
    value = "" if run.loss is None else f"{run.loss:.4g}"
    if run.job.status == "succeeded":
        return value
    sign, word = STATUS[run.job.status]
    return f'{value} <span class="runs-status"><span aria-hidden="true">{sign}</span> {word.lower()}</span>'


def radius(run: Run, radii: Mapping[str, int | None]) -> str:
    """The certified radius in words; a run of another task has none."""
    if not run.certifiable or run.job is None or run.at_work:
        return "-"
    if run.model.id not in radii:
        return "..."
    found = radii[run.model.id]
    return "none" if found is None else f"{found:,}"


def _turning(page: int, pages: int) -> str:
    if pages == 1:
        return ""
    back = _button("turn", "Back", "back", value=page - 1, enabled=page > 0)
    on = _button("turn", "Next", "next", value=page + 1, enabled=page < pages - 1)
    return f'<span class="runs-pages">{back} page {page + 1} of {pages} {on}</span>'


def _button(
    action: str,
    text: str,
    key: str,
    *,
    model: str = "",
    value: object = "",
    label: str = "",
    enabled: bool = True,
) -> str:
    named = f' aria-label="{label}"' if label else ""
    return (
        f'<button type="button" class="quiet" data-action="{action}" data-key="{key}" '
        f'data-model="{model}" value="{value}"'
        f"{named}{'' if enabled else ' disabled'}>{text}</button>"
    )
