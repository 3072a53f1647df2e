"""The plain-PyTorch program of what is on the screen, to read and to copy."""

from html import escape

from ui.static import script

COPY = script("program")


MOST = 100_000
"""Characters of a program that the page shows; one with hundreds of trainings or examples is only a file."""


def program_panel(source: str, output: str | None = None) -> str:
    """A program folded under its title, with what it prints if that is known."""
    if len(source) > MOST:
        return (
            '<details class="program panel fold"><summary>The program</summary><p>It is too long to '
            f"show here, {len(source):,} characters: take it home as a file.</p></details>"
        )
    prints = (
        ""
        if output is None
        else f'<p>It prints</p><pre tabindex="0" aria-label="Output"><samp>{escape(output)}</samp></pre>'
    )
    return (
        '<details class="program panel fold"><summary>The program</summary>'
        '<div class="program-body"><button type="button" class="program-copy quiet">Copy</button>'
        f'<pre tabindex="0" aria-label="Program"><code>{escape(source)}</code></pre>{prints}</div></details>'
    )
