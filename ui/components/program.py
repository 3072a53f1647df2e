"""The plain-PyTorch program of what is on the screen, to read and to copy."""

import re

from ui.components.details import TITLES
from ui.components.parts import button, fold, printed
from ui.markup import Child, Markup, join, tag
from ui.static import script

SCRIPT = script("program") + script("folds")
"""What a figure with a program does: it copies it, has it edited, and keeps it unfolded when drawn again."""


MAX_CHARACTERS = 100_000
"""Characters of a program that the page shows; one with hundreds of trainings or examples is only a file."""


PARTS = {
    "Forward": re.compile(r"\s*(my_latent_value|loss) = "),
    "Backprop": re.compile(r".*\.backward\(\)"),
    "Optimize": re.compile(r".*\.step\(\)"),
    "Reset": re.compile(r".*\.zero_grad\(\)"),
}
"""The lines of a program that are a part of a round."""


def program_panel(source: str, output: str | None = None) -> Markup:
    """A program folded under its title, with what it prints if that is known."""
    if len(source) > MAX_CHARACTERS:
        long = f"It is too long to show here ({len(source):,} characters): download it as a file."
        return fold("program.panel", TITLES["program"], tag("p", long))
    prints = None if output is None else (tag("p", "It prints"), outcome(output))
    body = tag("div.program-body", copied("Program", lines_of(source)), prints)
    return fold("program.panel", TITLES["program"], body)


def lines_of(source: str) -> list[Child]:
    """The lines of a program, each part of a round told apart."""
    return [line_of(line) for line in source.splitlines(keepends=True)]


def line_of(line: str) -> Child:
    """A line of a program; a part of a round in its color, with its label unless a comment has it."""
    part = next((name for name, pattern in PARTS.items() if pattern.match(line)), None)
    if part is None:
        return line
    label = None if f"# {part}" in line else part
    code = line.removesuffix("\n")
    return join(tag(f"span.part-line.{part.lower()}", code, data_label=label), line[len(code) :])


def copied(label: str, *source: Child, editable: bool = True) -> Markup:
    """The lines of a program, under a button that copies them and, if so, one that makes them an editor."""
    buttons = tag(
        "div.program-buttons",
        button("program-copy.quiet", "Copy"),
        editable and button("program-edit.quiet", "Edit and run"),
    )
    return join(buttons, printed(label, tag("code", *source)))


def outcome(text: str) -> Markup:
    """What a program prints."""
    return printed("Output", tag("samp", text))
