"""CSV texts with numbers that Hypothesis draws."""

from hypothesis import strategies as st

NAMES = ["a", "b", "c", "y1", "y2", "y3", "y4", "y5"]
HEADER = ",".join(NAMES)
ROW = "1,2,3,1,2,3,4,5"

numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)
tables = st.lists(st.lists(numbers, min_size=8, max_size=8), min_size=1, max_size=5)
FORMATS = [repr, "{:+.17e}".format, "{:.160f}".format, " {!r} ".format, '"{!r}"'.format]


def written(table: list[list[float]], form: st.DataObject | None = None, newline: str = "\n") -> str:
    """The table as CSV, every number in a way of its own if `form` draws one."""
    rows = [
        ",".join(form.draw(st.sampled_from(FORMATS))(cell) if form else repr(cell) for cell in row)
        for row in table
    ]
    return newline.join([HEADER, *rows])
