"""Data sets that people add: what is read, what is refused, and how the numbers make the name."""

import codecs
import io
import time
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import datasets
from service import InlineExecutor, InvalidInput, TrainingService, uploads
from service.csv_text import MOST_BYTES
from tests.conftest import message_of

NAMES = ["a", "b", "c", "y1", "y2", "y3", "y4", "y5"]
HEADER = ",".join(NAMES)
ROW = "1,2,3,1,2,3,4,5"
THREE = [[1, 2, 3, 1, 2, 3, 4, 5], [4, 5, 6, 4, 5, 6, 7, 8], [-7, 0, 2, -7, 0, 2, 3, 4]]

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


def name_of(content: str | bytes) -> str:
    """The name that the content is kept under."""
    return uploads.kept(uploads.read(content).table)[0]


class TestReading:
    @given(tables)
    def test_every_float32_number_comes_through(self, table: list[list[float]]) -> None:
        inputs, targets = uploads.load(uploads.kept(uploads.read(written(table)).table)[1])
        assert (inputs.dtype, targets.dtype) == (np.float32, np.float32)
        assert np.hstack([inputs, targets]).tolist() == table

    @given(tables, st.data(), st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), st.booleans())
    @settings(max_examples=50)
    def test_the_same_numbers_have_the_same_name_however_they_are_written(
        self, table: list[list[float]], form: st.DataObject, newline: str, marked: bool
    ) -> None:
        other = (
            written(table, form, newline).replace("y1", " answer ").encode("utf-8-sig" if marked else "utf-8")
        )
        assert name_of(other) == name_of(written(table))
        assert uploads.is_upload(name_of(other))

    @given(tables, tables)
    def test_other_numbers_have_another_name(self, one: list[list[float]], other: list[list[float]]) -> None:
        assert (name_of(written(one)) == name_of(written(other))) == (one == other)

    def test_numbers_that_are_one_in_float32_have_one_name(self) -> None:
        for alike in (
            ("0", "-0", "-0.0", "0e-99"),
            ("0.1", "0.10000000001"),
            ("3.4028235e38", "340282346638528859811704183484516925440"),
        ):
            assert len({name_of(f"{HEADER}\n{','.join([cell] * 8)}") for cell in alike}) == 1  # fmt: skip

    def test_the_largest_set_passes(self) -> None:
        rows = [",".join(["-1.175494350822287508e-38"] * 8)] * uploads.MOST_ROWS
        for encoding in ("utf-8", "utf-16"):
            content = "\n".join([HEADER, *rows]).encode(encoding)
            assert len(content) < MOST_BYTES
            assert len(uploads.read(content).table) == uploads.MOST_ROWS


# What pandas, numpy and spreadsheets write


