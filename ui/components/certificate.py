"""The certificate of a network for the challenge: how far it is right, why, and where it is not."""

from html import escape

from service import Certificate

ADVICE = {
    "weights": "a larger learning rate, as long as the loss still comes down; shuffled order; then "
    "<b>Continue</b>. More steps help while the weights still move toward the rule. A small rate stalls: a "
    "step of less than a quarter of a weight's last digit in float32 is rounded away. Examples with small "
    "numbers allow for a larger rate.",
    "float32": "less for float32 to add, since each addition may round: fewer and narrower layers, or a "
    "single nn.Linear, which is no hidden layer at all. With the same layers, other weights can round less: "
    "from another seed, or after more training. The rule's own weights round nothing.",
}
"""What can help against each limit; `python -m benchmarks.best_settings` shows every part of it."""
NAMES = ("a", "b", "c", "c+1", "c+2")


def certificate_panel(certificate: Certificate) -> str:
    """The badge, filled only for what is proved, the reason, and a vector that the network gets wrong."""
    kind = certificate.method if certificate.radius else "none"
    return (
        f'<section class="panel certificate"><p role="status" class="badge" data-certificate="{kind}">'
        f"{_badge(certificate)}</p><p>{escape(certificate.sentence)}</p>{_advice(certificate)}"
        f"{_wrong(certificate)}{_weights(certificate)}</section>"
    )


def _badge(certificate: Certificate) -> str:
    if certificate.radius is None:
        return '<span aria-hidden="true">✕</span> Not even sure of [0, 0, 0]'
    if certificate.radius == 0:
        return f'<span aria-hidden="true">✕</span> {certificate.method.capitalize()} for [0, 0, 0] only'
    sign, word = ("✔", "Proved") if certificate.method == "proved" else ("○", "Checked")
    return f'<span aria-hidden="true">{sign}</span> {word} up to {certificate.radius:,}'


def _advice(certificate: Certificate) -> str:
    return f"<p><b>What can help:</b> {ADVICE[certificate.limit]}</p>" if certificate.limit in ADVICE else ""


def _wrong(certificate: Certificate) -> str:
    a, b, c = vector = certificate.counterexample
    given = ", ".join("not finite" if value is None else _short(value) for value in certificate.answer)
    return (
        f"<p>The nearest vector found that it gets wrong: <b>{vector}</b>. Asked alone, it answers [{given}] "
        f"in place of {[a, b, c, c + 1, c + 2]}.</p>"
    )


def _short(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 1e9 else f"{value:.4g}"


def _weights(certificate: Certificate) -> str:
    if certificate.weight is None or certificate.bias is None:
        return ""
    network = [[*row, bias] for row, bias in zip(certificate.weight, certificate.bias, strict=True)]
    rule = [[*row, bias] for row, bias in zip(certificate.rule_weight, certificate.rule_bias, strict=True)]
    rows = "".join(
        f"<tr><th scope='row'>{name}</th>"
        + "".join(f"<td>{_number(has)} <i>{is_to_be}</i></td>" for has, is_to_be in zip(*pair, strict=True))
        + "</tr>"
        for name, pair in zip(NAMES, zip(network, rule, strict=True), strict=True)
    )
    heads = "".join(f"<th scope='col'>{head}</th>" for head in ("a", "b", "c", "bias"))
    return (
        "<details class='fold'><summary>The whole network as one matrix and one bias</summary>"
        f"<p>Its rank is {certificate.rank}; the rule has rank 3. The rule's own numbers stand beside.</p>"
        "<div class='scroll' tabindex='0' role='region' aria-label='The matrix and the bias'>"
        f"<table class='predictions'><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        "</div></details>"
    )


def _number(value: float) -> str:
    if value == 0:
        return "0"
    return f"{value:.7f}" if 1e-6 <= abs(value) < 1000 else f"{value:.4g}"
