"""A training to look at step by step: a slider over its frames, with play and pause."""

from collections.abc import Sequence

from service import Frame
from ui.components.network_drawing import Column, network_drawing
from ui.components.numbers import exact, short, shown
from ui.components.parts import button, empty, row
from ui.markup import Markup, join, tag
from ui.static import script

SCRIPT = script("replay_panel")


def replay_panel(frames: Sequence[Frame], inputs: Sequence[float], targets: Sequence[float]) -> Markup:
    """The frames of a network's training; the last one is on the stage at first."""
    if not frames:
        return empty("Train the network first; then replay its training here.")
    last = len(frames) - 1
    words = _words(frames[-1])
    stages = [_stage(frame, inputs, targets) for frame in frames]
    slider = tag(
        "input.replay-slider",
        type="range",
        min=0,
        max=last,
        value=last,
        step=1,
        aria_label="Recorded step",
        aria_valuetext=words,
    )
    return tag(
        "section.panel.replay",
        tag("div.replay-controls", button("replay-play", "Play"), slider),
        tag("p.replay-now", words),
        tag("div.replay-stage", stages[-1]),
        (
            tag("template", stage, data_words=_words(frame))
            for frame, stage in zip(frames, stages, strict=True)
        ),
    )


def _words(frame: Frame) -> str:
    loss = "not a finite number" if frame.loss is None else f"{short(frame.loss)}"
    return f"Step {frame.step:,}, loss {loss}"


def _stage(frame: Frame, inputs: Sequence[float], targets: Sequence[float]) -> Markup:
    columns = [Column(layer.name, layer.weight, layer.bias, layer.values) for layer in frame.layers]
    answers = (
        join(shown(output), tag("br"), tag("span", f"of {exact(target)}"))
        for output, target in zip(frame.outputs, targets, strict=True)
    )
    table = tag("table.predictions.outputs", tag("tbody", row("answer", answers)))
    return join(network_drawing(inputs, columns), table)
