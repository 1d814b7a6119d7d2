"""Calendar arithmetic on dates, times and durations of any size (DMN 1.5 §10.3.2.3.4 to §10.3.2.3.9).

Python's own types are used wherever they can hold the value; the ``Wide…`` types take over beyond.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.values import (
    WideDate,
    WideDateTime,
    WideDuration,
    WideTime,
    YearsMonthsDuration,
)

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LARGEST_YEAR = 999_999_999
LARGEST_OFFSET = 18 * 3600

AnyDate = date | WideDate
AnyTime = time | WideTime
AnyDateTime = datetime | WideDateTime
AnyDuration = timedelta | WideDuration


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    era, day_of_era = divmod(days + 719468, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def make_date(year: int, month: int, day: int) -> AnyDate | None:
    """A date, or None when there is no such day."""
    if not (1 <= month <= 12 and -LARGEST_YEAR <= year <= LARGEST_YEAR):
        return None
    if not 1 <= day <= month_length(year, month):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def date_of(days: int) -> AnyDate | None:
    """The date of a day number, or None beyond the calendar."""
    if abs(days) > 366 * LARGEST_YEAR:
        return None
    return make_date(*civil(days))


def make_time(hour: int, minute: int, second: int, nano: int, zone: tzinfo | None) -> AnyTime | None:
    """A time of day, or None when there is no such time."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59 and 0 <= nano < SECOND):
        return None
    if nano % 1000:
        return WideTime(hour, minute, second, nano, zone)
    return time(hour, minute, second, nano // 1000, zone)


def make_moment(day: AnyDate, clock: AnyTime) -> AnyDateTime:
    """A date and a time joined; the time brings the zone."""
    hour, minute, second, nano, zone = time_parts(clock)
    if type(day) is date and nano % 1000 == 0:
        return datetime(day.year, day.month, day.day, hour, minute, second, nano // 1000, zone)
    return WideDateTime(day.year, day.month, day.day, hour, minute, second, nano, zone)


def make_duration(nanoseconds: int) -> AnyDuration:
    """A days and time duration of that many nanoseconds."""
    if nanoseconds % 1000 == 0 and abs(nanoseconds) < 999_999_999 * DAY:
        return timedelta(microseconds=nanoseconds // 1000)
    return WideDuration(nanoseconds)


def nanoseconds(duration: AnyDuration) -> int:
    """The length of a days and time duration."""
    if isinstance(duration, WideDuration):
        return duration.nanoseconds
    return ((duration.days * 86400 + duration.seconds) * 1_000_000 + duration.microseconds) * 1000


def time_parts(value: Any) -> tuple[int, int, int, int, tzinfo | None]:
    """Hour, minute, second, nanosecond and zone of a time or a date and time."""
    nano = value.nanosecond if isinstance(value, WideTime | WideDateTime) else value.microsecond * 1000
    return value.hour, value.minute, value.second, nano, value.tzinfo


def date_part(value: Any) -> AnyDate:
    """The date of a date or a date and time."""
    if type(value) is date or isinstance(value, WideDate):
        return value
    if isinstance(value, datetime):
        return value.date()
    made = make_date(value.year, value.month, value.day)
    assert made is not None
    return made


def time_part(value: Any) -> AnyTime:
    """The time of a date and time, zone included."""
    if isinstance(value, time | WideTime):
        return value
    made = make_time(*time_parts(value))
    assert made is not None
    return made


def nano_of_day(value: Any) -> int:
    """Nanoseconds since midnight, as the wall clock shows them."""
    hour, minute, second, nano, _ = time_parts(value)
    return hour * HOUR + minute * MINUTE + second * SECOND + nano


def offset_seconds(value: Any) -> int | None:
    """The offset from UTC, None for a local value; a zoned time without a date takes that of 1970."""
    zone = value.tzinfo
    found: timedelta | None
    if zone is None:
        return None
    if isinstance(zone, timezone):
        found = zone.utcoffset(None)
    elif isinstance(value, datetime):
        found = value.utcoffset()
    elif isinstance(value, WideDateTime):
        year = min(max(value.year, 2), 9998)
        day = min(value.day, 28)
        found = zone.utcoffset(datetime(year, value.month, day, value.hour, value.minute, tzinfo=zone))
    else:
        found = zone.utcoffset(datetime(1970, 1, 1, value.hour, value.minute, tzinfo=zone))
    return None if found is None else int(found.total_seconds())


def instant(value: Any) -> int:
    """Nanoseconds since 1970 (UTC when the value has an offset, else by its own wall clock)."""
    shift = offset_seconds(value) or 0
    return day_number(value.year, value.month, value.day) * DAY + nano_of_day(value) - shift * SECOND


def moment_at(nanos: int, zone: tzinfo | None) -> AnyDateTime | None:
    """The date and time at an instant, seen in a zone."""
    local = nanos
    if zone is not None:
        local += zone_shift(nanos, zone) * SECOND
    days, rest = divmod(local, DAY)
    day = date_of(days)
    clock = time_at(rest, zone)
    return None if day is None else make_moment(day, clock)


def zone_shift(nanos: int, zone: tzinfo) -> int:
    """Seconds a zone is ahead of UTC at an instant."""
    seconds = min(max(nanos // SECOND, -62_000_000_000), 250_000_000_000)
    found = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone).utcoffset()
    return 0 if found is None else int(found.total_seconds())


def time_at(nanos: int, zone: tzinfo | None) -> AnyTime:
    """The time of day a number of nanoseconds after midnight, around the clock."""
    hour, rest = divmod(nanos % DAY, HOUR)
    minute, rest = divmod(rest, MINUTE)
    second, nano = divmod(rest, SECOND)
    made = make_time(hour, minute, second, nano, zone)
    assert made is not None
    return made


def add_months(day: AnyDate, months: int) -> AnyDate | None:
    """The same day of another month, or its last day when the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return make_date(year, month + 1, min(day.day, month_length(year, month + 1)))


def months_between(start: Any, end: Any) -> YearsMonthsDuration:
    """Whole months from one date to another, counted toward zero (§10.3.4.1, years and months duration)."""
    if (end.year, end.month, end.day) < (start.year, start.month, start.day):
        return YearsMonthsDuration(-_full_months(end, start))
    return YearsMonthsDuration(_full_months(start, end))


def _full_months(start: Any, end: Any) -> int:
    months: int = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months


def fixed_zone(seconds: int) -> tzinfo | None:
    """A fixed offset, or None beyond eighteen hours."""
    if abs(seconds) > LARGEST_OFFSET:
        return None
    return timezone(timedelta(seconds=seconds)) if seconds else UTC


@lru_cache(maxsize=512)
def named_zone(name: str) -> tzinfo | None:
    """A zone of the tz database, or None when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_name(zone: tzinfo | None) -> str | None:
    """The tz name of a zone, None for a fixed offset or a local value."""
    return zone.key if isinstance(zone, ZoneInfo) else None
