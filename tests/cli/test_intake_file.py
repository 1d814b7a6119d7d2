"""Reading files of complaints, in whatever state they are."""

import gzip
from pathlib import Path

import pytest

from engine.cli.intake_file import FileRefused, Line, Unreadable, columns, lines


def _file(folder: Path, content: bytes, name: str = "complaints.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_rows_come_with_their_line_and_their_columns(tmp_path: Path) -> None:
    path = _file(tmp_path, b'key,text\n1,"two\nlines"\n2,one\n')

    assert list(lines(path)) == [
        Line(2, {"key": "1", "text": "two\nlines"}),
        Line(4, {"key": "2", "text": "one"}),
    ]


def test_a_gzipped_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = _file(tmp_path, gzip.compress("key,text\n1,收费\n".encode()))

    assert list(lines(path)) == [Line(2, {"key": "1", "text": "收费"})]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    assert columns(_file(tmp_path, b"\xef\xbb\xbfkey,text\n")) == ["key", "text"]


def test_the_limit_counts_rows_that_cannot_be_read_too(tmp_path: Path) -> None:
    path = _file(tmp_path, b"key,text\n1\n2,b\n3,c\n")

    assert list(lines(path, 2)) == [
        Unreadable(2, "it has 1 fields, the header 2"),
        Line(3, {"key": "2", "text": "b"}),
    ]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"key,text\n1,a,b\n", 2, "3 fields"),  # a comma without quotes
        (b'key,text\n1,"a"b\n', 2, "no CSV"),  # a quote within a field
        (b'key,text\n1,a\n2,"never closed\n', 3, "no CSV"),
        (
            gzip.compress(b"key,text\n" + b"1,a\n" * 9, mtime=0)[:-9],
            2,
            "ends here",
        ),  # a download that broke off
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why(
    tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    broken = [row for row in lines(_file(tmp_path, content)) if isinstance(row, Unreadable)]

    assert [row.line for row in broken] == [line]
    assert words in broken[0].reason


def test_rows_after_a_broken_one_are_read(tmp_path: Path) -> None:
    path = _file(tmp_path, b'key,text\n1,"a"b\n2,fine\n')

    assert Line(3, {"key": "2", "text": "fine"}) in list(lines(path))


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"a,a\n1,2\n", "twice"), (b'"a"b\n', "no CSV")]
)
def test_a_file_without_a_header_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        columns(_file(tmp_path, content))
