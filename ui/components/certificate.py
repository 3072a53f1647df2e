"""The certificate of a network for the challenge: how far it is right, why, and where it is not."""

from service import Certificate
from ui.components.parts import fold, icon, row, table
from ui.markup import Markup, join, tag

ADVICE = {
    "weights": Markup(
        "a larger learning rate, as long as the loss still comes down; shuffled order; then <b>Continue</b>. "
        "More steps help while the weights still move toward the rule. A small rate stalls: a step of less "
        "than a quarter of a weight's last digit in float32 is rounded away. Examples with small numbers "
        "allow for a larger rate."
    ),
    "float32": "less for float32 to add, since each addition may round: fewer and narrower layers, or a "
    "single nn.Linear, which is no hidden layer at all. With the same layers, other weights can round less: "
    "from another seed, or after more training. The rule's own weights round nothing.",
}
"""What can help against each limit; `python -m benchmarks.best_settings` shows every part of it."""


def certificate_panel(certificate: Certificate) -> Markup:
    """The badge, filled only for what is proved, the reason, and a vector that the network gets wrong."""
    kind = certificate.method if certificate.radius else "none"
    sign, words = _badge(certificate)
    advice = ADVICE.get(certificate.limit or "")
    return tag(
        "section.panel.certificate",
        tag("p.badge", icon(sign), f" {words}", role="status", data_certificate=kind),
        tag("p", certificate.sentence),
        advice and tag("p", tag("b", "What can help:"), " ", advice),
        _wrong(certificate),
        _weights(certificate),
    )


def _badge(certificate: Certificate) -> tuple[str, str]:
    if certificate.radius is None:
        return "✕", "Not even sure of [0, 0, 0]"
    if certificate.radius == 0:
        return "✕", f"{certificate.method.capitalize()} for [0, 0, 0] only"
    sign, word = ("✔", "Proved") if certificate.method == "proved" else ("○", "Checked")
    return sign, f"{word} up to {certificate.radius:,}"


def _wrong(certificate: Certificate) -> Markup:
    given = ", ".join("not finite" if value is None else _short(value) for value in certificate.answer)
    return tag(
        "p",
        "The nearest vector found that it gets wrong: ",
        tag("b", str(certificate.counterexample)),
        f". Asked alone, it answers [{given}] in place of {certificate.expected}.",
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
    return fold(
        "",
        "The whole network as one matrix and one bias",
        tag(
            "p", f"Its rank is {certificate.rank}; the rule has rank 3. The rule's own numbers stand beside."
        ),
        table("The matrix and the bias", (None, "a", "b", "c", "bias"), rows),
    )


def _number(value: float) -> str:
    if value == 0:
        return "0"
    return f"{value:.7f}" if 1e-6 <= abs(value) < 1000 else f"{value:.4g}"
