"""What came out of a program that somebody wrote: its losses, its network, and how far that is right."""

from service import Certificate, ProgramEnd
from ui.components.certificate import certificate_panel
from ui.components.loss_plot import plot_frame
from ui.components.panels import predictions_panel
from ui.components.parts import button, section
from ui.markup import Markup, tag

VECTORS = "1 2 3\n10 20 30\n-7 0 500"
"""What the box for vectors holds at first."""
ARROW = " \N{RIGHTWARDS ARROW} "


def curve_frame(end: ProgramEnd) -> Markup:
    """What the page draws the losses in; nothing for fewer than two."""
    return plot_frame("program") if len(end.report.losses) > 1 else Markup()


def outcome_panel(end: ProgramEnd, certificate: Certificate | None) -> Markup:
    """The network that the lab can ask, to be tried, with its certificate; or why it cannot be asked.

    Nothing if the program made none of the right size.
    """
    told = next((each for each in reversed(end.report.networks) if each.name == end.network), None)
    if told is None:
        return Markup()
    layers = ARROW.join(map(str, told.widths)) or f"{told.inputs}{ARROW}{told.outputs}"
    between = "" if told.activation == "none" else f", {told.activation} between"
    title = (
        f"A network of {told.inputs} inputs and {told.outputs} outputs came out: ",
        tag("code", told.name),
        f", {layers}{between}",
    )
    if end.model_id is None:
        return section("made", title, tag("p", end.no_model))
    return section("made", title, _trial(end.model_id), certificate and _certified(certificate))


def _certified(certificate: Certificate) -> Markup:
    """The panel of a certificate that reaches anywhere, or a sentence."""
    return tag("p", certificate.sentence) if certificate.radius is None else certificate_panel(certificate)


def _trial(model_id: str) -> Markup:
    vectors = tag("textarea", VECTORS, rows=3, spellcheck="false", name="vectors")
    return tag(
        "form.try-vectors",
        tag("label", "Vectors, one per line", vectors),
        button("", "Predict"),
        tag("div.predicted", predictions_panel(None), role="status"),
        data_model=model_id,
    )
