"""The line under the buttons that says that the controls hold what no training has used yet."""


def unapplied_line(*, busy: bool) -> str:
    """What to press to train with the new settings; `busy` is whether a training is under way."""
    advice = (
        "The training under way keeps its own: press <b>Stop</b>, then <b>Train</b>, to use these."
        if busy
        else "Press <b>Train</b> to start afresh with them."
    )
    return f'<p class="unapplied" role="status">The settings have changed. {advice}</p>'
