"""Core statements turned into driver text once, and the wire that runs them: the one place below SQLAlchemy's execution.

SQLAlchemy writes every statement; running it through the driver's own cursor saves most of a statement's CPU time.
"""

import sqlite3
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Integer, Select, bindparam, literal_column
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.errors import ChangedMeanwhile, Unavailable

Row = tuple[Any, ...]

DIALECTS: dict[str, Dialect] = {
    "sqlite": SQLiteDialect_pysqlite(paramstyle="qmark"),
    "postgresql": PGDialect_psycopg(paramstyle="format"),  # type: ignore[no-untyped-call]
}

# https://www.sqlite.org/rescode.html: what passes (busy, locked, full) or is not the statement's fault (I/O, not there).
SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


def first(statement: Select[Any], name: str) -> Select[Any]:
    """The first rows of a selection, as many as the parameter of this name says."""
    # Without an offset of its own SQLAlchemy binds one for SQLite, which would then stand among our parameters.
    return statement.limit(bindparam(name, type_=Integer)).offset(literal_column("0"))


class Prepared:
    """The driver text of one statement, and the names of its parameters in the order the text takes them."""

    __slots__ = ("names", "text")

    def __init__(self, statement: ClauseElement, dialect: str) -> None:
        compiled = statement.compile(dialect=DIALECTS[dialect])
        if any(value is not None for value in compiled.params.values()):
            raise ValueError(f"A prepared statement takes all its values when it runs: {compiled.params}")
        self.text = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]


class Composed:
    """The driver text of a statement that was written with some of its values; `values` gives all in their order."""

    __slots__ = ("_known", "names", "text")

    def __init__(self, statement: ClauseElement, dialect: str) -> None:
        compiled: Any = statement.compile(dialect=DIALECTS[dialect])
        given = {name: None for name, bind in compiled.binds.items() if bind.required}
        # Lists are written out here, each of their items a parameter.
        expanded = compiled.construct_expanded_state(given)
        self.text: str = expanded.statement
        self.names: tuple[str, ...] = tuple(expanded.positiontup)
        self._known = {name: value for name, value in expanded.parameters.items() if name not in given}

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The values it was written with and those given, as the text takes them."""
        return [given[name] if name in given else self._known[name] for name in self.names]


class Wire:
    """One driver connection inside one transaction: runs prepared statements, keeps savepoints, names what fails."""

    def __init__(self, cursor: Any, dialect: str) -> None:
        self.dialect = dialect
        self.failed: Unavailable | None = None
        self._cursor = cursor
        self._wanted = 0
        self._set = 0

    def read(self, statement: Prepared | Composed, values: Sequence[Any] = ()) -> list[Row]:
        """The rows a question gives."""
        try:
            self._cursor.execute(statement.text, values)
            rows: list[Row] = self._cursor.fetchall()
            return rows
        except (sqlite3.Error, psycopg.Error) as error:
            raise self._named(error) from error

    def read_one(self, statement: Prepared, values: Sequence[Any] = ()) -> Row | None:
        """The first row a question gives, if any."""
        rows = self.read(statement, values)
        return rows[0] if rows else None

    def write(self, statement: Prepared, values: Sequence[Any] = ()) -> int:
        """Run a change; how many rows it met."""
        try:
            self._set_savepoints()
            self._cursor.execute(statement.text, values)
            count: int = self._cursor.rowcount
            return count
        except (sqlite3.Error, psycopg.Error) as error:
            raise self._named(error) from error

    def write_many(self, statement: Prepared, rows: Sequence[Sequence[Any]]) -> int:
        """Run one change with many rows of values; how many rows it met."""
        if len(rows) == 1:
            return self.write(statement, rows[0])
        try:
            self._set_savepoints()
            self._cursor.executemany(statement.text, rows)
            count: int = self._cursor.rowcount
            return count
        except (sqlite3.Error, psycopg.Error) as error:
            raise self._named(error) from error

    def insert(self, statement: Prepared, values: Sequence[Any]) -> Row:
        """Run a change that returns one row."""
        try:
            self._set_savepoints()
            self._cursor.execute(statement.text, values)
            rows: list[Row] = self._cursor.fetchall()
            return rows[0]
        except (sqlite3.Error, psycopg.Error) as error:
            raise self._named(error) from error

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

    def _set_savepoints(self) -> None:
        while self._set < self._wanted:
            self._cursor.execute(f"SAVEPOINT mark_{self._set + 1}")
            self._set += 1

    def _run(self, text: str) -> None:
        try:
            self._cursor.execute(text)
        except (sqlite3.Error, psycopg.Error) as error:
            raise self._named(error) from error

    def _named(self, error: Exception) -> BaseException:
        named = name_error(error)
        if isinstance(named, Unavailable):
            self.failed = named
        return named


def name_error(error: BaseException) -> BaseException:
    """The driver's error in our words, where it has a meaning for the caller; else itself."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in SQLITE_UNAVAILABLE:
            return Unavailable(reason=str(error))
        if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
            return ChangedMeanwhile(reason=str(error))
    if isinstance(error, psycopg.errors.UniqueViolation):
        return ChangedMeanwhile(reason=str(error))
    if isinstance(
        error, psycopg.OperationalError | psycopg.InterfaceError | psycopg.errors.InFailedSqlTransaction
    ):
        return Unavailable(reason=str(error))
    return error


_PREPARED: dict[Hashable, Prepared] = {}


def prepared(key: Hashable) -> Prepared | None:
    """The statement prepared under this key before, if any."""
    return _PREPARED.get(key)


def prepare(
    key: Hashable, statement: ClauseElement, dialect: str, order: Iterable[str] | None = None
) -> Prepared:
    """Prepare a statement and keep it under this key; `order` is checked to be how its parameters stand in the text."""
    made = Prepared(statement, dialect)
    if order is not None and made.names != tuple(order):
        raise AssertionError(f"Parameters stand as {made.names}, not as {tuple(order)}.")
    _PREPARED[key] = made
    return made
