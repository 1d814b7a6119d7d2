"""FEEL values as text for people (``string()``, DMN 1.5 §10.3.4.1) and as JSON for machines."""

from __future__ import annotations

from datetime import tzinfo
from decimal import Decimal
from typing import Any

from engine.feel import moments
from engine.feel.errors import FeelLimitExceeded
from engine.feel.numbers import format_number
from engine.feel.values import (
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    Range,
    kind,
)

LARGEST_TEXT = 200_000
DEEPEST = 100


def format_value(value: Any, largest: int = LARGEST_TEXT) -> str:
    """The text FEEL's ``string()`` gives; null gives ``null``."""
    budget = [largest]
    return value if isinstance(value, str) else _text(value, budget, 0)


def format_literal(value: Any) -> str:
    """As it would be written in FEEL where it can be: strings in quotes."""
    return _text(value, [LARGEST_TEXT], 0)


def _text(value: Any, budget: list[int], depth: int) -> str:
    if depth > DEEPEST:
        raise FeelLimitExceeded("the value is nested too deeply to be written as text")
    text = _written(value, budget, depth)
    budget[0] -= len(text)
    if budget[0] < 0:
        raise FeelLimitExceeded("the text of the value is longer than allowed")
    return text


def _written(value: Any, budget: list[int], depth: int) -> str:
    name = kind(value)
    if name is STRING:
        return quoted(value)
    if name is LIST:
        return "[" + ", ".join([_text(item, budget, depth + 1) for item in value]) + "]"
    if name is CONTEXT:
        entries = [f"{_key(key)}: {_text(value[key], budget, depth + 1)}" for key in value]
        return "{" + ", ".join(entries) + "}"
    if name is RANGE:
        return _range(value, budget, depth)
    return scalar(value, name)


def scalar(value: Any, name: str) -> str:
    """The text of a value that holds no other values."""
    if name is NUMBER:
        return format_number(value)
    if name is BOOLEAN:
        return "true" if value else "false"
    if name is DATE:
        return format_date(value)
    if name is TIME:
        return format_time(value)
    if name is DATE_TIME:
        return f"{format_date(value)}T{format_time(value)}"
    if name is DAYS:
        return format_days(moments.nanoseconds(value))
    if name is MONTHS:
        return format_months(value.months)
    if name is FUNCTION:
        return f"function {value.name}({', '.join(value.parameters)})"
    return "null"


def quoted(text: str) -> str:
    """A string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _key(key: Any) -> str:
    text = str(key)
    return text if text.replace("_", "a").isalnum() and not text[0].isdigit() else quoted(text)


def _range(value: Range, budget: list[int], depth: int) -> str:
    start = _text(value.start, budget, depth + 1)
    end = _text(value.end, budget, depth + 1)
    if value.operator:
        return f"({value.operator} {start if value.end is None else end})"
    return f"{'[' if value.start_included else '('}{start} .. {end}{']' if value.end_included else ')'}"


def format_date(value: Any) -> str:
    """An ISO date; years before 1 have a sign, years after 9999 more digits."""
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def format_time(value: Any) -> str:
    """An ISO time with its offset or ``@zone``."""
    hour, minute, second, nano, zone = moments.time_parts(value)
    return f"{hour:02d}:{minute:02d}:{second:02d}{_fraction(nano)}{_zone(value, zone)}"


def _fraction(nano: int) -> str:
    return f".{nano:09d}".rstrip("0") if nano else ""


def _zone(value: Any, zone: tzinfo | None) -> str:
    name = moments.zone_name(zone)
    if name is not None:
        return "@" + name
    offset = moments.offset_seconds(value)
    return "" if offset is None else format_offset(offset)


def format_offset(seconds: int) -> str:
    """``Z``, ``+02:00`` or ``-05:30:15``."""
    if seconds == 0:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{minutes:02d}" + (f":{rest:02d}" if rest else "")


def format_days(nanos: int) -> str:
    """The canonical text of a days and time duration; its zero is ``PT0S``."""
    days, rest = divmod(abs(nanos), moments.DAY)
    hours, rest = divmod(rest, moments.HOUR)
    minutes, rest = divmod(rest, moments.MINUTE)
    seconds, nano = divmod(rest, moments.SECOND)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or nano:
        clock += f"{seconds}{_fraction(nano)}S"
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if nanos < 0 else "") + "P" + (body or "T0S")


def format_months(months: int) -> str:
    """The canonical text of a years and months duration; its zero is ``P0M``."""
    years, rest = divmod(abs(months), 12)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (body or "0M")


def to_json(value: Any) -> Any:
    """The value as plain JSON types: dates and durations as ISO text, ranges and functions as FEEL text."""
    return _json(value, [LARGEST_TEXT], 0)


def _json(value: Any, budget: list[int], depth: int) -> Any:
    budget[0] -= 1
    if budget[0] < 0 or depth > DEEPEST:
        raise FeelLimitExceeded("the value is too large to be written as JSON")
    name = kind(value)
    if name is STRING or name is BOOLEAN:
        return value
    if name is NUMBER:
        return _json_number(value)
    if name is LIST:
        return [_json(item, budget, depth + 1) for item in value]
    if name is CONTEXT:
        return {str(key): _json(value[key], budget, depth + 1) for key in value}
    if name is RANGE:
        return _range(value, budget, depth)
    return None if scalar(value, name) == "null" else scalar(value, name)


def _json_number(value: Any) -> int | float:
    if not isinstance(value, Decimal):
        return value  # type: ignore[no-any-return]
    return int(value) if value == value.to_integral_value() and value.adjusted() < 34 else float(value)
