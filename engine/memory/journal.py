"""Tables that remember how to undo what was written, so that a savepoint costs nothing until it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
_ABSENT: Any = object()


class Journal:
    """The undoing of every write since the transaction began, newest last."""

    def __init__(self) -> None:
        self._undoing: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self._undoing)

    def note(self, undo: Callable[[], None]) -> None:
        """How to take back what was just written."""
        self._undoing.append(undo)

    @contextmanager
    def undone_by_an_exception(self) -> Iterator[None]:
        """What is written inside is taken back if the block raises; the exception goes on."""
        mark = len(self)
        try:
            yield
        except BaseException:
            while len(self) > mark:
                self._undoing.pop()()
            raise

    def forget(self) -> None:
        """Nothing will be undone any more."""
        self._undoing.clear()


class Table(dict[K, V], Generic[K, V]):
    """Rows by their key; written by `put` and `drop`, and read as any dict."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def put(self, key: K, row: V) -> None:
        """Insert or overwrite."""
        before = self.get(key, _ABSENT)
        self[key] = row
        if before is _ABSENT:
            self._journal.note(lambda: self._take_back(key))
        else:
            self._journal.note(lambda: self.__setitem__(key, before))

    def drop(self, key: K) -> None:
        """Remove; a missing row is no error."""
        before = self.pop(key, _ABSENT)
        if before is not _ABSENT:
            self._journal.note(lambda: self.__setitem__(key, before))

    def _take_back(self, key: K) -> None:
        del self[key]


class Log(list[V], Generic[V]):
    """Rows that are only ever added."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def add(self, row: V) -> None:
        """One more row."""
        self.append(row)
        self._journal.note(self._take_back)

    def _take_back(self) -> None:
        del self[-1]


class Counters:
    """Counts by name, from 1."""

    def __init__(self, journal: Journal) -> None:
        self._counts = Table[object, int](journal)

    def next(self, name: object) -> int:
        """The next number of this name."""
        number = self._counts.get(name, 0) + 1
        self._counts.put(name, number)
        return number

    def copy_of(self, other: Counters) -> None:
        """Go on where another set of counters stands."""
        self._counts.update(other._counts)
