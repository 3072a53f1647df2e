"""Data sets that people add: what is read, what is refused, and how the numbers make the name."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import InlineExecutor, InvalidInput, TrainingService, uploads
from tests.conftest import message_of

HEADER = "a,b,c,y1,y2,y3,y4,y5"
ROW = "1,2,3,1,2,3,4,5"

numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)
tables = st.lists(st.lists(numbers, min_size=8, max_size=8), min_size=1, max_size=5)
FORMATS = [repr, "{:+.17e}".format, "{:.60f}".format, " {!r} ".format, '"{!r}"'.format]


def written(table: list[list[float]], form: st.DataObject | None = None, newline: str = "\n") -> str:
    """The table as CSV, every number in a way of its own if `form` draws one."""
    rows = [
        ",".join(form.draw(st.sampled_from(FORMATS))(cell) if form else repr(cell) for cell in row)
        for row in table
    ]
    return newline.join([HEADER, *rows])


class TestReading:
    @given(tables)
    def test_every_float32_number_comes_through(self, table: list[list[float]]) -> None:
        inputs, targets = uploads.load(uploads.kept(uploads.read(written(table)))[1])
        assert (inputs.dtype, targets.dtype) == (np.float32, np.float32)
        assert np.hstack([inputs, targets]).tolist() == table

    @given(tables, st.data(), st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), st.booleans())
    @settings(max_examples=50)
    def test_the_same_numbers_have_the_same_name_however_they_are_written(
        self, table: list[list[float]], form: st.DataObject, newline: str, marked: bool
    ) -> None:
        name, content = uploads.kept(uploads.read(written(table)))
        other = (
            written(table, form, newline).replace("y1", " answer ").encode("utf-8-sig" if marked else "utf-8")
        )
        assert uploads.kept(uploads.read(other)) == (name, content)
        assert uploads.is_upload(name)

    @given(tables, tables)
    def test_other_numbers_have_another_name(self, one: list[list[float]], other: list[list[float]]) -> None:
        names = [uploads.kept(uploads.read(written(table)))[0] for table in (one, other)]
        assert (names[0] == names[1]) == (one == other)

    def test_0_has_one_name(self) -> None:
        zeros = [
            uploads.read(f"{HEADER}\n{','.join([zero] * 8)}")
            for zero in ("0", "-0", "-0.0", "1e-60", "-1e-60")
        ]
        assert len({uploads.kept(table) for table in zeros}) == 1

    def test_the_largest_set_passes(self) -> None:
        assert len(uploads.read("\n".join([HEADER, *[ROW] * uploads.MOST_ROWS]))) == uploads.MOST_ROWS


@pytest.mark.parametrize(
    ("csv", "words"),
    [
        (None, "The CSV must be text; got None."),
        (7, "The CSV must be text; got 7."),
        ("", "The CSV must be the names of 8 columns and at least 1 row of numbers; got ''."),
        (b"\xef\xbb\xbf \n\n", "The CSV must be the names of 8 columns and at least 1 row of numbers"),
        (HEADER, "The number of rows must be from 1 to 10,000; got 0."),
        ("\n".join([HEADER, *[ROW] * 10_001]), "The number of rows must be from 1 to 10,000; got 10001."),
        ("x" * 1_000_001, "The size of the CSV must be at most 1,000,000 bytes; got 1000001."),
        ("é" * 600_000, "The size of the CSV must be at most 1,000,000 bytes; got 1200000."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "The CSV must be text in UTF-8; got b'\\x89PNG"),
        (f"{HEADER}\n{ROW}\0", "The CSV must be text in UTF-8"),
        ("\ud800", "The CSV must be text in UTF-8; got '\\ud800'."),
        ("," * 999_999, "The columns must be a, b, c and then 5 targets, each with a name of its own"),
        (ROW, "The columns must be a, b, c and then 5 targets"),
        ("a;b;c;y1;y2;y3;y4;y5\n1;2;3;1;2;3;4;5", "The columns must be a, b, c and then 5 targets"),
        (f"{HEADER},y6\n{ROW},6", "The columns must be a, b, c and then 5 targets"),
        ("a,b,c,y1,y2,y3,y4\n1,2,3,1,2,3,4", "The columns must be a, b, c and then 5 targets"),
        (f"a,b,c,y,y,y3,y4,y5\n{ROW}", "The columns must be a, b, c and then 5 targets"),
        (f"a,b,c,,y2,y3,y4,y5\n{ROW}", "The columns must be a, b, c and then 5 targets"),
        (f"b,a,c,y1,y2,y3,y4,y5\n{ROW}", "The columns must be a, b, c and then 5 targets"),
        (f"{HEADER}\n{ROW}\n1,2,3", "The number of cells in row 2 must be 8, one a column; got 3."),
        (f"{HEADER}\n{ROW},9", "The number of cells in row 1 must be 8, one a column; got 9."),
        (f'{HEADER}\n"1,2,3', "Line 2 of the CSV must be cells between commas; got 'unexpected end of data'."),
        (f"{HEADER}\n1,2,abc,1,2,3,4,5", "Row 1, column c must be a finite number; got 'abc'."),
        ("\n".join([HEADER, *[ROW] * 16, "1,2,3,1,2,,4,5"]), "Row 17, column y3 must be a finite number; got ''."),
        (f"{HEADER}\n1,2,3,1,2,3,4,nan", "Row 1, column y5 must be a finite number; got 'nan'."),
        (f"{HEADER}\n-inf,2,3,1,2,3,4,5", "Row 1, column a must be a finite number; got '-inf'."),
        (f"{HEADER}\n1_0,2,3,1,2,3,4,5", "Row 1, column a must be a finite number; got '1_0'."),
        (f"{HEADER}\n0x1,2,3,1,2,3,4,5", "Row 1, column a must be a finite number; got '0x1'."),
        (f"{HEADER}\n\u0661,2,3,1,2,3,4,5", "Row 1, column a must be a finite number; got '\u0661'."),
        (f"{HEADER}\n1,1e39,3,1,2,3,4,5", "Row 1, column b must be a finite number of at most 3.4e+38; got '1e39'."),
        (f"{HEADER}\n1,-1e999,3,1,2,3,4,5", "Row 1, column b must be a finite number of at most 3.4e+38"),
        (f"{HEADER}\n../../etc/passwd", "The number of cells in row 1 must be 8"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_sentence(csv: object, words: str) -> None:
    message = message_of(lambda: uploads.read(csv), InvalidInput)  # pyright: ignore[reportArgumentType]
    assert message.startswith(words)
    assert "\n" not in message
    assert len(message) < 300


CELLS = st.sampled_from(
    ["", "1", "-2.5", "x", "nan", "1e99", '"', "'", "\0", ",", "\n", "\r", HEADER, "\ufeff", "é"]
)


@pytest.fixture(scope="module")
def one_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingService]:
    """A service for all the examples of a property."""
    folder = tmp_path_factory.mktemp("uploads")
    with TrainingService(folder, workers=1, make_executor=InlineExecutor) as service:
        yield service


def names_kept(lab: TrainingService) -> set[str]:
    return {row["id"] for row in lab._database.rows("SELECT id FROM datasets")}


@given(st.lists(CELLS, max_size=30).map("".join) | st.text() | st.binary() | tables.map(written))
def test_what_is_kept_is_what_was_read_and_nothing_else(one_lab: TrainingService, csv: str | bytes) -> None:
    before = names_kept(one_lab)
    try:
        added = one_lab.add_dataset(csv)
    except InvalidInput:
        assert names_kept(one_lab) == before
    else:
        assert names_kept(one_lab) == before | {added.name}
        inputs, _ = uploads.load(one_lab._store.dataset(added.name) or b"")
        assert len(inputs) == added.examples


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["cube", "", None, 7, "upload-", "upload-" + "0" * 31, "upload-" + "0" * 33, "upload-" + "A" * 32,
         "upload-" + "0" * 32 + "\n", "../upload-" + "0" * 32, "upload-" + "\u0660" * 32, ["upload-" + "0" * 32]],
    )  # fmt: skip
    def test_only_the_exact_shape_is_looked_up(self, lab: TrainingService, name: object) -> None:
        assert not uploads.is_upload(name)
        assert lab._store.dataset(name) is None


def test_a_long_cell_is_refused_as_fast_as_a_short_one() -> None:
    digits = "1" * 100_000
    message = message_of(lambda: uploads.read(f"{HEADER}\n1,2,{digits}x,1,2,3,4,5"), InvalidInput)
    assert message.startswith("Row 1, column c must be a finite number")
    assert len(message) < 300
