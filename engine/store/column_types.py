"""Column types that are exact on both databases, and the same conversions as plain functions for the hot path."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, DateTime, Integer, Numeric, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SMALLEST_TO_ORJSON, LARGEST_TO_ORJSON = -(2**63), 2**64 - 1

Id = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True)


def to_microseconds(moment: datetime) -> int:
    """An aware moment as microseconds since 1970: eight bytes on SQLite, and it sorts."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_microseconds(count: int) -> datetime:
    """The moment so many microseconds after 1970, UTC."""
    return EPOCH + timedelta(microseconds=count)


def to_json_text(value: Any) -> str:
    """JSON text; decimals are written as the exact numbers they are, moments as ISO 8601."""
    try:
        return orjson.dumps(value, default=_plain).decode()
    except TypeError:
        return orjson.dumps(_with_long_numbers(value), default=_plain).decode()


def from_json_text(text: str | bytes) -> Any:
    """The value of a JSON text; numbers with a fraction come back as Decimal, digit for digit."""
    if text == "{}":
        return {}
    if text == "[]":
        return []
    return _DECODER.decode(text if isinstance(text, str) else text.decode())


_DECODER = json.JSONDecoder(parse_float=Decimal)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError(f"JSON has no number {value}.")
        return orjson.Fragment(str(value) if value.adjusted() > 30 else format(value, "f"))
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not a JSON value.")


def _with_long_numbers(value: Any) -> Any:
    """Integers too long for orjson, as the digits they are."""
    if isinstance(value, int) and not SMALLEST_TO_ORJSON <= value <= LARGEST_TO_ORJSON:
        return orjson.Fragment(str(value))
    if isinstance(value, Mapping):
        return {name: _with_long_numbers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_long_numbers(item) for item in value]
    return value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment: timestamptz on PostgreSQL, microseconds since 1970 on SQLite. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The native type where there is one."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Into the column."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone.")
        return to_microseconds(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Out of the column, in UTC."""
        if value is None:
            return None
        return from_microseconds(value) if dialect.name == "sqlite" else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number with every digit kept: numeric on PostgreSQL, text on SQLite, which would make it a float."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The native type where it is exact."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Into the column."""
        return value if value is None or dialect.name != "sqlite" else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Out of the column."""
        return value if value is None or dialect.name != "sqlite" else Decimal(value)
