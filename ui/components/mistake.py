"""A broken program, its fix, and what each does when it runs."""

from difflib import SequenceMatcher
from html import escape

from service.lessons import Mistake, Run
from ui.components.chart import Curve, linear_axis, panel
from ui.components.numbers import short
from ui.components.text import code_marked


def mistake_panel(mistake: Mistake, fixed: bool) -> str:
    """The program, with the lines that only it has marked."""
    source, other = (mistake.fixed, mistake.broken) if fixed else (mistake.broken, mistake.fixed)
    label, word = ("The fix", "fixed") if fixed else ("The program", "broken")
    theirs, ours = other.splitlines(), source.splitlines()
    lines = ""
    for tag, _, _, begin, end in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        for line in ours[begin:end]:
            plain = f"{escape(line)}\n"
            lines += plain if tag == "equal" else f'<mark class="{word}">{plain}</mark>'
    return (
        f'<section class="panel program open"><h3>{label}</h3>'
        '<button type="button" class="program-copy quiet">Copy</button>'
        f'<pre tabindex="0" aria-label="{label}"><code>{lines}</code></pre></section>'
    )


def outcome_panel(run: Run, why: str) -> str:
    """What the program printed or raised, the losses it went through, and why."""
    parts = ""
    if run.printed:
        parts += f'<pre tabindex="0" aria-label="Output"><samp>{escape(run.printed)}</samp></pre>'
    if run.losses:
        steps = list(range(len(run.losses)))
        x_axis, y_axis = linear_axis(0, len(run.losses), whole=True), linear_axis(0, max(run.losses) or 1)
        words = f"Loss {short(run.losses[0])} at first, {short(run.losses[-1])} in the last round."
        drawn = panel([Curve(steps, run.losses)], x_axis, y_axis, "small")
        parts += (
            f'<figure class="course" aria-label="{words}">{drawn}<figcaption>{words}</figcaption></figure>'
        )
    if run.error:
        parts += f'<p>Line {run.line} raises</p><pre class="raised" tabindex="0">{escape(run.error)}</pre>'
    elif not parts:
        parts = "<p>It ran, and printed nothing.</p>"
    return f'<section class="panel outcome" role="status">{parts}<p>{code_marked(why)}</p></section>'
