"""What a tool gives back: JSON, after a sentence where it is long."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ui.gateway.results import MAX_SHORT_CHARACTERS, summary, told

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(JSON)
def test_the_last_content_is_the_value_as_json(value: object) -> None:
    *before, last = told(value)
    assert json.loads(last.text) == value
    assert bool(before) == (len(last.text) > MAX_SHORT_CHARACTERS)


def test_a_long_history_begins_with_what_it_comes_to() -> None:
    value = {"steps": [*range(5000)], "losses": [1 / (step + 1) for step in range(5000)]}
    first, _ = told(value)
    assert first.text == (
        "In short, steps: 5,000 values, the first 0, the last 4999, the lowest 0; "
        "losses: 5,000 values, the first 1.0, the last 0.0002, the lowest 0.0002; all of it follows as JSON."
    )


def test_right_and_wrong_answers_are_counted() -> None:
    assert "right: 5 values, 3 true, 2 false" in summary({"right": [True, True, False, True, False]})


def test_a_file_is_told_by_where_it_is() -> None:
    file = {
        "path": "/somewhere/a.csv",
        "url": "http://lab/a.csv",
        "orig_name": "a.csv",
        "size": 3,
        "mime_type": "text/csv",
        "is_stream": False,
        "meta": {"_type": "gradio.FileData"},
    }
    (content,) = told(file)
    assert json.loads(content.text) == {
        "url": "http://lab/a.csv",
        "name": "a.csv",
        "bytes": 3,
        "mime_type": "text/csv",
    }
