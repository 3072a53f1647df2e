"""The certificate of a network for the challenge: how far it is right, why, and where it is not."""

from service import Certificate
from ui.components.parts import fold, icon, row, table
from ui.components.terms import term
from ui.markup import Markup, join, tag
from ui.static import script

FOLDS = script("folds")
"""Keeps the folds of its figure open when it is drawn again."""
ADVICE = {
    "weights": join(
        "a larger learning rate, as long as the loss still comes down, or shuffled order; then ",
        tag("b", "Continue"),
        ". More steps help as long as the weights still move toward the rule. With a small rate they come "
        "to a ",
        term("standstill"),
        ": a step of less than a quarter of a weight's last digit in float32 is rounded away. Examples with "
        "small numbers allow a larger rate.",
    ),
    "float32": join(
        "fewer additions in ",
        term("float32"),
        ", since each of them may round: fewer and narrower layers, or a single nn.Linear, with no hidden "
        "layer at all. With the same layers, other weights may round less: start from another seed, or train "
        "on. The rule's own weights round nothing.",
    ),
}
"""What can help against each limit; `python -m benchmarks.best_settings` shows every part of it."""
SIGNS = {"proved": "✔", "checked": "○", "none": "✕"}
"""Of the badge, by what stands behind it."""


def certificate_panel(certificate: Certificate) -> Markup:
    """The badge, filled only for what is proved, and its sentence; below a fold the reason and the rest."""
    kind = certificate.method if certificate.radius else "none"
    advice = ADVICE.get(certificate.limit or "")
    return tag(
        "section.panel.certificate",
        tag("p.badge", icon(SIGNS[kind]), f" {certificate.verdict}", role="status", data_certificate=kind),
        tag("p", _claim(certificate)),
        fold(
            "",
            "Why, and where it ends",
            _named(certificate),
            tag("p", certificate.sentence),
            advice and tag("p", tag("b", "What can help:"), " ", advice),
            _wrong(certificate),
            _weights(certificate),
        ),
    )


def _claim(certificate: Certificate) -> Markup:
    """What the badge means, with the special word in it explained."""
    before, word, after = certificate.claim.partition("proved")
    return join(before, term("proved"), after) if word else join(before)


def _named(certificate: Certificate) -> Markup | None:
    if certificate.radius is None:
        return None
    return tag("p", "The ", term("radius"), " of this ", term("certificate"), f" is {certificate.radius:,}.")


def _wrong(certificate: Certificate) -> Markup:
    given = ", ".join("not finite" if value is None else _short(value) for value in certificate.answer)
    return tag(
        "p",
        "The nearest vector found that it gets wrong: ",
        tag("b", str(certificate.counterexample)),
        f". To that vector alone it answers [{given}]; right would be {certificate.expected}.",
    )


def _short(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 1e9 else f"{value:.4g}"


def _weights(certificate: Certificate) -> Markup | None:
    if certificate.weight is None or certificate.bias is None:
        return None
    network = [[*row, bias] for row, bias in zip(certificate.weight, certificate.bias, strict=True)]
    rule = [[*row, bias] for row, bias in zip(certificate.rule_weight, certificate.rule_bias, strict=True)]
    names = ["abc"[each.index(1)] + (f"+{each[-1]}" if each[-1] else "") for each in rule]
    rows = [
        row(name, (join(_number(has), " ", tag("i", to_be)) for has, to_be in zip(*pair, strict=True)))
        for name, pair in zip(names, zip(network, rule, strict=True), strict=True)
    ]
    return join(
        tag("h4", "The whole network as one matrix and one bias"),
        tag(
            "p",
            "Its ",
            term("rank"),
            f" is {certificate.rank}; the rule's is 3. Each number is followed by the rule's own, in gray.",
        ),
        table("The matrix and the bias", (None, "a", "b", "c", "bias"), rows),
    )


def _number(value: float) -> str:
    if value == 0:
        return "0"
    return f"{value:.7f}" if 1e-6 <= abs(value) < 1000 else f"{value:.4g}"
