"""The wire statements go over inside one transaction: runs them, keeps savepoints, names what fails.

The one place below SQLAlchemy's execution: through the driver a statement costs a fraction of the CPU time. What is different
on PostgreSQL stands in `pipeline`.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from engine.domain.errors import ChangedMeanwhile, Unavailable
from engine.store.statements import Composed, Prepared, Row, name_error

Values = Sequence[Any]


class Wire:
    """One cursor of SQLite's inside one transaction; every statement is answered when its method returns."""

    dialect = "sqlite"

    def __init__(self, cursor: Any) -> None:
        self.failed: Unavailable | None = None
        self._cursor = cursor
        self._wanted = 0
        self._set = 0

    def read(self, statement: Prepared | Composed, values: Values = ()) -> list[Row]:
        """The rows a question gives."""
        try:
            self._cursor.execute(statement.text, values)
            rows: list[Row] = self._cursor.fetchall()
            return rows
        except sqlite3.Error as error:
            raise self._named(error) from error

    def read_one(self, statement: Prepared, values: Values = ()) -> Row | None:
        """The first row a question gives, if any."""
        rows = self.read(statement, values)
        return rows[0] if rows else None

    def foresee(self, statement: Prepared) -> None:
        """This question without values will most likely be asked: whoever travels far may ask it on the way."""

    def write(self, statement: Prepared, values: Values = ()) -> None:
        """Run a change; what is wrong with it is raised here or, at the latest, by `settle`."""
        self._execute(self._cursor.execute, statement.text, values)

    def write_many(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Run one change with many rows of values, as `write` does."""
        if len(rows) == 1:
            self._execute(self._cursor.execute, statement.text, rows[0])
        else:
            self._execute(self._cursor.executemany, statement.text, rows)

    def change_many(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """The same where each of them has to meet a row; else ChangedMeanwhile is raised, at the latest by `settle`."""
        self.write_many(statement, rows)
        if self._cursor.rowcount != len(rows):
            raise ChangedMeanwhile()

    def count(self, statement: Prepared, values: Values = ()) -> int:
        """Run a change now; how many rows it met."""
        self._execute(self._cursor.execute, statement.text, values)
        count: int = self._cursor.rowcount
        return count

    def insert(self, statement: Prepared, values: Values) -> Row:
        """Run a change that returns one row."""
        self._execute(self._cursor.execute, statement.text, values)
        rows: list[Row] = self._cursor.fetchall()
        return rows[0]

    def settle(self) -> None:
        """Have everything that was written answered; raises what was wrong with it."""

    def end(self) -> None:
        """The transaction is over, and the cursor somebody else's."""
        self._cursor = None

    def mark(self) -> None:
        """Want a savepoint here; it is set only when something is written after it."""
        self._wanted += 1

    def forget_mark(self) -> None:
        """Keep what was written since the newest mark."""
        if self._set == self._wanted:
            self._run(f"RELEASE SAVEPOINT mark_{self._set}")
            self._set -= 1
        self._wanted -= 1

    def undo_to_mark(self) -> None:
        """Take back what was written since the newest mark."""
        if self._set == self._wanted:
            self._run(f"ROLLBACK TO SAVEPOINT mark_{self._set}")
            self._run(f"RELEASE SAVEPOINT mark_{self._set}")
            self._set -= 1
        self._wanted -= 1

    def _execute(self, run: Callable[[str, Any], object], text: str, values: Any) -> None:
        if self._set < self._wanted:
            self._set_savepoints()
        try:
            run(text, values)
        except sqlite3.Error as error:
            raise self._named(error) from error

    def _set_savepoints(self) -> None:
        while self._set < self._wanted:
            self._set += 1
            self._run(f"SAVEPOINT mark_{self._set}")

    def _run(self, text: str) -> None:
        try:
            self._cursor.execute(text)
        except sqlite3.Error as error:
            raise self._named(error) from error

    def _named(self, error: Exception) -> BaseException:
        named = name_error(error)
        if isinstance(named, Unavailable):
            self.failed = named
        return named
