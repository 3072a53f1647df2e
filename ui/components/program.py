"""The plain-PyTorch program of what is on the screen, to read and to copy."""

from ui.components.details import TITLES
from ui.components.parts import button, fold, printed
from ui.markup import Child, Markup, join, tag
from ui.static import script

COPY = script("program")


MAX_CHARACTERS = 100_000
"""Characters of a program that the page shows; one with hundreds of trainings or examples is only a file."""


def program_panel(source: str, output: str | None = None) -> Markup:
    """A program folded under its title, with what it prints if that is known."""
    if len(source) > MAX_CHARACTERS:
        long = f"It is too long to show here ({len(source):,} characters): download it as a file."
        return fold("program.panel", TITLES["program"], tag("p", long))
    prints = None if output is None else (tag("p", "It prints"), outcome(output))
    body = tag("div.program-body", copied("Program", source), prints)
    return fold("program.panel", TITLES["program"], body)


def copied(label: str, *source: Child) -> Markup:
    """The lines of a program, under a button that copies them."""
    copy = button("program-copy.quiet", "Copy")
    return join(copy, printed(label, tag("code", *source)))


def outcome(text: str) -> Markup:
    """What a program prints."""
    return printed("Output", tag("samp", text))
