"""Date and time functions (DMN 1.5 §10.3.4.6, .8 and .11); the clock is the caller's."""

from __future__ import annotations

from typing import Any

from engine.feel import comparing, moments
from engine.feel.builtins.registry import built_in, single
from engine.feel.runtime import Run
from engine.feel.values import DATE, DATE_TIME, TIME, kind

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@built_in("is", "value1", "value2")
def same(run: Run, value1: Any, value2: Any) -> bool:
    """Whether two values are the same element of the semantic domain: same kind, same value, same offset."""
    name = kind(value1)
    if name is not kind(value2):
        return False
    if name is TIME or name is DATE_TIME:
        return moments.time_parts(value1)[:4] == moments.time_parts(value2)[:4] and _same_day_and_zone(
            value1, value2
        )
    return value1 is None or bool(comparing.equal(value1, value2, run))


def _same_day_and_zone(one: Any, two: Any) -> bool:
    if kind(one) is DATE_TIME and moments.date_part(one) != moments.date_part(two):
        return False
    if moments.zone_name(one.tzinfo) != moments.zone_name(two.tzinfo):
        return False
    return moments.offset_seconds(one) == moments.offset_seconds(two)


def _day(value: Any) -> Any:
    found = single(value)
    return found if kind(found) in (DATE, DATE_TIME) else None


def _number(day: Any) -> int:
    return moments.day_number(day.year, day.month, day.day)


@built_in("day of year", "date")
def day_of_year(run: Run, date: Any) -> int | None:
    """1 for the first of January."""
    day = _day(date)
    return None if day is None else _number(day) - moments.day_number(day.year, 1, 1) + 1


@built_in("day of week", "date")
def day_of_week(run: Run, date: Any) -> str | None:
    """The English name of the weekday."""
    day = _day(date)
    return None if day is None else WEEKDAYS[(_number(day) + 3) % 7]


@built_in("month of year", "date")
def month_of_year(run: Run, date: Any) -> str | None:
    """The English name of the month."""
    day = _day(date)
    return None if day is None else MONTHS[day.month - 1]


@built_in("week of year", "date")
def week_of_year(run: Run, date: Any) -> int | None:
    """The week number of ISO 8601."""
    day = _day(date)
    if day is None:
        return None
    number = _number(day)
    thursday = number - (number + 3) % 7 + 3
    year, _, _ = moments.civil(thursday)
    return (thursday - moments.day_number(year, 1, 1)) // 7 + 1


@built_in("now")
def now(run: Run) -> Any:
    """The caller's clock as a date and time."""
    return run.now()


@built_in("today")
def today(run: Run) -> Any:
    """The caller's clock as a date."""
    return run.now().date()
