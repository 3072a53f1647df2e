"""The runs of this browser as a table: to pin, name, open, choose, delete, and have back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service import Run
from ui.components.labels import label
from ui.components.numbers import exact
from ui.components.panels import STATUS
from ui.components.parts import empty, icon, row, table
from ui.components.runs_listing import ORDERS, Fold, Listed, Listing, Radii, listed
from ui.components.settings import Names
from ui.components.terms import term
from ui.components.text import counted
from ui.markup import Child, Markup, join, tag
from ui.static import script

SCRIPT = script("runs_table")

Homes = Mapping[str, str]
"""The chapter in which each task is trained."""


def runs_table(
    runs: Sequence[Run],
    radii: Radii,
    homes: Homes,
    listing: Listing,
    removed: Sequence[str],
    names: Names,
) -> Markup:
    """One page of the runs; `removed` are the models of the last deletion that can be had back."""
    undo = removed and _button(
        "restore",
        "Undo delete" if len(removed) == 1 else f"Undo delete of {len(removed):,}",
        removed,
        key="restore",
    )
    if not runs:
        return empty(
            "Every training of this browser will be listed here. Train something in one of the chapters "
            "first.",
            undo,
        )
    shown = listed(runs, radii, listing, names)
    chosen = [run.model.id for run in shown.found if run.model.id in listing.chosen]
    tools = tag(
        "div.runs-tools",
        tag("p", _count(len(runs), shown, listing.query, len(chosen)), role="status"),
        tag("label", "Order ", tag("select", _options(listing.order), data_action="order", data_key="order")),
        _turning(shown.page, shown.pages),
        chosen and _button("remove", f"Delete {len(chosen):,}", chosen, key="remove-chosen"),
        undo,
    )
    if not shown.found:
        none = empty("No run has all of these words in its name, chapter, settings or status.")
        return tag("section.runs", tools, none)
    rows = (_row(each, radii, homes, names, set(chosen)) for each in shown.rows)
    return tag("section.runs", tools, table("Runs", _heads(shown.found, set(chosen)), rows))


def _count(count: int, shown: Listed, query: str, chosen: int) -> str:
    found = f"{len(shown.found):,} of {counted(count, 'run')}" if query.strip() else counted(count, "run")
    return f"{found}, {chosen:,} chosen" if chosen else found


def _options(order: str) -> list[Markup]:
    return [tag("option", words, value=name, selected=name == order) for name, (words, _) in ORDERS.items()]


def _heads(found: Sequence[Run], chosen: set[str]) -> list[Child]:
    words = f"Choose all {counted(len(found), 'run')} listed"
    heads = (term(HEAD_TERMS[column], column) if column in HEAD_TERMS else column for column in COLUMNS)
    return [_choice(found, chosen, words, key="choose-all"), "Pin", "Name", "", *heads, ""]


def _row(each: Run | Fold, radii: Radii, homes: Homes, names: Names, chosen: set[str]) -> Markup:
    if isinstance(each, Fold):
        return row(None, _fold_cells(each, radii, names, chosen))
    return row(None, _run_cells(each, radii, homes, names, chosen))


def _run_cells(run: Run, radii: Radii, homes: Homes, names: Names, chosen: set[str]) -> list[Child]:
    model = [run.model.id]
    return [
        _choice([run], chosen, f"Choose {run.name}"),
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
        *(show(run, radii, names) for show in COLUMNS.values()),
        _button("remove", "Delete", model, aria_label=f"Delete {run.name}"),
    ]


def _fold_cells(fold: Fold, radii: Radii, names: Names, chosen: set[str]) -> list[Child]:
    """What the runs have in common; of loss and radius the best, and the time they took together."""
    numbers = [run.number for run in fold.runs]
    name = f"Sweep of {len(fold.runs):,}: runs {min(numbers):,} to {max(numbers):,}"
    models = [run.model.id for run in fold.runs]
    summed_up = {
        "Loss": "-" if fold.best is None else f"best {fold.best:.4g}",
        "Radius": _best_radius(fold.runs, radii),
        "Time": _time(sum(run.seconds for run in fold.runs)),
    }
    return [
        _choice(fold.runs, chosen, f"Choose {name}", key=f"choose-{fold.sweep}"),
        "",
        _button(
            "fold",
            join(icon("▾" if fold.unfolded else "▸"), f" {name}"),
            key=f"fold-{fold.sweep}",
            value=fold.sweep,
            aria_expanded=str(fold.unfolded).lower(),
        ),
        "",
        *(
            summed_up.get(column) or _in_common([str(show(run, radii, names)) for run in fold.runs])
            for column, show in COLUMNS.items()
        ),
        _button("remove", "Delete", models, key=f"remove-{fold.sweep}", aria_label=f"Delete {name}"),
    ]


def _in_common(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else f"{len(set(values)):,} values"


def _best_radius(runs: Sequence[Run], radii: Radii) -> str:
    found = [known for run in runs if (known := radii.get(run.model.id)) is not None]
    return f"best {max(found):,}" if found else _in_common([radius(run, radii) for run in runs])


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


def radius(run: Run, radii: Radii) -> str:
    """The certified radius in words; a run of another task has none."""
    if not run.certifiable or run.job is None or run.at_work:
        return "-"
    if run.model.id not in radii:
        return "..."
    found = radii[run.model.id]
    return "none" if found is None else f"{found:,}"


def _examples(run: Run) -> str:
    """The data set that it was trained on last, by its file's name where it was added."""
    if run.task is None or not run.task.chooses_data or run.job is None:
        return "-"
    name = run.job.config.dataset
    return "generated" if name is None else run.datasets.get(name, name)


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


