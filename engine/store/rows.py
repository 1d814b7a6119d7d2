"""Rows of one kind inside the open transaction: read once, written once, and the same for everyone who asks."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.store.mapping import Shape
from engine.store.shapes import shape_of
from engine.store.statements import Prepared
from engine.store.wire import Wire

T = TypeVar("T")
Key = Any
Values = list[Any]
Memory = tuple[Any, ...]

NULL, EQUAL = -1, 0


class StoredRows(Generic[T]):
    """The rows of one class: an identity map, with changes gathered until somebody asks or the transaction commits.

    `seen` is what this transaction holds true (None: nothing there); `stored` what the database is known to have;
    `waiting` are the keys to be written.
    """

    def __init__(self, wire: Wire, row_class: type[T], *, order: Sequence[ColumnElement[Any]] = ()) -> None:
        self.wire = wire
        self.shape: Shape[T] = shape_of(row_class, wire.dialect)
        self.order = order
        self.seen: dict[Key, T | None] = {}
        self.stored: dict[Key, T] = {}
        self.waiting: dict[Key, None] = {}
        self.found: dict[Hashable, list[Key]] = {}
        self.held: set[Key] = set()

    def get(self, id: int) -> T:
        """The row with this id; raises NotFound."""
        return self.by_key(id)

    def find(self, **equals: Any) -> list[T]:
        """Rows whose columns equal these values (a tuple or list means: any of them), in the order of the kind."""
        question = tuple((name, _hashable(equals[name])) for name in sorted(equals))
        keys = self.found.get(question)
        if keys is None:
            self.flush()
            keys = self.found[question] = self._keep(self._read(equals))
        return self._of(keys)

    def add(self, row: T) -> T:
        """Insert now, for the id."""
        values = [
            value
            for name, value in zip(self.shape.names, self.shape.to_row(row), strict=True)
            if name != "id"
        ]
        (id,) = self.wire.insert(self.prepared("add", self._insert_for_id), values)
        added: T = replace(row, id=id)  # type: ignore[type-var]
        self.found.clear()
        self.seen[id] = self.stored[id] = added
        return added

    def save(self, row: T) -> T:
        """Take a changed row under its version, to be written with the others; raises ChangedMeanwhile."""
        key = self.shape.key_of(row)
        current = self.by_key(key)
        if self.shape.is_versioned:
            if current.version != row.version:  # type: ignore[attr-defined]
                raise ChangedMeanwhile()
            if current == row:
                return row
            row = self.shape.at_version(row, row.version + 1)  # type: ignore[attr-defined]
        self._take(key, row)
        return row

    def by_key(self, key: Key) -> T:
        """The row under this key; raises NotFound."""
        row = self.look(key)
        if row is None:
            raise NotFound()
        return row

    def look(self, key: Key) -> T | None:
        """The row under this key, if there is one."""
        if key in self.seen:
            return self.seen[key]
        raw = self.wire.read_one(self.prepared("by_key", self._select_by_key), _parts(key))
        row = self.seen[key] = None if raw is None else self.shape.from_row(raw)
        if row is not None:
            self.stored[key] = row
        return row

    def lock(self, key: Key) -> T:
        """The newest row under this key, held until the transaction ends; raises NotFound."""
        if self.wire.dialect == "sqlite" or key in self.held:
            return self.by_key(key)
        self.flush()
        raw = self.wire.read_one(self.prepared("lock", self._select_and_hold), _parts(key))
        if raw is None:
            raise NotFound()
        self.found.clear()
        self.held.add(key)
        row = self.seen[key] = self.stored[key] = self.shape.from_row(raw)
        return row

    def put(self, row: T) -> None:
        """Insert, or overwrite what is there under the same key."""
        key = self.shape.key_of(row)
        if key not in self.seen or self.seen[key] != row:
            self._take(key, row)

    def drop(self, key: Key) -> None:
        """Remove the row under this key; a missing one is no error."""
        if key in self.seen and self.seen[key] is None and key not in self.waiting:
            return
        self.found.clear()
        self.seen[key] = None
        self.waiting[key] = None

    def ask(self, statement: Prepared, values: Sequence[Any]) -> list[T]:
        """The rows a statement of its own selects, with the columns of `columns`."""
        self.flush()
        return self._of(self._keep([self.shape.from_row(row) for row in self.wire.read(statement, values)]))

    def prepared(self, name: Hashable, make: Callable[[], ClauseElement]) -> Prepared:
        """A statement about this table, written once for this database."""
        statement: Prepared | None = self.shape.statements.get(name)
        if statement is None:
            statement = self.shape.statements[name] = Prepared(make(), self.wire.dialect)
        return statement

    def columns(self) -> list[ColumnElement[Any]]:
        """The columns of a row in the order of its fields."""
        return [self.shape.table.c[name] for name in self.shape.names]

    def remember(self) -> Memory:
        """What is in memory now, for a savepoint."""
        return dict(self.seen), dict(self.stored), dict(self.waiting), dict(self.found), set(self.held)

    def restore(self, memory: Memory) -> None:
        """Be as at the savepoint."""
        self.seen, self.stored, self.waiting, self.found, self.held = memory

    def forget(self) -> None:
        """Hold nothing in memory."""
        self.seen, self.stored, self.waiting, self.found, self.held = {}, {}, {}, {}, set()

    def flush(self) -> None:
        """Write what waits; raises ChangedMeanwhile if another transaction was faster."""
        if not self.waiting:
            return
        added: list[Values] = []
        dropped: list[tuple[Any, ...]] = []
        changed: dict[tuple[str, ...], list[Values]] = {}
        for key in self.waiting:
            row, before = self.seen[key], self.stored.get(key)
            if row is None:
                dropped.append(_parts(key))
            elif before is None:
                added.append(self.shape.to_row(row))
            else:
                self._gather_change(key, before, row, changed)
        if dropped:
            self.wire.write_many(self.prepared("drop", self._delete), dropped)
        if added:
            self.wire.write_many(self.prepared("put", self._insert), added)
        for names, rows in changed.items():
            self._change(names, rows)
        self._all_stored()

    def _change(self, names: tuple[str, ...], rows: list[Values]) -> None:
        self.wire.change_many(self.prepared(names, lambda: self._update(names)), rows)

    def _all_stored(self) -> None:
        for key in self.waiting:
            row = self.seen[key]
            if row is None:
                self.stored.pop(key, None)
            else:
                self.stored[key] = row
        self.waiting = {}

    def _gather_change(
        self, key: Key, before: T, row: T, changed: dict[tuple[str, ...], list[Values]]
    ) -> None:
        """The columns that differ, then the key, then the version it had: as `_update` takes them."""
        differing = self.shape.changes(before, row)
        if not differing:
            return
        values = [*differing.values(), *_parts(key)]
        if self.shape.is_versioned:
            values.append(before.version)  # type: ignore[attr-defined]
        changed.setdefault(tuple(differing), []).append(values)

    def _take(self, key: Key, row: T) -> None:
        self.found.clear()
        self.seen[key] = row
        self.waiting[key] = None

    def _keep(self, rows: Iterable[T]) -> list[Key]:
        keys = []
        for row in rows:
            key = self.shape.key_of(row)
            keys.append(key)
            if key not in self.seen:
                self.seen[key] = self.stored[key] = row
        return keys

    def _of(self, keys: Iterable[Key]) -> list[T]:
        return [row for key in keys if (row := self.seen[key]) is not None]

    def _read(self, equals: Mapping[str, Any]) -> list[T]:
        asked: list[tuple[str, int]] = []
        values: Values = []
        for name, value in equals.items():
            if value is None:
                asked.append((name, NULL))
            elif isinstance(value, list | tuple | set | frozenset):
                if not value:
                    return []
                several = _padded([self.shape.to_column(name, each) for each in value])
                asked.append((name, len(several)))
                values.extend(several)
            else:
                asked.append((name, EQUAL))
                values.append(self.shape.to_column(name, value))
        statement = self.prepared(("find", len(self.order), *asked), lambda: self._select(asked))
        return [self.shape.from_row(row) for row in self.wire.read(statement, values)]

    # Statements, each written once

    def _select(self, asked: Sequence[tuple[str, int]]) -> ClauseElement:
        return (
            select(*self.columns())
            .where(*[self._condition(*each) for each in asked])
            .order_by(*self._order())
        )

    def _order(self) -> Sequence[ColumnElement[Any]]:
        return self.order or tuple(self.shape.table.primary_key)

    def _condition(self, name: str, kind: int) -> ColumnElement[bool]:
        column = self.shape.table.c[name]
        if kind == NULL:
            return column.is_(None)
        if kind == EQUAL:
            return column == bindparam(f"is_{name}", type_=column.type)
        return column.in_([bindparam(f"is_{name}_{i}", type_=column.type) for i in range(kind)])

    def _by_key(self) -> ColumnElement[bool]:
        return and_(*[self._condition(name, EQUAL) for name in self.shape.key])

    def _select_by_key(self) -> ClauseElement:
        return select(*self.columns()).where(self._by_key())

    def _select_and_hold(self) -> ClauseElement:
        return select(*self.columns()).where(self._by_key()).with_for_update()

    def _values(self) -> dict[str, Any]:
        return {
            name: bindparam(f"to_{name}", type_=self.shape.table.c[name].type) for name in self.shape.names
        }

    def _insert_for_id(self) -> ClauseElement:
        values = self._values()
        del values["id"]
        return insert(self.shape.table).values(values).returning(self.shape.table.c.id)

    def _insert(self) -> ClauseElement:
        """Insert or overwrite: for rows whose key the caller chose."""
        table = self.shape.table
        dialect_insert = sqlite.insert if self.wire.dialect == "sqlite" else postgresql.insert
        statement = dialect_insert(table).values(self._values()).inline()
        others = [name for name in self.shape.names if name not in self.shape.key]
        return statement.on_conflict_do_update(
            index_elements=list(self.shape.key), set_={name: statement.excluded[name] for name in others}
        )

    def _update(self, names: Sequence[str]) -> ClauseElement:
        table = self.shape.table
        values = [(table.c[name], bindparam(f"to_{name}", type_=table.c[name].type)) for name in names]
        statement = update(table).ordered_values(*values).where(self._by_key())
        return statement.where(self._condition("version", EQUAL)) if self.shape.is_versioned else statement

    def _delete(self) -> ClauseElement:
        return delete(self.shape.table).where(self._by_key())


Makers = Mapping[str, Callable[[Wire], StoredRows[Any]]]


class RowsTogether:
    """Rows of several kinds, each made when it is first asked for, as `MADE` says: most commands touch few.

    `kept` has all that were made in the transaction.
    """

    MADE: ClassVar[Makers] = {}

    def __init__(self, wire: Wire, kept: list[StoredRows[Any]]) -> None:
        self.wire = wire
        self._kept = kept

    def __getattr__(self, name: str) -> Any:
        make = self.MADE.get(name)
        if make is None:
            raise AttributeError(name)
        rows = self.__dict__[name] = make(self.wire)
        self._kept.append(rows)
        return rows


class NewRows(StoredRows[T]):
    """Rows whose key the caller chose and that are never overwritten: a second one with the key is refused."""

    def put(self, row: T) -> None:
        """Insert with the others."""
        self._take(self.shape.key_of(row), row)

    def _insert(self) -> ClauseElement:
        return insert(self.shape.table).values(self._values()).inline()


def _parts(key: Key) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _padded(values: Values) -> Values:
    """As many as the next power of two, the last one repeated, so that few statements serve lists of all lengths."""
    size = 1
    while size < len(values):
        size *= 2
    return values + values[-1:] * (size - len(values))
