"""Data sets that people add: what is read, what is refused, and how the numbers make the name."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import datasets
from service import InlineExecutor, InvalidInput, TrainingService
from service.data import uploads
from service.data.csv_text import MAX_BYTES
from tests.conftest import message_of
from tests.service.csv_texts import HEADER, ROW, tables, written


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
        rows = [",".join(["-1.175494350822287508e-38"] * 8)] * uploads.MAX_EXAMPLES
        for encoding in ("utf-8", "utf-16"):
            content = "\n".join([HEADER, *rows]).encode(encoding)
            assert len(content) < MAX_BYTES
            assert len(uploads.read(content).table) == uploads.MAX_EXAMPLES


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
    return (header + rest(MAX_BYTES))[:MAX_BYTES]


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
        assert kept is None or (kept.isprintable() and 1 <= len(kept) <= uploads.MAX_FILE_NAME_CHARACTERS)

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
