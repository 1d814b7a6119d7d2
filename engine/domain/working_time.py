"""Working time: which days and hours a bank works, and how far apart two moments are in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.domain.errors import LimitExceeded

FARTHEST = 366 * 30
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that does not follow the week: a holiday, or a make-up working day (调休). `name` tells which."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a part of the bank works.

    `weekend` holds ISO weekdays (6, 7); `hours` are the working spans of a day in local time, in order, not
    overlapping; `published_until` is the last day whose holidays are known: a working-day deadline past it is
    provisional.
    """

    code: str
    name: str
    zone: ZoneInfo
    weekend: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    published_until: date
    special: Mapping[date, SpecialDay] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether the bank works on this day; a special day wins over the weekday."""
        special = self.special.get(day)
        return special.working if special is not None else day.isoweekday() not in self.weekend


def local_day(calendar: Calendar, moment: datetime) -> date:
    """The day it is at the bank at this moment."""
    return moment.astimezone(calendar.zone).date()


def at(calendar: Calendar, day: date, clock: time) -> datetime:
    """This day and time of day at the bank, as UTC; a time skipped by summer time counts as the one before."""
    return datetime.combine(day, clock, tzinfo=calendar.zone).astimezone(UTC)


def end_of_day(calendar: Calendar, day: date) -> datetime:
    """The last second of a calendar day at the bank."""
    return at(calendar, day + DAY, time(0)) - SECOND


def close_of_business(calendar: Calendar, day: date) -> datetime:
    """When the bank closes on this day (on a day off: when it would)."""
    return at(calendar, day, calendar.hours[-1][1])


def opening(calendar: Calendar, day: date) -> datetime:
    """When the bank opens on this day (on a day off: when it would)."""
    return at(calendar, day, calendar.hours[0][0])


def spans(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The working spans of a day as UTC moments, in order; none on a day off."""
    if calendar.is_working_day(day):
        for start, end in calendar.hours:
            first, last = at(calendar, day, start), at(calendar, day, end)
            if first < last:
                yield first, last


def is_working_moment(calendar: Calendar, moment: datetime) -> bool:
    """Whether the bank is at work at this moment."""
    return any(start <= moment < end for start, end in spans(calendar, local_day(calendar, moment)))


def working_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`; negative if `end` lies before."""
    if end < start:
        return -working_between(calendar, end, start)
    worked = timedelta()
    day, last = local_day(calendar, start), local_day(calendar, end)
    while day <= last:
        for opened, closed in spans(calendar, day):
            worked += max(min(closed, end) - max(opened, start), timedelta())
        day += DAY
    return worked


def add_working_time(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    """The first moment by which `length` of working time has passed since `start`; backwards for a negative one."""
    if length < timedelta():
        return _subtract_working_time(calendar, start, -length)
    start = start.astimezone(UTC)
    if not length:
        return start
    first = local_day(calendar, start)
    for offset in range(FARTHEST):
        for opened, closed in spans(calendar, first + offset * DAY):
            begin = max(opened, start)
            if begin >= closed:
                continue
            if length <= closed - begin:
                return begin + length
            length -= closed - begin
    raise LimitExceeded(f"Calendar {calendar.code} has no such working time within {FARTHEST // 366} years.")


def _subtract_working_time(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    start = start.astimezone(UTC)
    first = local_day(calendar, start)
    for offset in range(FARTHEST):
        for opened, closed in reversed(list(spans(calendar, first - offset * DAY))):
            finish = min(closed, start)
            if finish <= opened:
                continue
            if length <= finish - opened:
                return finish - length
            length -= finish - opened
    raise LimitExceeded(f"Calendar {calendar.code} has no such working time within {FARTHEST // 366} years.")


def add_working_days(calendar: Calendar, day: date, count: int) -> date:
    """The `count`-th working day after this day; before it for a negative count; the day itself for none."""
    step = DAY if count > 0 else -DAY
    left = abs(count)
    for _ in range(FARTHEST):
        if not left:
            return day
        day += step
        left -= calendar.is_working_day(day)
    raise LimitExceeded(f"Calendar {calendar.code} has no such working day within {FARTHEST // 366} years.")


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days come after `start` up to `end`; negative: before `start` down to `end`."""
    step = 1 if end >= start else -1
    days = abs((end - start).days)
    return step * sum(calendar.is_working_day(start + step * n * DAY) for n in range(1, days + 1))


def is_provisional(calendar: Calendar, day: date) -> bool:
    """Whether a count of working days up to this day rests on holidays nobody has published yet."""
    return day > calendar.published_until


def why_of(calendar: Calendar, day: date) -> str:
    """Why the bank works or does not on this day: "weekend", "working day", or the name of the special day."""
    special = calendar.special.get(day)
    if special is not None:
        return special.name
    return "working day" if calendar.is_working_day(day) else "weekend"
