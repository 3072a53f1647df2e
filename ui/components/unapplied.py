"""The line under the buttons that says that the controls hold what no training has used yet."""

from ui.markup import Markup, tag

AT_REST = Markup("Press <b>Train</b> to start over with them.")
UNDER_WAY = Markup(
    "The training under way still uses the old ones: press <b>Stop</b>, then <b>Train</b>, to use these."
)


def unapplied_line(*, busy: bool) -> Markup:
    """What to press to train with the new settings; `busy` is whether a training is under way."""
    advice = UNDER_WAY if busy else AT_REST
    return tag("p.unapplied", "The settings have changed. ", advice, role="status")