COLUMNS: dict[str, Callable[[Run, Radii, Names], Child]] = {
    "Loss": lambda run, _, __: _loss(run),
    "Radius": lambda run, radii, _: radius(run, radii),
    "Chapter": lambda run, _, names: names.get(run.model.task, run.model.task),
    label("shape"): lambda run, _, __: run.shape,
    "Seed": lambda run, _, __: f"{run.model.seed}",
    "Examples": lambda run, _, __: _examples(run),
    "Optimizer": lambda run, _, names: (
        names.get(run.job.config.optimizer, run.job.config.optimizer) if run.job else "-"
    ),
    "Learning rate": lambda run, _, __: exact(run.job.config.learning_rate) if run.job else "-",
    "Steps": lambda run, _, __: f"{run.model.step:,}",
    "Time": lambda run, _, __: _time(run.seconds),
}
"""What the table says of a run, by the heads of its columns."""
HEAD_TERMS = {
    "Loss": "mean loss",
    "Radius": "radius",
    "Seed": "seed",
    "Optimizer": "optimizer",
    "Learning rate": "learning rate",
    "Steps": "step",
}
"""The heads that are explained, and by which term."""


def _turning(page: int, pages: int) -> Markup | None:
    if pages == 1:
        return None
    back = _button("turn", "Back", key="back", value=page - 1, disabled=page == 0)
    on = _button("turn", "Next", key="next", value=page + 1, disabled=page == pages - 1)
    return tag("span.runs-pages", back, f" page {page + 1} of {pages} ", on)


def _choice(runs: Sequence[Run], chosen: set[str], label: str, key: str | None = None) -> Markup:
    models = [run.model.id for run in runs]
    checked = chosen.issuperset(models)
    return _control("input", "choose", models, key=key, type="checkbox", checked=checked, aria_label=label)


def _button(
    action: str, words: Child, models: Sequence[str] = (), *, key: str | None = None, **attributes: Any
) -> Markup:
    return _control("button.quiet", action, models, words, key=key, type="button", **attributes)


def _control(
    kind: str,
    action: str,
    models: Sequence[str],
    words: Child = "",
    *,
    key: str | None = None,
    **attributes: Any,
) -> Markup:
    """Something that asks for an action on models; by its key, it gets the focus back when drawn afresh."""
    key = key or f"{action}-{models[0]}"
    return tag(kind, words, data_action=action, data_key=key, data_models=" ".join(models), **attributes)
