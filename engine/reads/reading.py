"""One open read-only transaction: what a question is asked through."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Text,
    any_,
    bindparam,
    exc,
    func,
    select,
)
from sqlalchemy.sql.expression import ClauseElement, Executable

from engine.domain.errors import Unavailable
from engine.domain.working_time import Calendar
from engine.store.column_types import to_json_text, to_microseconds
from engine.store.connections import line_of
from engine.store.pipeline import Pipeline
from engine.store.rows import StoredRows
from engine.store.statements import Prepared, prepare, prepared
from engine.store.wire import Wire

T = TypeVar("T")
Calendars = dict[tuple[str, int], Calendar]


class Reading:
    """Rows of one moment of the database. `now` is the moment of the question."""

    def __init__(self, connection: Connection, now: datetime, calendars: Calendars) -> None:
        self.connection = connection
        self.now = now
        self.calendars = calendars
        self.dialect = connection.dialect.name
        self.wire = _wire(connection)
        self._kinds: dict[type[Any], StoredRows[Any]] = {}

    def rows(self, row_class: type[T]) -> StoredRows[T]:
        """The rows of a class; what was looked up once is not looked up again."""
        kind = self._kinds.get(row_class)
        if kind is None:
            kind = self._kinds[row_class] = StoredRows(self.wire, row_class)
        return kind

    def prepared(self, name: Hashable, make: Callable[[], ClauseElement]) -> Prepared:
        """A statement written once for this database."""
        key = ("reads", self.dialect, name)
        return prepared(key) or prepare(key, make(), self.dialect)

    def asked(self, statement: Prepared, **values: Any) -> list[tuple[Any, ...]]:
        """The rows a prepared statement gives for these values, as the driver has them."""
        return self.wire.read(statement, [values[name] for name in statement.names])

    def all(self, statement: Executable) -> Sequence[Any]:
        """The rows a statement gives."""
        return self.connection.execute(statement).all()

    def value(self, statement: Executable) -> Any:
        """The first column of the first row."""
        return self.connection.execute(statement).scalar()


def _wire(connection: Connection) -> Wire:
    opened = connection.connection
    if connection.dialect.name == "sqlite":
        return Wire(opened.cursor())
    return Pipeline(line_of(opened, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def listed(ids: Sequence[int], dialect: str) -> Any:
    """Ids as one value of a statement, however many they are."""
    return to_json_text(ids) if dialect == "sqlite" else list(ids)


def moment(at: datetime, dialect: str) -> Any:
    """A moment as a value of a statement."""
    return to_microseconds(at) if dialect == "sqlite" else at


def is_listed(column: ColumnElement[int], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column is among the ids that are given as the value of this name."""
    if dialect == "sqlite":
        ids = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        return column.in_(select(ids.c.value))
    return column == any_(bindparam(name, type_=ARRAY(BigInteger)))


@contextmanager
def reading(engine: Engine, now: datetime, calendars: Calendars) -> Iterator[Reading]:
    """Open a read-only transaction; raises Unavailable if the database is busy or gone."""
    try:
        with engine.connect() as connection, connection.begin():
            yield Reading(connection, now, calendars)
    except (exc.OperationalError, exc.TimeoutError, exc.InterfaceError) as error:
        raise Unavailable(reason=str(error)) from error
