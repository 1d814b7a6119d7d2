"""Working time: which days and hours a bank works, and how far apart two moments are in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo


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
