"""The controls of a chapter that feed the service, each knowing how to read and to show its value."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import gradio as gr
from gradio.components import Component

from service import TrainingConfig, TrainingService
from ui.components.labels import label
from ui.components.number_slider import number_slider
from ui.components.numbers import exact
from ui.events import QUIET
from ui.parsing import number_or_text, parse_numbers, parse_widths

Data = Mapping[Component, Any]


def _same(value: Any) -> Any:
    return value


Of = Literal["model", "training", "sweep", "lesson"]


@dataclass(frozen=True)
class Field:
    """A control for one argument of `create_model` (`model`), `submit` (`training`), `sweep`, or a lesson.

    `read` turns what the control holds into the argument, `show` turns it back. Whatever is `live`
    trains while it is moved.
    """

    component: Component
    argument_of: Of
    read: Callable[[Any], Any] = _same
    show: Callable[[Any], Any] = _same
    live: bool = False


Fields = dict[str, Field]
"""By the argument's name; `name.0`, `name.1` are the parts of one argument that is a list."""


def initially(components: Iterable[Component]) -> Data:
    """What the components hold when the page is made."""
    return {component: component.value for component in components}  # pyright: ignore[reportAttributeAccessIssue]


def moved_by_hand(component: Any) -> Any:
    """The event of somebody's changing what the component holds."""
    # Gradio does not see it as an input when somebody pastes a text.
    return component.change if isinstance(component, gr.Textbox) else component.input


def read_fields(fields: Fields, data: Data, argument_of: str) -> dict[str, Any]:
    """The arguments that the controls hold now."""
    arguments: dict[str, Any] = {}
    for name, field in fields.items():
        if field.argument_of == argument_of:
            argument, _, part = name.partition(".")
            value = field.read(data[field.component])
            if part:
                arguments.setdefault(argument, []).append(value)
            else:
                arguments[argument] = value
    return arguments


def meant(field: str, names: Iterable[str]) -> list[str]:
    """Those of the `names` of controls that an error about `field` is about; it may be several parts of one.

    `field` is as InvalidInput has it, such as `start`, `vectors[0]` or "The number of vectors".
    """
    return [name for name in names if name == field] or [
        name for name in names if _words(field) & _words(name)
    ]


def _words(name: str) -> set[str]:
    return {word for word in re.split(r"\W+", name) if word and not word.isdigit()}


def show_fields(fields: Fields, arguments: Mapping[str, Any]) -> dict[Component, Any]:
    """What the controls hold when they say these arguments, where they are given."""
    updates: dict[Component, Any] = {}
    for name, field in fields.items():
        argument, _, part = name.partition(".")
        if argument in arguments:
            value = arguments[argument][int(part)] if part else arguments[argument]
            updates[field.component] = field.show(value)
    return updates


def seed_field(task: str, argument_of: Of = "model") -> Field:
    """The seed of the first weights, to be tried one after another."""
    slider = number_slider(
        label("seed"),
        f"{task}-seed",
        value=0,
        minimum=0,
        maximum=99,
        whole=True,
        step=1,
        word="seed",
    )
    return Field(slider, argument_of, live=True)


def number(title: str, value: float, argument_of: Of, visible: bool = True, *, whole: bool = False) -> Field:
    """A number; what is allowed is for the service to say."""
    # A browser's field for numbers drops what it has no use for, such as the comma of 0,25.
    component = gr.Textbox(exact(value), label=title, max_lines=1, min_width=150, visible=visible)
    return Field(component, argument_of, read=partial(number_or_text, whole=whole), show=exact)


def network_fields(hidden: str, activation: str, argument_of: Of = "model") -> Fields:
    """The layers of a MyNetwork."""
    return {
        "hidden": Field(
            gr.Textbox(
                hidden,
                label=label("hidden"),
                placeholder="none: one nn.Linear",
                max_lines=1,
                min_width=150,
            ),
            argument_of,
            read=parse_widths,
            show=lambda widths: ", ".join(str(width) for width in widths),
        ),
        "activation": Field(
            gr.Dropdown(["none", "relu", "tanh"], value=activation, label=label("activation"), min_width=150),
            argument_of,
        ),
    }


