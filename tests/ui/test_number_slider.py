"""The slider's markup; what it does is tested in the browser."""

import json
import re
from html import unescape
from typing import Any

from ui.components.number_slider import markup


def options(html: str) -> dict[str, Any]:
    found = re.search(r'data-options="([^"]*)"', html)
    assert found is not None
    return json.loads(unescape(found[1]))


def test_it_is_labelled_and_its_ends_are_shown() -> None:
    html = markup("Learning rate", "x-learning-rate", 1e-3, 1e-6, 1, whole=False, step=None)
    assert '<label for="x-learning-rate-text">Learning rate</label>' in html
    assert 'aria-label="Learning rate, slider"' in html
    assert 'step="any" min="-6.0" max="0.0"' in html
    assert "<span>1e-6</span><span>1</span>" in html
    assert options(html) == {"log": True, "whole": False, "step": None, "value": 1e-3}


def test_a_step_makes_its_scale_linear() -> None:
    html = markup("Start", "x-start", 3, -10, 10, whole=False, step=0.1)
    assert 'step="0.1" min="-10" max="10"' in html
    assert options(html) == {"log": False, "whole": False, "step": 0.1, "value": 3}
