"""Conversions between types, and ``not`` (DMN 1.5 §10.3.4.1 and §10.3.4.2)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel import literals, moments
from engine.feel.builtins.registry import as_place, as_text, built_in, single
from engine.feel.formatting import format_value
from engine.feel.numbers import DECIMAL128, number_or_none, settle
from engine.feel.runtime import Run
from engine.feel.values import BOOLEAN, DATE, DATE_TIME, DAYS, NUMBER, STRING, TIME, kind

ZONE_STEPS = 50  # reading a time zone for the first time asks the file system
_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")


@built_in("not", "negand")
def negation(run: Run, negand: Any) -> bool | None:
    """Three-valued negation."""
    value = single(negand)
    return not value if kind(value) is BOOLEAN else None


@built_in("string", "from")
def string(run: Run, value: Any) -> str | None:
    """The text of a value."""
    if value is None:
        return None
    text = format_value(value, min(run.left * 4, run.environment.size))
    run.spend(len(text) // 4)
    return text


@built_in("number", "from", alternatives=(("from", "grouping separator", "decimal separator"),))
def number(run: Run, value: Any, *separators: Any) -> Any:
    """A number read from text with the given separators."""
    found = single(value)
    if kind(found) is NUMBER and not separators:
        return number_or_none(found)
    text = as_text(found)
    if len(separators) == 1:
        return None
    grouping, point = map(single, separators or (None, None))
    if text is None or grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == point:
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point and point != ".":
        if "." in text:
            return None
        text = text.replace(point, ".")
    return settle(DECIMAL128.create_decimal(text)) if _PLAIN_NUMBER.fullmatch(text) else None


@built_in("date", "from", alternatives=(("year", "month", "day"),))
def date(run: Run, *arguments: Any) -> Any:
    """A date from text, from a date and time, or from year, month and day."""
    if len(arguments) == 3:
        year, month, day = map(as_place, arguments)
        return None if year is None or month is None or day is None else moments.make_date(year, month, day)
    if len(arguments) != 1:
        return None
    value = single(arguments[0])
    name = kind(value)
    if name is STRING:
        return literals.parse_date(value)
    return moments.date_part(value) if name is DATE or name is DATE_TIME else None


@built_in("time", "from", alternatives=(("hour", "minute", "second"), ("hour", "minute", "second", "offset")))
def time(run: Run, *arguments: Any) -> Any:
    """A time from text, from a date and time, or from hour, minute, second and perhaps an offset."""
    if len(arguments) == 1:
        return _time_from(single(arguments[0]), run)
    if len(arguments) < 3:
        return None
    return _time_of(arguments[0], arguments[1], arguments[2], arguments[3] if len(arguments) > 3 else None)


def _time_from(value: Any, run: Run) -> Any:
    name = kind(value)
    if name is STRING:
        run.spend(ZONE_STEPS if "@" in value else 1)
        return literals.parse_time(value)
    if name is DATE:
        return moments.time_at(0, moments.fixed_zone(0))
    return moments.time_part(value) if name is TIME or name is DATE_TIME else None


def _time_of(hour: Any, minute: Any, second: Any, offset: Any) -> Any:
    hours, minutes, seconds = as_place(hour), as_place(minute), number_or_none(single(second))
    if hours is None or minutes is None or seconds is None:
        return None
    zone, shift = None, single(offset)
    if shift is not None:
        if kind(shift) is not DAYS:
            return None
        zone = moments.fixed_zone(moments.nanoseconds(shift) // moments.SECOND)
        if zone is None:
            return None
    if not 0 <= seconds < 60:
        return None
    nanos = int(Decimal(seconds) * moments.SECOND)
    return moments.make_time(hours, minutes, nanos // moments.SECOND, nanos % moments.SECOND, zone)


@built_in(
    "date and time",
    "from",
    alternatives=(
        ("date", "time"),
        ("date", "timezone"),
        ("year", "month", "day", "hour", "minute", "second"),
        ("year", "month", "day", "hour", "minute", "second", "offset"),
        ("year", "month", "day", "hour", "minute", "second", "timezone"),
    ),
)
def date_and_time(run: Run, *arguments: Any) -> Any:
    """A date and time from text, from a date and a time, or from its parts."""
    if len(arguments) == 1:
        return _moment_from(as_text(arguments[0]), run)
    if len(arguments) == 2:
        run.spend(ZONE_STEPS)
        return _moment_of(single(arguments[0]), single(arguments[1]))
    if len(arguments) not in (6, 7):
        return None
    day = date(run, *arguments[:3])
    zone = single(arguments[6]) if len(arguments) == 7 else None
    clock = _time_of(arguments[3], arguments[4], arguments[5], None if kind(zone) is STRING else zone)
    if day is None or clock is None:
        return None
    if kind(zone) is STRING:
        run.spend(ZONE_STEPS)
        named = moments.named_zone(zone)
        if named is None:
            return None
        clock = clock.replace(tzinfo=named) if hasattr(clock, "replace") else clock
    return moments.make_moment(day, clock)


def _moment_from(text: str | None, run: Run) -> Any:
    if text is None:
        return None
    run.spend(ZONE_STEPS if "@" in text else 1)
    return literals.parse_date_time(text)


def _moment_of(day: Any, clock: Any) -> Any:
    if kind(day) is DATE_TIME and kind(clock) is STRING:
        zone = moments.named_zone(clock)
        return None if zone is None or day.tzinfo is None else moments.moment_at(moments.instant(day), zone)
    if kind(day) not in (DATE, DATE_TIME) or kind(clock) is not TIME:
        return None
    return moments.make_moment(moments.date_part(day), clock)


@built_in("duration", "from")
def duration(run: Run, value: Any) -> Any:
    """A duration of either kind from text."""
    found = single(value)
    if kind(found) is STRING:
        return literals.parse_duration(found)
    return found if kind(found) in ("days and time duration", "years and months duration") else None


@built_in("years and months duration", "from", "to")
def years_and_months_duration(run: Run, start: Any, end: Any) -> Any:
    """The whole months from one date to another."""
    one, two = single(start), single(end)
    if kind(one) not in (DATE, DATE_TIME) or kind(two) not in (DATE, DATE_TIME):
        return None
    return moments.months_between(moments.date_part(one), moments.date_part(two))