def numbers_field(
    title: str, value: str, name: str, argument_of: Of = "model", visible: bool = True
) -> Field:
    """A few numbers in one line of text, the argument `name`."""
    return Field(
        gr.Textbox(value, label=title, max_lines=1, min_width=150, visible=visible),
        argument_of,
        read=lambda text: parse_numbers(text, name),
        show=lambda values: ", ".join(map(exact, values)),
    )


def engine_field(service: TrainingService, task: str) -> Field:
    """The choice of an engine."""
    engines = service.catalog.engines()
    radio = gr.Radio(
        [(engine.choice, name) for name, engine in engines.items()],
        value=next(iter(engines)),
        label=label("engine"),
        elem_id=f"{task}-engine",
    )
    return Field(radio, "training", live=True)


class OptimizerControls:
    """The choice of an optimizer, and of all the optimizers' settings those that it has."""

    def __init__(self, service: TrainingService, task: str) -> None:
        """Lay the controls of a task's bench out, with the first optimizer chosen."""
        kinds = service.catalog.optimizers()
        self._defaults: dict[str, Mapping[str, Any]] = {name: kind.settings for name, kind in kinds.items()}
        first = next(iter(kinds))
        self._choice = gr.Dropdown(
            [(kind.title, name) for name, kind in kinds.items()], value=first, label=label("optimizer")
        )
        # Each once, though most have several: every component makes every event of the page slower.
        settings = {name: value for kind in self._defaults.values() for name, value in kind.items()}
        with gr.Row():
            self._settings: Fields = {
                name: _setting(
                    task, name, self._defaults[first].get(name, value), name in self._defaults[first]
                )
                for name, value in settings.items()
            }
        self.components: list[Component] = [
            self._choice,
            *(field.component for field in self._settings.values()),
        ]
        self._choice.input(self._choose, self._choice, self.components[1:], **QUIET)

    @property
    def fields(self) -> Fields:
        """The choice and all the settings, as a link names them."""
        settings = {f"optimizer.{name}": field for name, field in self._settings.items()}
        return {"optimizer": Field(self._choice, "training"), **settings}

    def read(self, data: Data) -> dict[str, Any]:
        """The arguments `optimizer` and `settings`."""
        chosen = data[self._choice]
        fields = {name: self._settings[name] for name in self._defaults[chosen]}
        settings = {name: field.read(data[field.component]) for name, field in fields.items()}
        return {"optimizer": chosen, "settings": settings}

    def values(self, config: TrainingConfig) -> dict[Component, Any]:
        """What the controls hold when they say what `config` says."""
        fields = {name: self._settings[name] for name in config.settings}
        shown = {field.component: field.show(config.settings[name]) for name, field in fields.items()}
        return {self._choice: config.optimizer, **shown}

    def visibility(self, values: Mapping[Component, Any]) -> dict[Component, bool]:
        """Which settings become visible, and which hidden, once the controls hold `values`."""
        chosen = values.get(self._choice, self._choice.value)
        visible = {field.component: name in self._defaults[chosen] for name, field in self._settings.items()}
        return {component: seen for component, seen in visible.items() if seen != component.visible}

    async def _choose(self, chosen: str) -> list[Any]:
        defaults = self._defaults[chosen]
        return [
            gr.update(value=field.show(defaults[name]), visible=True)
            if name in defaults
            else gr.update(visible=False)
            for name, field in self._settings.items()
        ]


SLIDERS: dict[str, dict[str, Any]] = {
    "momentum": {"minimum": 0, "maximum": 1, "step": 0.01, "word": "momentum"},
}
"""The settings that are moved, and how."""


def _setting(task: str, name: str, default: Any, visible: bool) -> Field:
    title = label(name)
    if name in SLIDERS:
        slider = number_slider(title, f"{task}-{name}", value=default, visible=visible, **SLIDERS[name])
        return Field(slider, "training", live=True)
    if isinstance(default, bool):
        return Field(gr.Checkbox(default, label=title, min_width=150, visible=visible), "training")
    if isinstance(default, list | tuple):
        return numbers_field(title, ", ".join(map(exact, default)), name, "training", visible)
    return number(title, default, "training", visible)
