"""Reading dates, times and durations from their text (DMN 1.5 §10.3.2.3.4 to .8, grammar rules 62 to 65)."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Any

from engine.feel import moments
from engine.feel.moments import AnyDate, AnyDateTime, AnyDuration, AnyTime
from engine.feel.values import YearsMonthsDuration

_DATE = r"((?!-0000)-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_CLOCK = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+\-/]*)?"
_DATE_ONLY = re.compile(_DATE)
_TIME_ONLY = re.compile(_CLOCK + _ZONE)
_DATE_TIME = re.compile(_DATE + "T" + _CLOCK + _ZONE)
_NUM = "([0-9]{1,18})"
_MONTHS = re.compile(rf"(-)?P(?=[0-9])(?:{_NUM}Y)?(?:{_NUM}M)?")
_DAYS = re.compile(
    rf"(-)?P(?=[0-9T])(?:{_NUM}D)?(?:T(?=[0-9])(?:{_NUM}H)?(?:{_NUM}M)?(?:{_NUM}(?:\.([0-9]*))?S)?)?"
)


def parse_date(text: str) -> AnyDate | None:
    """An ISO date without a zone."""
    found = _DATE_ONLY.fullmatch(text)
    return _date(found.groups()) if found else None


def parse_time(text: str) -> AnyTime | None:
    """An ISO time with seconds, and perhaps an offset or ``@zone``."""
    found = _TIME_ONLY.fullmatch(text)
    return _clock(found.groups())[0] if found else None


def parse_date_time(text: str) -> AnyDateTime | None:
    """An ISO date and time, or a date alone, which means its midnight."""
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        day = parse_date(text)
        midnight = moments.time_at(0, None)
        return None if day is None else moments.make_moment(day, midnight)
    groups = found.groups()
    day = _date(groups[:3])
    clock, next_day = _clock(groups[3:])
    if day is None or clock is None:
        return None
    if next_day:
        day = moments.date_of(moments.day_number(day.year, day.month, day.day) + 1)
    return None if day is None else moments.make_moment(day, clock)


def parse_duration(text: str) -> AnyDuration | YearsMonthsDuration | None:
    """An ISO duration of either kind; the two kinds do not mix."""
    return parse_months(text) or parse_days(text)


def parse_months(text: str) -> YearsMonthsDuration | None:
    """A years and months duration."""
    found = _MONTHS.fullmatch(text)
    if found is None:
        return None
    sign, years, months = found.groups()
    total = int(years or 0) * 12 + int(months or 0)
    return YearsMonthsDuration(-total if sign else total)


def parse_days(text: str) -> AnyDuration | None:
    """A days and time duration."""
    found = _DAYS.fullmatch(text)
    if found is None:
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    total = int(days or 0) * moments.DAY + int(hours or 0) * moments.HOUR
    total += int(minutes or 0) * moments.MINUTE + int(seconds or 0) * moments.SECOND + _nano(fraction)
    return moments.make_duration(-total if sign else total)


def parse_temporal(text: str) -> Any:
    """What an @-literal means: a date, time, date and time or duration, else null (grammar rule 62)."""
    for reader in (parse_date, parse_time, _strict_date_time, parse_duration):
        value = reader(text)
        if value is not None:
            return value
    return None


def _strict_date_time(text: str) -> AnyDateTime | None:
    return parse_date_time(text) if "T" in text else None


def _date(groups: tuple[Any, ...]) -> AnyDate | None:
    return moments.make_date(int(groups[0]), int(groups[1]), int(groups[2]))


def _clock(groups: tuple[Any, ...]) -> tuple[AnyTime | None, bool]:
    hour, minute, second, fraction, zone_text = groups
    known, zone = _zone(zone_text)
    if not known:
        return None, False
    hours = int(hour)
    end_of_day = hours == 24 and not int(minute) and not int(second) and not _nano(fraction)
    clock = moments.make_time(0 if end_of_day else hours, int(minute), int(second), _nano(fraction), zone)
    return clock, end_of_day


def _nano(fraction: str | None) -> int:
    return int((fraction or "0")[:9].ljust(9, "0"))


def _zone(text: str | None) -> tuple[bool, tzinfo | None]:
    if text is None:
        return True, None
    if text == "Z":
        return True, moments.fixed_zone(0)
    if text[0] == "@":
        zone = moments.named_zone(text[1:])
        return zone is not None, zone
    sign = -1 if text[0] == "-" else 1
    pieces = [int(piece) for piece in text[1:].split(":")]
    if any(piece > 59 for piece in pieces[1:]):
        return False, None
    zone = moments.fixed_zone(sign * (pieces[0] * 3600 + pieces[1] * 60 + sum(pieces[2:])))
    return zone is not None, zone
