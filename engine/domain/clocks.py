"""Clocks: the time limits that run on a complaint, each with its own start, length, pauses and warnings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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

    @property
    def is_running(self) -> bool:
        """Whether time still counts against the bank."""
        return self.stopped_at is None and self.paused_at is None

    def next_warning(self) -> Warning | None:
        """The earliest warning not yet given, while the clock runs."""
        if not self.is_running:
            return None
        return min((w for w in self.warnings if not w.given), key=lambda w: w.at, default=None)
