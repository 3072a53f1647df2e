"""What came out of a program that somebody wrote: its network, a box to try it, and how far it is right."""

from service import Certificate, ProgramEnd
from ui.components.certificate import certificate_panel
from ui.components.panels import predictions_panel
from ui.components.parts import button, section
from ui.markup import Markup, join, tag

VECTORS = "1 2 3\n10 20 30\n-7 0 500"
"""What the box for vectors holds at first."""


def outcome_panel(end: ProgramEnd, certificate: Certificate | None) -> Markup:
    """The network of 3 inputs and 5 outputs, with its certificate if it became a model; or nothing."""
    if end.network is None:
        return Markup()
    told = next(each for each in reversed(end.report.networks) if each.name == end.network)
    title = join("A network came out: ", tag("code", end.network))
    layers = " → ".join(map(str, told.widths or (told.inputs, "?", told.outputs)))
    activation = "" if told.activation == "none" else f", with {told.activation} between"
    words = f"{layers}{activation}; {told.parameters:,} numbers to learn."
    if end.model_id is None or certificate is None:
        return section("made", title, tag("p", words), tag("p", end.no_model))
    return section("made", title, tag("p", words), certificate_panel(certificate), _trial(end.model_id))


def _trial(model_id: str) -> Markup:
    return tag(
        "form.try-vectors",
        tag(
            "label",
            "Vectors, one per line",
            tag("textarea", VECTORS, rows=3, spellcheck="false", name="vectors"),
        ),
        button("", "Predict"),
        tag("div.predicted", predictions_panel(None), role="status"),
        data_model=model_id,
    )
