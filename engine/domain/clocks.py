"""Clocks: the time limits that run on a complaint, each with its own start, length, pauses and warnings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from engine.domain.errors import NotAllowed, OutOfOrder, ValueRefused
from engine.domain.working_time import (
    DAY,
    Calendar,
    add_working_days,
    add_working_time,
    close_of_business,
    end_of_day,
    is_provisional,
    local_day,
    opening,
    why_of,
    working_between,
    working_days_between,
)


class ClockKind(StrEnum):
    """What a clock is a limit of."""

    REGULATORY = "regulatory"
    TRIAGE = "triage"
    STAGE = "stage"
    REQUEST = "request"
    APPEAL = "appeal"


class DayType(StrEnum):
    """What its length counts."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    WORKING_HOURS = "working_hours"


class StartRule(StrEnum):
    """Which day is day one: the day of the start, the next day, or the next working day."""

    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True, slots=True)
class Warning:
    """A point before or at the limit where somebody is told. `percent` of the length; `rung` says whom (remind, head, …)."""

    percent: int
    rung: str
    at: datetime
    given: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """Time added to a clock with a reason, and who allowed it."""

    length: int
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count, because the customer owed something."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Clock:
    """One running limit. `due_at` is None while it is paused; `provisional` while the holiday calendar is not published."""

    id: int
    complaint_id: int
    name: str
    kind: ClockKind
    rule: str
    started_at: datetime
    start_rule: StartRule
    length: int
    day_type: DayType
    calendar: str
    due_at: datetime | None
    pausable: bool = False
    extendable: bool = False
    paused_at: datetime | None = None
    paused_seconds: int = 0
    extensions: tuple[Extension, ...] = ()
    warnings: tuple[Warning, ...] = ()
    stopped_at: datetime | None = None
    provisional: bool = False
    request_id: int | None = None
    version: int = 0
    pauses: tuple[Pause, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether time still counts against the bank."""
        return self.stopped_at is None and self.paused_at is None

    def next_warning(self) -> Warning | None:
        """The earliest warning not yet given, while the clock runs."""
        if not self.is_running:
            return None
        return min((w for w in self.warnings if not w.given), key=lambda w: w.at, default=None)


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of time_limits.dmn: a clock that should run."""

    name: str
    kind: ClockKind
    length: int
    day_type: DayType
    start_rule: StartRule
    rule: str = ""
    pausable: bool = False
    extendable: bool = False
    warnings: tuple[tuple[int, str], ...] = ()
    starts_at_receipt: bool = False

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Limit":
        """Read the context a decision gave; raises ValueRefused naming the column."""
        kind = _member(ClockKind, row, "kind")
        return cls(
            name=_words(row, "name"),
            kind=kind,
            length=_whole(row, "length"),
            day_type=_member(DayType, row, "day_type"),
            start_rule=_member(StartRule, row, "start_rule"),
            rule=str(row.get("rule") or ""),
            pausable=bool(row.get("pausable")),
            extendable=bool(row.get("extendable")),
            warnings=_warning_points(row.get("warnings")),
            starts_at_receipt=str(row.get("starts") or _usual_start(kind)) == "received",
        )


@dataclass(frozen=True, slots=True)
class DayCount:
    """One line of a clock's explanation: the day, its count (None if it does not count), and why."""

    day: date
    number: int | None
    why: str
    paused: bool = False
    is_limit: bool = False


def start(
    limit: Limit, calendar: Calendar, started_at: datetime, complaint_id: int, request_id: int | None = None
) -> Clock:
    """A new clock under this limit, not yet stored."""
    clock = Clock(
        id=0,
        complaint_id=complaint_id,
        name=limit.name,
        kind=limit.kind,
        rule=limit.rule,
        started_at=started_at,
        start_rule=limit.start_rule,
        length=limit.length,
        day_type=limit.day_type,
        calendar=calendar.code,
        due_at=None,
        pausable=limit.pausable,
        extendable=limit.extendable,
        request_id=request_id,
    )
    return computed(clock, calendar, limit.warnings)


def relengthened(clock: Clock, limit: Limit, calendar: Calendar) -> Clock:
    """The clock under a new limit: it keeps its start, its pauses and the warnings already given."""
    changed = replace(
        clock,
        kind=limit.kind,
        rule=limit.rule,
        start_rule=limit.start_rule,
        length=limit.length,
        day_type=limit.day_type,
        pausable=limit.pausable,
        extendable=limit.extendable,
    )
    return computed(changed, calendar, limit.warnings)


def computed(clock: Clock, calendar: Calendar, points: tuple[tuple[int, str], ...] | None = None) -> Clock:
    """The clock with due moment, provisional mark and warnings worked out anew; given warnings stay given."""
    due = limit_of(clock, calendar)
    given = {(w.percent, w.rung): w for w in clock.warnings if w.given}
    if points is None:
        points = tuple((w.percent, w.rung) for w in clock.warnings)
    warnings = tuple(
        given.get((percent, rung)) or Warning(percent, rung, warning_point(clock, calendar, due, percent))
        for percent, rung in points
    )
    return replace(
        clock,
        due_at=None if clock.paused_at is not None else due,
        warnings=warnings,
        provisional=_counts_working(clock) and is_provisional(calendar, local_day(calendar, due)),
    )


def limit_of(clock: Clock, calendar: Calendar) -> datetime:
    """When the limit is reached, with extensions and finished pauses; a pause still on is not foreseen."""
    total = clock.length + sum(extension.length for extension in clock.extensions)
    first = day_one(clock, calendar)
    if clock.day_type is DayType.WORKING_HOURS:
        begin = clock.started_at if clock.start_rule is StartRule.SAME_DAY else opening(calendar, first)
        lost = sum((working_between(calendar, p.start, p.end) for p in clock.pauses), timedelta())
        return add_working_time(calendar, begin, timedelta(hours=total) + lost)
    if clock.day_type is DayType.WORKING_DAYS:
        lost_days = sum(_days_lost(p, calendar, working=True) for p in clock.pauses)
        return close_of_business(calendar, add_working_days(calendar, first - DAY, total + lost_days))
    days = total * 7 if clock.day_type is DayType.WEEKS else total
    lost_days = sum(_days_lost(p, calendar, working=False) for p in clock.pauses)
    return end_of_day(calendar, first + (days + lost_days - 1) * DAY)


def day_one(clock: Clock, calendar: Calendar) -> date:
    """The first day that counts, by the start rule."""
    day = local_day(calendar, clock.started_at)
    if clock.start_rule is StartRule.SAME_DAY:
        return day
    if clock.start_rule is StartRule.NEXT_DAY:
        return day + DAY
    return add_working_days(calendar, day, 1)


def warning_point(clock: Clock, calendar: Calendar, due: datetime, percent: int) -> datetime:
    """When this share of the time is used, always in working hours; the limit itself for 100 percent."""
    if percent == 100:
        return due
    held = [(p, working_between(calendar, p.start, p.end)) for p in clock.pauses]
    available = working_between(calendar, clock.started_at, due) - sum(
        (lost for _, lost in held), timedelta()
    )
    if percent > 100:
        return add_working_time(calendar, due, available * (percent - 100) / 100)
    point = add_working_time(calendar, clock.started_at, available * percent / 100)
    for stretch, lost in held:
        if stretch.start < point:
            point = add_working_time(calendar, point, lost)
    return min(point, due)


def percent_used(clock: Clock, calendar: Calendar, now: datetime) -> int:
    """How much of the time is used, in whole percent, over 100 when late; pauses do not count."""
    until = clock.stopped_at or clock.paused_at or now

    def measured(begin: datetime, end: datetime) -> float:
        if _counts_working(clock):
            return working_between(calendar, begin, end).total_seconds()
        return (end - begin).total_seconds()

    lost = sum(measured(p.start, p.end) for p in clock.pauses)
    available = measured(clock.started_at, limit_of(clock, calendar)) - lost
    used = measured(clock.started_at, until) - lost
    return max(0, int(used * 100 / available)) if available > 0 else 100


def pause(clock: Clock, now: datetime) -> Clock:
    """Hold the clock while the customer owes something; only where its rule allows."""
    if not clock.pausable:
        raise NotAllowed(f"The clock {clock.name} may not be paused.")
    if not clock.is_running:
        raise OutOfOrder(f"The clock {clock.name} does not run.")
    return replace(clock, paused_at=now, due_at=None)


def resume(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """Let a held clock go on; what the pause took is given back by the calendar the limit counts by."""
    if clock.stopped_at is not None or clock.paused_at is None:
        raise OutOfOrder(f"The clock {clock.name} is not paused.")
    pauses = (*clock.pauses, Pause(clock.paused_at, now))
    seconds = int(sum(((p.end - p.start).total_seconds() for p in pauses), 0.0))
    return computed(replace(clock, paused_at=None, pauses=pauses, paused_seconds=seconds), calendar)


def extend(clock: Clock, calendar: Calendar, extension: Extension) -> Clock:
    """Add time with a reason, before the old limit; only where the rule has extensions."""
    if not clock.extendable:
        raise NotAllowed(f"The clock {clock.name} may not be extended.")
    if clock.stopped_at is not None:
        raise OutOfOrder(f"The clock {clock.name} has stopped.")
    if clock.due_at is not None and extension.at > clock.due_at:
        raise OutOfOrder(f"The limit of the clock {clock.name} has passed; it can no longer be extended.")
    if extension.length < 1:
        raise ValueRefused("An extension adds at least one.", field="extension.length")
    return computed(replace(clock, extensions=(*clock.extensions, extension)), calendar)


def stop(clock: Clock, now: datetime) -> Clock:
    """End the clock; stopping it again changes nothing."""
    return clock if clock.stopped_at is not None else replace(clock, stopped_at=now)


def warned(clock: Clock, warning: Warning) -> Clock:
    """The clock with this warning marked as given, so that each rung is climbed once."""
    return replace(
        clock, warnings=tuple(replace(w, given=True) if w == warning else w for w in clock.warnings)
    )


def is_late(clock: Clock, now: datetime) -> bool:
    """Whether the limit passed before the clock was stopped."""
    return clock.due_at is not None and (clock.stopped_at or now) > clock.due_at


def explain(clock: Clock, calendar: Calendar) -> Iterator[DayCount]:
    """Day by day from the start to the limit: which count, which do not, and why."""
    first, last = day_one(clock, calendar), local_day(calendar, limit_of(clock, calendar))
    day, number = local_day(calendar, clock.started_at), 0
    while day <= last:
        paused = day >= first and _is_paused(clock, calendar, day)
        counts = day >= first and not paused and (not _counts_working(clock) or calendar.is_working_day(day))
        number += counts
        why = "before day one" if day < first else "paused" if paused else why_of(calendar, day)
        yield DayCount(day, number if counts else None, why, paused=paused, is_limit=day == last)
        day += DAY


def _is_paused(clock: Clock, calendar: Calendar, day: date) -> bool:
    return any(local_day(calendar, p.start) < day <= local_day(calendar, p.end) for p in clock.pauses)


def _days_lost(held: Pause, calendar: Calendar, *, working: bool) -> int:
    begin, end = local_day(calendar, held.start), local_day(calendar, held.end)
    return working_days_between(calendar, begin, end) if working else (end - begin).days


def _counts_working(clock: Clock) -> bool:
    return clock.day_type in (DayType.WORKING_DAYS, DayType.WORKING_HOURS)


def _usual_start(kind: ClockKind) -> str:
    return "received" if kind is ClockKind.REGULATORY else "now"


def _member(kind: type[StrEnum], row: Mapping[str, Any], name: str) -> Any:
    try:
        return kind(str(row.get(name)))
    except ValueError:
        allowed = ", ".join(kind)
        raise ValueRefused(f"{name} is one of {allowed}, not {row.get(name)!r}.", field=name) from None


def _words(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueRefused(f"A time limit needs a {name}.", field=name)
    return value.strip()


def _whole(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    if isinstance(value, bool) or value is None or int(value) != value or not 1 <= value <= 4000:
        raise ValueRefused(f"{name} is a whole number from 1 to 4000, not {value!r}.", field=name)
    return int(value)


def _warning_points(text: Any) -> tuple[tuple[int, str], ...]:
    points = []
    for part in str(text or "").split(","):
        if not part.strip():
            continue
        percent, _, rung = part.partition(":")
        if not percent.strip().isdigit() or not rung.strip():
            raise ValueRefused(
                f"Warnings are written as 50:remind,100:office; {part!r} is not.", field="warnings"
            )
        points.append((int(percent), rung.strip()))
    return tuple(sorted(points))
