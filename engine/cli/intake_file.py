"""Reading a file of complaints row by row: plain or gzipped CSV, whatever state it is in."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.cli.intake_map import RowRefused

LONGEST_FIELD = 4_000_000
"""Characters; a longer one is a file whose quotes do not match."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is no row: where it starts, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the file has it, by column."""

    line: int
    values: Mapping[str, str]


class FileRefused(RowRefused):
    """This file holds no complaints that can be read."""

    code = "file_refused"


def columns(path: Path) -> list[str]:
    """The names in the file's first row; raises FileRefused."""
    with _opened(path) as file:
        return _header(csv.reader(file, strict=True), path)


def lines(path: Path, limit: int | None = None) -> Iterator[Line | Unreadable]:
    """The rows after the header, the first `limit` of them, read or not."""
    with _opened(path) as file:
        reader = csv.reader(file, strict=True)
        names = _header(reader, path)
        count = 0
        while limit is None or count < limit:
            line = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Unreadable(line, f"it is no CSV: {error}")
            except (OSError, EOFError, zlib.error) as error:
                yield Unreadable(line, f"the file ends here: {error}")
                return
            else:
                if not values:
                    continue
                if len(values) != len(names):
                    yield Unreadable(line, f"it has {len(values)} fields, the header {len(names)}")
                else:
                    yield Line(line, dict(zip(names, values, strict=True)))
            count += 1


def _header(reader: Iterator[list[str]], path: Path) -> list[str]:
    try:
        names = [name.strip() for name in next(reader)]
    except StopIteration:
        raise FileRefused(f"{path} is empty.") from None
    except (csv.Error, OSError, EOFError, zlib.error) as error:
        raise FileRefused(f"{path} is no CSV file: {error}") from None
    if len(set(names)) != len(names):
        raise FileRefused(f"{path} names a column twice.")
    return names


def _opened(path: Path) -> IO[str]:
    """As text; bytes that are not UTF-8 stay recognisable, so that only their row is refused."""
    csv.field_size_limit(LONGEST_FIELD)
    with path.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
