"""A broken program, its fix, and what each does when it runs."""

from difflib import SequenceMatcher

from service import Mistake, ProgramResult
from ui.components.chart import Curve, linear_axis, panel
from ui.components.numbers import short
from ui.components.parts import raised, section
from ui.components.program import copied, line_of, outcome
from ui.components.text import code_marked
from ui.markup import Child, Markup, tag


def mistake_panel(mistake: Mistake, fixed: bool) -> Markup:
    """The program, with the lines that only it has marked."""
    source, other = (mistake.fixed, mistake.broken) if fixed else (mistake.broken, mistake.fixed)
    label, word = ("The fix", "fixed") if fixed else ("The program", "broken")
    theirs, ours = other.splitlines(), source.splitlines()
    lines: list[Child] = []
    for change, _, _, begin, end in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        plain = [line_of(f"{line}\n") for line in ours[begin:end]]
        lines += plain if change == "equal" else [tag(f"mark.{word}", line) for line in plain]
    return section("program.open", label, copied(label, lines))


def outcome_panel(run: ProgramResult, why: str) -> Markup:
    """What the program printed or raised, the losses it went through, and why."""
    parts: list[Child] = []
    if run.printed:
        parts.append(outcome(run.printed))
    if run.losses:
        steps = list(range(len(run.losses)))
        x_axis, y_axis = linear_axis(0, len(run.losses), whole=True), linear_axis(0, max(run.losses) or 1)
        words = f"Loss {short(run.losses[0])} at first, {short(run.losses[-1])} in the last round."
        drawn = panel([Curve(steps, run.losses)], x_axis, y_axis, "small")
        parts.append(tag("figure.course", drawn, tag("figcaption", words), aria_label=words))
    if run.error:
        parts += [tag("p", f"Line {run.line} raises"), raised(run.error)]
    elif not parts:
        parts.append(tag("p", "It ran, and printed nothing."))
    return tag("section.panel.outcome", parts, tag("p", code_marked(why)), role="status")
