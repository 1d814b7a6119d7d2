"""Core statements turned into driver text once: SQLAlchemy writes them, the wire runs them."""

import sqlite3
from collections.abc import Hashable, Iterable, Mapping
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
