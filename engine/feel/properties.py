"""What comes after a dot: entries of contexts, properties of dates, durations and ranges (§10.3.2.13.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import moments
from engine.feel.runtime import Run
from engine.feel.values import CONTEXT, DATE, DATE_TIME, DAYS, LIST, MONTHS, RANGE, TIME, kind, plain


def member(value: Any, name: str, run: Run) -> Any:
    """The member of a value; of a list, the members of its items; null when there is none."""
    found = kind(value)
    if found is CONTEXT:
        return plain(value.get(name))
    if found is LIST:
        run.spend(len(value))
        return [member(item, name, run) if kind(item) is not LIST else None for item in value]
    reader = PROPERTIES.get(found, {}).get(name)
    return None if reader is None else reader(value)


def _offset(value: Any) -> Any:
    seconds = moments.offset_seconds(value)
    return None if seconds is None else moments.make_duration(seconds * moments.SECOND)


def _weekday(value: Any) -> int:
    return (moments.day_number(value.year, value.month, value.day) + 3) % 7 + 1


def _duration_part(unit: int, modulo: int) -> Callable[[Any], int]:
    def part(value: Any) -> int:
        nanos = moments.nanoseconds(value)
        count = abs(nanos) // unit % modulo
        return -count if nanos < 0 else count

    return part


def _months_part(years: bool) -> Callable[[Any], int]:
    def part(value: Any) -> int:
        months: int = abs(value.months)
        count = months // 12 if years else months % 12
        return -count if value.months < 0 else count

    return part


_DATE: Mapping[str, Callable[[Any], Any]] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": _weekday,
}
_TIME: Mapping[str, Callable[[Any], Any]] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
    "time offset": _offset,
    "timezone": lambda value: moments.zone_name(value.tzinfo),
}
PROPERTIES: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    DATE: _DATE,
    TIME: _TIME,
    DATE_TIME: {**_DATE, **_TIME},
    DAYS: {
        "days": _duration_part(moments.DAY, 10**18),
        "hours": _duration_part(moments.HOUR, 24),
        "minutes": _duration_part(moments.MINUTE, 60),
        "seconds": _duration_part(moments.SECOND, 60),
    },
    MONTHS: {"years": _months_part(True), "months": _months_part(False)},
    RANGE: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
PROPERTY_NAMES = frozenset(name for properties in PROPERTIES.values() for name in properties)