@given(
    tables,
    st.sampled_from([",", ";", "\t", "|", " "]),
    st.sampled_from([".", ","]),
    st.sampled_from([None, "%.12g", "%.3f", "%.9e"]),
    st.sampled_from([False, True, "index", "Unnamed: 0", "Unnamed: 0.1"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from([0, 1, 2]),
)
@settings(max_examples=300)
def test_what_pandas_writes_is_read_as_pandas_reads_it_or_refused(
    table: list[list[float]],
    separator: str,
    decimal: str,
    form: str | None,
    index: bool | str,
    newline: str,
    encoding: str,
    quoting: int,
) -> None:
    frame = pd.DataFrame(table, columns=NAMES).rename(columns={"y2": "größe"})
    content = frame.to_csv(
        sep=separator,
        decimal=decimal,
        float_format=form,
        index=bool(index),
        index_label=index if isinstance(index, str) else None,
        lineterminator=newline,
        quoting=quoting,  # pyright: ignore[reportArgumentType]
    )
    assume(not (separator == " " and isinstance(index, str)))  # whose name has a space in it
    known = pd.read_csv(io.StringIO(content, newline=""), sep=separator, decimal=decimal, lineterminator=None)
    wanted = known[frame.columns].to_numpy(np.float32)
    try:
        found = uploads.read(content.encode(encoding))
    except InvalidInput as error:
        assert "line" in str(error).lower()
        return
    np.testing.assert_array_equal(found.table, wanted + np.float32(0))
    assert ("The first column, an index, was left out." in found.notes) == bool(index)


@given(
    tables, st.sampled_from([" ", ",", ";", "\t"]), st.sampled_from(["%.18e", "%g", "%.6f"]), st.booleans()
)
def test_what_numpy_writes_is_read_as_numpy_reads_it_or_refused(
    table: list[list[float]], separator: str, form: str, footer: bool
) -> None:
    file = io.StringIO()
    header = "made by numpy\n" + separator.join(NAMES)
    np.savetxt(file, np.array(table), form, separator, header=header, footer="the end" if footer else "")
    wanted = np.loadtxt(io.StringIO(file.getvalue()), dtype=np.float64, delimiter=separator, ndmin=2)
    try:
        found = uploads.read(file.getvalue()).table
    except InvalidInput as error:
        assert str(error).startswith("Line ")
        return
    np.testing.assert_array_equal(found, wanted.astype(np.float32) + np.float32(0))


def lines(separator: str, rows: list[list[int]] = THREE, newline: str = "\r\n") -> str:
    """The names and the rows with that separator."""
    return newline.join(separator.join(map(str, row)) for row in [NAMES, *rows])


@pytest.mark.parametrize(
    "content",
    [
        lines(","),
        lines(";"),
        lines("\t"),
        lines("|"),
        lines("  "),
        "sep=,\r\n" + lines(","),
        "sep=;\r\n" + lines(";"),
        '"sep=;"\r\n' + lines(";"),
        "\ufeffSEP=\t\r\n" + lines("\t"),
        codecs.BOM_UTF16_LE + lines("\t").encode("utf-16-le"),
        codecs.BOM_UTF16_BE + lines("\t").encode("utf-16-be"),
        lines("\t").encode("utf-16-le"),
        lines("\t").encode("utf-16-be"),
        lines(",").encode("utf-32"),
        lines(",").encode("utf-8-sig"),
        lines(",").replace("y1", "größe").encode("cp1252"),
        "# " + lines(",", newline="\n"),
        "# by numpy\n#a;b;c;y1;y2;y3;y4;y5\n" + lines(";").split("\r\n", 1)[1] + "\n# the end",
        lines(",").upper(),
        lines(",").replace(HEADER, " 'A' , \"b\",C , y1,y2,y3,y4, \"y 5\""),
        lines(",").replace("-7", "\u22127"),
        lines(",").replace("-7", "\uff0d\uff17"),
        lines(",").replace("-7", " -7.000 ").replace("8", '"8"'),
        "\n\n" + lines(",", newline="\n\n") + "\n\n",
        lines(",", newline="\r"),
        lines(",", newline="\r\n,,,,,,,\r\n") + "\r\n,,,,,,,\r\n;\r\n".replace(";", ",,,,,,,,,,,,"),
        lines(",", newline=",\n") + ",\n",
        lines(",").replace("\r\n", ",,,\n", 1),
        lines(",", newline="\n,,").join([",,", ""]),
        lines(";").replace(";", ";;"),
        lines(",").replace(",y1", ",,y1").replace(",1,2,3,4", ",,1,2,3,4").replace(",4,5,6,7", ",,4,5,6,7").replace("2,-7", "2,,-7"),
        lines(",").replace("\r\n", ",Unnamed: 8\n", 1).replace("\r\n", ",\n"),
    ],
)  # fmt: skip
def test_what_is_left_over_from_other_programs_does_no_harm(content: str | bytes) -> None:
    assert uploads.read(content).table.tolist() == THREE


class TestNotes:
    @pytest.mark.parametrize(
        ("content", "notes"),
        [
            (lines(","), []),
            (lines(";"), ["Cells are separated by semicolons."]),
            ("sep=\t\n" + lines("\t"), ["Cells are separated by tabs."]),
            (lines(";").replace("-7;0", "-7,5;0"), ["Cells are separated by semicolons.", "Commas are decimal marks."]),
            (lines(",", newline="\n5,").join(["index,", ""]), ["The first column, an index, was left out."]),
            (lines(",", newline="\n5,x,").join(["Unnamed: 0.1,,", ""]), ["The first 2 columns, an index, were left out."]),
            (lines(",", newline="\n,").join([",", ""]), ["1 empty column was left out."]),
            (lines(",", newline="\n5,,").join([",,", ""]).replace("\n", ",,,\n"),
             ["The first column, an index, was left out.", "4 empty columns were left out."]),
        ],
    )  # fmt: skip
    def test_they_say_how_a_file_was_read(self, content: str, notes: list[str]) -> None:
        assert uploads.read(content).notes == notes


class TestDecimalMarks:
    def read(self, *cells: str, separator: str = ";") -> list[float]:
        rows = [separator.join([cell, *["1"] * 7]) for cell in cells]
        return uploads.read("\n".join([separator.join(NAMES), *rows])).table[:, 0].tolist()

    @pytest.mark.parametrize(
        ("cells", "numbers"),
        [
            (["1,5", "-2", "3"], [1.5, -2, 3]),
            (["1.5", "-2", "3"], [1.5, -2, 3]),
            (["1,000", "0,5"], [1, 0.5]),
            (["1.000", "0.500"], [1, 0.5]),
            (["1,5e3", ",25", "7,"], [1500, 0.25, 7]),
            (["1234,625"], [1234.625]),
        ],
    )
    def test_one_number_that_is_beyond_doubt_tells(self, cells: list[str], numbers: list[float]) -> None:
        assert self.read(*cells) == numbers

    @pytest.mark.parametrize(
        ("cells", "words"),
        [
            (["2", "1.000"], "Line 3, column a must be a number with one meaning, written as 1000 or as 1; got '1.000'."),
            (["1,234"], "Line 2, column a must be a number with one meaning, written as 1234 or as 1.234; got '1,234'."),
            (["1,5", "2.5"], "Line 3, column a must be written with the same decimal mark as line 2, column a; got '2.5'."),
            (["1,5", "1.000"], "Line 3, column a must be written with a decimal comma, as the other numbers; got '1.000'."),
            (["1.5", "1,000"], "Line 3, column a must be a finite number, written as 1000 or as 1; got '1,000'."),
            (["1.234,5"], "Line 2, column a must be a finite number, written as 1234.5; got '1.234,5'."),
        ],
    )  # fmt: skip
    def test_without_one_or_with_two_that_disagree_nothing_is_guessed(
        self, cells: list[str], words: str
    ) -> None:
        assert message_of(lambda: self.read(*cells), InvalidInput) == words

    def test_between_commas_a_period_is_the_decimal_mark(self) -> None:
        assert self.read("1.000", "2.500", separator=",") == [1, 2.5]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("above", "line"),
    [
        ([HEADER], 2),
        (["", HEADER, "", ROW, ",,,,,,,", ""], 7),
        (["sep=,", HEADER, ROW], 4),
        (["# by numpy", "# " + HEADER], 3),
        ([HEADER, '1,2,3,1,2,3,4,"5', '"', "# a comment"], 5),
    ],
)
def test_an_error_names_the_line_of_the_file(above: list[str], line: int, newline: str) -> None:
    for wrong, words in {
        "x,2,3,1,2,3,4,5": f"Line {line}, column a must be a finite number; got 'x'.",
        "1,2,3,1,2,3,4": f"The number of cells on line {line} must be 8, one for each column; got 7.",
        "1,2,3,1,2,3,4,5,6": f"The number of cells on line {line} must be 8, one for each column; got 9.",
        '1,2,3,1,2,3,4,"5': f"Line {line} of the CSV must be cells with commas between them, and every quote closed",
    }.items():
        content = newline.join([*above, wrong, ROW])
        assert message_of(lambda content=content: uploads.read(content), InvalidInput).startswith(words)


COLUMNS = "Line 1 of the CSV must be the names of the columns a, b, c and then 5 targets; got "
EIGHT = (
    "The columns on line 1 of the CSV must be a, b, c and then 5 targets, each with a name of its own; got "
)
EMPTY = "The CSV must be the names of the columns a, b, c and then 5 targets, and below them at least 1 row of numbers"
NO_TEXT = "The CSV must be text, such as a spreadsheet saves as CSV; got "


@pytest.mark.parametrize(
    ("csv", "words"),
    [
        (None, "The CSV must be text; got null."),
        (7, "The CSV must be text; got 7."),
        ("", EMPTY),
        (b"\xef\xbb\xbf \n\n", EMPTY),
        ("# only\n# comments", EMPTY),
        (HEADER, "The number of rows below the names must be from 1 to 10,000; got 0."),
        (f"{HEADER}\n,,,,,,,\n", "The number of rows below the names must be from 1 to 10,000; got 0."),
        ("\n".join([HEADER, *[ROW] * 10_001]), "The number of rows below the names must be from 1 to 10,000; got 10001."),
        ("x" * 5_000_001, "The size of the CSV must be at most 5,000,000 bytes; got 5000001."),
        ("é" * 2_600_000, "The size of the CSV must be at most 5,000,000 bytes; got 5200000."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NO_TEXT),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", NO_TEXT),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "Line 1 of the CSV must be the names of the columns"),
        (f"{HEADER}\n{ROW}\0", NO_TEXT),
        ("\ud800", "The CSV must be text, such as a spreadsheet saves as CSV; got '\\ud800'."),
        ("," * 999_999, EMPTY),
        ("a" + "," * 999_999, COLUMNS),
        (ROW, COLUMNS + "'1,2,3,1,2,3,4,5'."),
        ("<!DOCTYPE html>\n<table>", COLUMNS + "'<!DOCTYPE html>'."),
        ('[{"a": 1}]', COLUMNS),
        (f"My data\n{HEADER}\n{ROW}", COLUMNS + "'My data'."),
        (f"b,a,c,y1,y2,y3,y4,y5\n{ROW}", COLUMNS),
        ("a:b:c:y1:y2:y3:y4:y5\n1:2:3:1:2:3:4:5", COLUMNS),
        (f"{HEADER},y6\n{ROW},6", EIGHT),
        ("a,b,c,y1,y2,y3,y4\n1,2,3,1,2,3,4", EIGHT + "['a', 'b', 'c', 'y1', 'y2', 'y3', 'y4']."),
        (f"a,b,c,y,y,y3,y4,y5\n{ROW}", EIGHT),
        (f"a,b,c,,y2,y3,y4,y5\n{ROW}", EIGHT),
        (f"{HEADER}, Y5\n{ROW},5", EIGHT),
        (f"a,b,c,y2,y1,y3,y4,y5\n{ROW}", "The targets y1 to y5 must be in this order; got ['y2', 'y1', 'y3', 'y4', 'y5']."),
        (f"{HEADER},\n{ROW},\n{ROW},7", "Line 3, cell 9 must be empty, for its column has no name; got '7'."),
        (f"{HEADER}\n1,2,abc,1,2,3,4,5", "Line 2, column c must be a finite number; got 'abc'."),
        ("\n".join([HEADER, *[ROW] * 16, "1,2,3,1,2,,4,5"]), "Line 18, column y3 must be a finite number; got ''."),
        (f"{HEADER}\n1,2,3,1,2,3,4,nan", "Line 2, column y5 must be a finite number; got 'nan'."),
        (f"{HEADER}\n-inf,2,3,1,2,3,4,5", "Line 2, column a must be a finite number; got '-inf'."),
        (f"{HEADER}\n1_0,2,3,1,2,3,4,5", "Line 2, column a must be a finite number; got '1_0'."),
        (f"{HEADER}\n0x1,2,3,1,2,3,4,5", "Line 2, column a must be a finite number, written as 1; got '0x1'."),
        (f'{HEADER}\n"1,000",2,3,1,2,3,4,5', "Line 2, column a must be a finite number, written as 1000 or as 1; got '1,000'."),
        (f'{HEADER}\n"1,5",2,3,1,2,3,4,5', "Line 2, column a must be a finite number, written as 1.5; got '1,5'."),
        (f"{HEADER}\n1\u00a0000,2,3,1,2,3,4,5", "Line 2, column a must be a finite number, written as 1000; got '1 000'."),
        (f"{HEADER}\n10%,2,3,1,2,3,4,5", "Line 2, column a must be a finite number, written as 0.1; got '10%'."),
        (f"{HEADER}\n$1.50,2,3,1,2,3,4,5", "Line 2, column a must be a finite number, written as 1.50; got '$1.50'."),
        (f"{HEADER}\n1,1e39,3,1,2,3,4,5", "Line 2, column b must be a finite number of at most 3.4e+38; got '1e39'."),
        (f"{HEADER}\n1,-1e999,3,1,2,3,4,5", "Line 2, column b must be a finite number of at most 3.4e+38"),
        (f"{HEADER}\n1e-60,2,3,1,2,3,4,5", "Line 2, column a must be a number that float32 can hold without turning it into 0; got '1e-60'."),
        (f"{HEADER}\n1,2,-1e-999,1,2,3,4,5", "Line 2, column c must be a number that float32 can hold without turning it into 0"),
        (f"{HEADER}\n1,2,3,1,2,3,4,16777217", "Line 2, column y5 must be a number that float32 can hold without turning it into 16777216; got '16777217'."),
        (f"{HEADER}\n1,2,3,1,2,3,4,1.6777217e7", "Line 2, column y5 must be a number that float32 can hold without"),
        (f"{HEADER}\n../../etc/passwd", "The number of cells on line 2 must be 8"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_sentence(csv: object, words: str) -> None:
    message = message_of(lambda: uploads.read(csv), InvalidInput)  # pyright: ignore[reportArgumentType]
    assert message.startswith(words)
    assert "\n" not in message
    assert len(message) < 300


@pytest.mark.parametrize("name", datasets.names())
def test_the_named_sets_are_read_as_they_are(name: str) -> None:
    inputs, targets = datasets.load(name)
    table, notes = uploads.read((datasets.FOLDER / f"{name}.csv").read_bytes())
    assert table.tolist() == np.hstack([inputs, targets]).tolist()
    assert notes == []


def slow(rest: Callable[[int], str], header: str = HEADER + "\n") -> str:
    """As much of something as is taken at all."""
    return (header + rest(MOST_BYTES))[:MOST_BYTES]


@pytest.mark.parametrize(
    "content",
    [
        slow(lambda size: "," * size, ""),
        slow(lambda size: "#\n" * size, ""),
        slow(lambda size: "," * size),
        slow(lambda size: '"' * size),
        slow(lambda size: "1" * size),
        slow(lambda size: "1" * 100_000 + "x,2,3,1,2,3,4,5"),
        slow(lambda size: ("1" * 2000 + ",") * (size // 2000)),
        slow(lambda size: " " * size, HEADER.replace(",", " ") + "\n"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_fast(content: str) -> None:
    began = time.process_time()
    assert len(message_of(lambda: uploads.read(content), InvalidInput)) < 300
    assert time.process_time() - began < 3


class TestFileNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            (None, None),
            ("", None),
            (" \n ", None),
            ("mine.csv", "mine.csv"),
            ("C:\\data\\my  vectors.csv", "my vectors.csv"),
            ("../../etc/<b>passwd.csv", "<b>passwd.csv"),
            ("größe 2.csv", "größe 2.csv"),
            ("evil\u202egpj.csv", "evil gpj.csv"),
            ("x" * 100 + ".csv", "x" * 59 + "…"),
        ],
    )
    def test_they_are_shown_without_folders_and_without_tricks(self, given: str, kept: str | None) -> None:
        assert uploads.file_name(given) == kept

    @given(st.text())
    def test_whatever_is_given_is_one_short_printable_line(self, given: str) -> None:
        kept = uploads.file_name(given)
        assert kept is None or (kept.isprintable() and 1 <= len(kept) <= uploads.LONGEST_FILE_NAME)

    def test_what_is_no_text_is_refused(self) -> None:
        message = message_of(lambda: uploads.file_name(7), InvalidInput)
        assert message == "file_name must be the name of a file, or null; got 7."


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
