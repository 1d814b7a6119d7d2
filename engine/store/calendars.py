"""Working calendars with their special days."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.errors import NotFound
from engine.domain.working_time import Calendar, SpecialDay
from engine.store.row_classes import CalendarRow, SpecialDayRow
from engine.store.rows import StoredRows
from engine.store.statements import Wire


class CalendarRows:
    """The calendars inside the open transaction."""

    def __init__(self, wire: Wire) -> None:
        self.rows = StoredRows(wire, CalendarRow)
        self.days = StoredRows(wire, SpecialDayRow)
        self.made: dict[str, tuple[CalendarRow, list[SpecialDayRow], Calendar]] = {}

    def get(self, code: str) -> Calendar:
        """A working calendar; raises NotFound."""
        row = self.rows.look(code)
        if row is None:
            raise NotFound(f"There is no calendar {code}.")
        days = self.days.find(calendar=code)
        made = self.made.get(code)
        if made is None or made[0] is not row or made[1] != days:
            made = self.made[code] = (row, days, _calendar(row, days))
        return made[2]

    def put(self, calendar: Calendar) -> None:
        """Insert or overwrite a calendar with its special days."""
        self.rows.put(_row(calendar))
        self.rows.flush()
        for day in self.days.find(calendar=calendar.code):
            if day.day not in calendar.special:
                self.days.drop((calendar.code, day.day))
        for special in calendar.special.values():
            self.days.put(SpecialDayRow(calendar.code, special.day, special.working, special.name))

    def parts(self) -> tuple[StoredRows[Any], ...]:
        """The rows to write and to remember."""
        return self.rows, self.days


def _calendar(row: CalendarRow, days: list[SpecialDayRow]) -> Calendar:
    return Calendar(
        code=row.code,
        name=row.name,
        zone=ZoneInfo(row.zone),
        weekend=frozenset(row.weekend),
        hours=tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in row.hours),
        published_until=row.published_until,
        special={day.day: SpecialDay(day.day, day.working, day.name) for day in days},
    )


def _row(calendar: Calendar) -> CalendarRow:
    return CalendarRow(
        code=calendar.code,
        name=calendar.name,
        zone=calendar.zone.key,
        weekend=tuple(sorted(calendar.weekend)),
        hours=tuple(
            (opens.isoformat("minutes"), closes.isoformat("minutes")) for opens, closes in calendar.hours
        ),
        published_until=calendar.published_until,
    )
