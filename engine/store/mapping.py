"""Rows to frozen dataclasses and back: the conversions of each class worked out once, from its type hints."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import Table

from engine.domain.evolving import evolve, filled
from engine.store.column_types import from_json_text, from_microseconds, to_json_text, to_microseconds

T = TypeVar("T")
Conversion = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of one field travel; None where they need no conversion. An absent value stays absent."""

    into: Conversion | None = None
    out_of: Conversion | None = None


class Shape(Generic[T]):
    """What the store knows of one class: its table, its columns in the order of its fields, and how to convert them."""

    def __init__(self, row_class: type[T], table: Table, dialect: str) -> None:
        names = [field.name for field in fields(row_class)]  # type: ignore[arg-type]
        hints = get_type_hints(row_class)
        self.codecs = {name: codec_for(hints[name], dialect) for name in names}
        self.row_class = row_class
        self.table = table
        self.names: tuple[str, ...] = tuple(self.codecs)
        self.key: tuple[str, ...] = tuple(column.name for column in table.primary_key)
        self.is_versioned = "version" in table.c
        self.statements: dict[Hashable, Any] = {}
        self._values_of = attrgetter(*self.names)
        self.key_of: Callable[[T], Any] = attrgetter(*self.key)
        self._into = [(i, c.into) for i, c in enumerate(self.codecs.values()) if c.into is not None]
        self._out_of = [(i, c.out_of) for i, c in enumerate(self.codecs.values()) if c.out_of is not None]

    def to_row(self, value: T) -> list[Any]:
        """Column values of one dataclass value, in the order of `names`."""
        row = list(self._values_of(value))
        for position, convert in self._into:
            if row[position] is not None:
                row[position] = convert(row[position])
        return row

    def from_row(self, row: Sequence[Any]) -> T:
        """The dataclass value of column values in the order of `names`."""
        values = list(row)
        for position, convert in self._out_of:
            if values[position] is not None:
                values[position] = convert(values[position])
        return filled(self.row_class, zip(self.names, values, strict=True))

    def changes(self, before: T, after: T) -> dict[str, Any]:
        """The columns that differ, as their columns take them."""
        old = before.__dict__
        return {
            name: self.to_column(name, new)
            for name, new in after.__dict__.items()
            if new is not old[name] and new != old[name]
        }

    def at_version(self, value: T, version: int) -> T:
        """The same with another version."""
        return evolve(value, version=version)

    def to_column(self, name: str, value: Any) -> Any:
        """One value as its column takes it."""
        into = self.codecs[name].into
        return value if into is None or value is None else into(value)


def codec_for(hint: Any, dialect: str) -> Codec:
    """The conversion for a field of this type on this database."""
    kind = _without_none(hint)
    on_sqlite = dialect == "sqlite"
    if kind is datetime:
        return Codec(to_microseconds, from_microseconds) if on_sqlite else Codec(None, _in_utc)
    if kind is Decimal:
        return Codec(str, Decimal) if on_sqlite else Codec()
    if kind is date:
        return Codec(date.isoformat, date.fromisoformat) if on_sqlite else Codec()
    if kind is bool:
        return Codec(int, bool) if on_sqlite else Codec()
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Codec(str.__str__, {member.value: member for member in kind}.__getitem__)
    if get_origin(kind) is tuple:
        return _list_codec(get_args(kind)[0], on_sqlite)
    if get_origin(kind) is Mapping:
        # psycopg reads JSON columns by itself, with the loader that database.py gives it.
        return Codec(to_json_text, from_json_text if on_sqlite else None)
    return Codec()


def _list_codec(item: type[Any], on_sqlite: bool) -> Codec:
    read: Conversion = from_json_text if on_sqlite else _as_it_is
    if not is_dataclass(item):
        return Codec(_list_text, lambda text: tuple(read(text)))
    make: Callable[..., Any] = item
    names = [field.name for field in fields(item)]
    hints = get_type_hints(item)
    moments = [name for name in names if _without_none(hints[name]) is datetime]

    def to_text(values: Sequence[Any]) -> str:
        return to_json_text([{name: getattr(value, name) for name in names} for value in values])

    def from_text(text: Any) -> tuple[Any, ...]:
        return tuple(
            make(**{**each, **{name: datetime.fromisoformat(each[name]) for name in moments if each[name]}})
            for each in read(text)
        )

    return Codec(to_text, from_text)


def _list_text(values: Sequence[Any]) -> str:
    return to_json_text(list(values)) if values else "[]"


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _as_it_is(value: Any) -> Any:
    return value


def _without_none(hint: Any) -> Any:
    if get_origin(hint) is UnionType:
        inner = [part for part in get_args(hint) if part is not NoneType]
        if len(inner) == 1:
            return inner[0]
    return hint
