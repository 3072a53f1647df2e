"""What there is of a run beside its curve, each part folded: parameters, program, and files."""

from ui.components.parts import fold
from ui.markup import Markup, join, tag

TITLES = {"parameters": "The parameters", "program": "The program", "share": "Share it, or download it"}
LATER = "It is here once a training has ended."


def details_panel(
    name: str, parts: dict[str, Markup] | None = None, comparison: Markup | None = None
) -> Markup:
    """The parts of the bench `name` by their names in TITLES; one that is missing says when it will be there.

    So the folds stand where they will stand, and nothing moves when they are filled.
    """
    folds = {key: fold("panel", title, tag("p", LATER)) for key, title in TITLES.items()} | (parts or {})
    found = {"comparison": comparison, **folds}
    return join(tag("div", markup, id=f"{name}-{key}") for key, markup in found.items())
