"""CSV files as pandas, NumPy and spreadsheets write them: their numbers are read, or their lines are named."""

import codecs
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service import InvalidInput
from service.data import uploads
from tests.conftest import message_of
from tests.service.csv_texts import HEADER, NAMES, ROW, tables

THREE = [[1, 2, 3, 1, 2, 3, 4, 5], [4, 5, 6, 4, 5, 6, 7, 8], [-7, 0, 2, -7, 0, 2, 3, 4]]


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
