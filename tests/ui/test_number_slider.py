"""The slider's markup; what it does is tested in the browser."""

import json
import re
from html import unescape

from ui.components.number_slider import markup


def test_it_is_labelled_and_its_ends_are_shown() -> None:
    html = markup("Learning rate", "x-learning-rate", 1e-3, 1e-6, 1, whole=False)
    assert '<label for="x-learning-rate-text">Learning rate</label>' in html
    assert 'aria-label="Learning rate, slider"' in html
    assert 'min="-6.0" max="0.0"' in html
    assert "<span>1e-6</span><span>1</span>" in html
    options = re.search(r'data-options="([^"]*)"', html)
    assert options is not None
    assert json.loads(unescape(options[1])) == {"whole": False, "value": 1e-3}
