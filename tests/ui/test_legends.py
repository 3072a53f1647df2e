"""The keys of the drawings: every sign that a key names is drawn as styles/legends.css says."""

import re

from service import Outcome
from ui.components.graph_drawing import KEY as GRAPH
from ui.components.loss_plot import KEY as LOSS
from ui.components.loss_plot import KEY_OF_BEFORE, KEY_WITH_HELD_OUT
from ui.components.network_drawing import KEY as NETWORK
from ui.components.parts import legend
from ui.components.rates_plot import STYLES as RATES
from ui.components.seeds_plot import KEY as SEEDS
from ui.components.surface import KEY as SURFACE
from ui.components.sweep_map import KEY as SWEEP
from ui.static import STYLES

RULES = "".join(path.read_text(encoding="utf-8") for path in STYLES)


def signs(key: str) -> set[str]:
    return set(re.findall(r'<li class="([^"]+)">', key))


def test_a_legend_is_a_list_of_signs_and_their_meanings() -> None:
    markup = legend(("framed", "thick: <new>"), ("", "line"))
    assert markup == '<ul class="key"><li class="framed">thick: &lt;new&gt;</li><li>line</li></ul>'


def test_every_sign_of_a_key_has_a_style() -> None:
    used = set().union(
        *map(signs, (GRAPH, LOSS, KEY_WITH_HELD_OUT, KEY_OF_BEFORE, NETWORK, SEEDS, SURFACE, SWEEP))
    )
    used |= {"worded", "framed", "repeated", "target"} | set(RATES.values()) - {RATES[Outcome.converges]}
    styled = set(re.findall(r"\.([\w-]+)", " ".join(re.findall(r"\.key [^{]*::before", RULES))))
    assert used <= styled
