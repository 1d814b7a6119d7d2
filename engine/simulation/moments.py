"""How scenarios speak of time: "3 days", "4 hours", "2 working days", "PT30M"; "2026-11-23 09:30" at head office."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain import working_time
from engine.domain.working_time import Calendar
from engine.feel import compile_expression

USUAL_START = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""A Monday, 9:30 in Shanghai."""

ZONE = ZoneInfo("Asia/Shanghai")
_UNITS = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}
_LENGTH = re.compile(r"(\d{1,5}) (minute|hour|day|week)s?")
_WORKING_DAYS = re.compile(r"(\d{1,4}) working days?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?")
_DURATION = compile_expression("duration(text)")

Later = Callable[[datetime, Calendar], datetime]


def moment(text: Any) -> datetime | None:
    """A moment as it is written, at head office where no offset is; None for what is none."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=ZONE)).astimezone(UTC)


def length(text: Any) -> Later | None:
    """How to go forward by a length of time; None for what is none."""
    if not isinstance(text, str):
        return None
    plain = _LENGTH.fullmatch(text)
    if plain:
        span = timedelta(**{_UNITS[plain[2]]: int(plain[1])})
        return lambda start, calendar: start + span
    working = _WORKING_DAYS.fullmatch(text)
    if working:
        return lambda start, calendar: _working_days(start, int(working[1]), calendar)
    found = _DURATION.evaluate({"text": text})
    if isinstance(found, timedelta) and timedelta() < found <= timedelta(days=20_000):
        return lambda start, calendar: start + found
    return None


def _working_days(start: datetime, count: int, calendar: Calendar) -> datetime:
    local = start.astimezone(calendar.zone)
    day = working_time.add_working_days(calendar, local.date(), count)
    return working_time.at(calendar, day, local.time())
