"""A training to look at step by step: a slider over its frames, with play and pause."""

from collections.abc import Sequence
from html import escape

from service import Frame
from ui.components.network_drawing import Column, network_drawing
from ui.components.numbers import exact, short, shown
from ui.static import script

SCRIPT = script("replay_panel")


def replay_panel(frames: Sequence[Frame], inputs: Sequence[float], targets: Sequence[float]) -> str:
    """The frames of a network's training; the last one is on the stage at first."""
    if not frames:
        return '<div class="empty">Train the network first; then replay its training here.</div>'
    last = len(frames) - 1
    templates = "".join(
        f'<template data-words="{escape(_words(frame))}">{_stage(frame, inputs, targets)}</template>'
        for frame in frames
    )
    words = escape(_words(frames[-1]))
    return (
        '<section class="panel replay"><div class="replay-controls">'
        '<button type="button" class="replay-play">Play</button>'
        f'<input class="replay-slider" type="range" min="0" max="{last}" value="{last}" step="1" '
        f'aria-label="Recorded step" aria-valuetext="{words}"></div><p class="replay-now">{words}</p>'
        f'<div class="replay-stage">{_stage(frames[-1], inputs, targets)}</div>{templates}</section>'
    )


def _words(frame: Frame) -> str:
    loss = "not a finite number" if frame.loss is None else f"{short(frame.loss)}"
    return f"Step {frame.step:,}, loss {loss}"


def _stage(frame: Frame, inputs: Sequence[float], targets: Sequence[float]) -> str:
    columns = [Column(layer.name, layer.weight, layer.bias, layer.values) for layer in frame.layers]
    rows = "".join(
        f"<td>{shown(output)}<br><span>of {exact(target)}</span></td>"
        for output, target in zip(frame.outputs, targets, strict=True)
    )
    return (
        f"{network_drawing(inputs, columns)}"
        f'<table class="predictions outputs"><tbody><tr><th scope="row">answer</th>{rows}</tr></tbody>'
        "</table>"
    )
