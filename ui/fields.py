"""The controls of a chapter that feed the service, each knowing how to read and to show its value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr
from gradio.components import Component

from service import TrainingConfig, TrainingService
from ui.components.number_slider import number_slider
from ui.parsing import parse_numbers, parse_widths

Data = Mapping[Component, Any]


def _same(value: Any) -> Any:
    return value


Of = Literal["model", "training", "lesson"]


@dataclass(frozen=True)
class Field:
    """A control for one argument of `create_model` (`model`), of `submit` (`training`), or of a lesson.

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


def show_fields(fields: Fields, arguments: Mapping[str, Any]) -> dict[Any, Any]:
    """The updates that make the controls hold these arguments, where they are given."""
    updates: dict[Any, Any] = {}
    for name, field in fields.items():
        argument, _, part = name.partition(".")
        if argument in arguments:
            value = arguments[argument][int(part)] if part else arguments[argument]
            updates[field.component] = field.show(value)
    return updates


def seed_field(task: str, argument_of: Of = "model") -> Field:
    """The seed of the first weights, to be tried one after another."""
    slider = number_slider(
        "Seed of the first weights", f"{task}-seed", value=0, minimum=0, maximum=99, whole=True, step=1
    )
    return Field(slider, argument_of, live=True)


def number(label: str, value: float, argument_of: Of) -> Field:
    """A number; what is allowed is for the service to say."""
    # An emptied field holds None; it is passed on as what it looks like, and refused.
    component = gr.Number(value, label=label, min_width=150)
    return Field(component, argument_of, read=lambda held: "" if held is None else held)


def network_fields(hidden: str, activation: str, argument_of: Of = "model") -> Fields:
    """The layers of a MyNetwork."""
    return {
        "hidden": Field(
            gr.Textbox(
                hidden,
                label="Hidden layer widths",
                placeholder="none: one nn.Linear",
                max_lines=1,
                min_width=150,
            ),
            argument_of,
            read=parse_widths,
            show=lambda widths: ", ".join(str(width) for width in widths),
        ),
        "activation": Field(
            gr.Dropdown(["none", "relu", "tanh"], value=activation, label="Activation", min_width=150),
            argument_of,
        ),
    }


def exact(value: float) -> str:
    """The number in full, so that reading it back gives the same number; 3 and not 3.0."""
    return repr(value).removesuffix(".0")


def numbers_field(label: str, value: str, name: str, argument_of: Of = "model") -> Field:
    """A few numbers of the model's options in one line of text."""
    return Field(
        gr.Textbox(value, label=label, max_lines=1, min_width=150),
        argument_of,
        read=lambda text: parse_numbers(text, name),
        show=lambda values: ", ".join(map(exact, values)),
    )


def engine_field(task: str) -> Field:
    """The choice of an engine."""
    radio = gr.Radio(
        [("Compiled", "compiled"), ("PyTorch, step by step", "autograd")],
        value="compiled",
        label="Engine",
        elem_id=f"{task}-engine",
    )
    return Field(radio, "training", live=True)


class OptimizerControls:
    """The choice of an optimizer, and that optimizer's own settings and no others."""

    def __init__(self, service: TrainingService) -> None:
        """Lay the controls out, with the first optimizer chosen."""
        kinds = service.optimizers()
        first = next(iter(kinds))
        self.optimizer = gr.Dropdown(
            [(kind.title, name) for name, kind in kinds.items()], value=first, label="Optimizer"
        )
        self._groups: dict[str, gr.Row] = {}
        self._settings: dict[str, Fields] = {}
        for name, kind in kinds.items():
            with gr.Row(visible=name == first) as group:
                self._settings[name] = {key: _setting(key, value) for key, value in kind.settings.items()}
            self._groups[name] = group
        self.components: list[Component] = [
            self.optimizer,
            *(field.component for fields in self._settings.values() for field in fields.values()),
        ]
        self.optimizer.change(
            self._show_group, self.optimizer, list(self._groups.values()), api_visibility="private"
        )

    @property
    def fields(self) -> Fields:
        """The choice and all the settings, as a link names them."""
        return {
            "optimizer": Field(self.optimizer, "training"),
            **{
                f"optimizer.{name}.{key}": field
                for name, group in self._settings.items()
                for key, field in group.items()
            },
        }

    def _show_group(self, chosen: str) -> list[gr.Row]:
        return [gr.Row(visible=name == chosen) for name in self._groups]

    def read(self, data: Data) -> dict[str, Any]:
        """The arguments `optimizer` and `settings`."""
        chosen = data[self.optimizer]
        fields = self._settings[chosen]
        settings = {name: field.read(data[field.component]) for name, field in fields.items()}
        return {"optimizer": chosen, "settings": settings}

    def show(self, config: TrainingConfig) -> dict[Any, Any]:
        """The updates that make the controls say what `config` says."""
        fields = self._settings[config.optimizer]
        updates: dict[Any, Any] = {self.optimizer: config.optimizer}
        for name, value in config.settings.items():
            updates[fields[name].component] = fields[name].show(value)
        return updates


def _setting(name: str, default: Any) -> Field:
    label = name.replace("_", " ").capitalize()
    if isinstance(default, bool):
        return Field(gr.Checkbox(default, label=label, min_width=150), "training")
    if isinstance(default, list | tuple):
        return numbers_field(label, ", ".join(map(exact, default)), name)
    return number(label, default, "training")
