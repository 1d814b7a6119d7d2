"""Working calendars with their special days."""

from datetime import time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from engine.domain.errors import NotFound
from engine.domain.working_time import Calendar, SpecialDay
from engine.store.row_classes import CalendarRow, SpecialDayRow
from engine.store.rows import Makers, RowsTogether, StoredRows
from engine.store.wire import Wire


class CalendarRows(RowsTogether):
    """The calendars inside the open transaction."""

    rows: StoredRows[CalendarRow]
    days: StoredRows[SpecialDayRow]
    MADE: ClassVar[Makers] = {
        "rows": lambda wire: StoredRows(wire, CalendarRow),
        "days": lambda wire: StoredRows(wire, SpecialDayRow),
    }

    def __init__(
        self, wire: Wire, kept: list[StoredRows[Any]], known: dict[tuple[str, int], Calendar]
    ) -> None:
        """`known` holds calendars by code and edition: an edition never changes, so its days are read once."""
        super().__init__(wire, kept)
        self.known = known
        self.changed: set[str] = set()

    def get(self, code: str) -> Calendar:
        """A working calendar; raises NotFound."""
        row = self.rows.look(code)
        if row is None:
            raise NotFound(f"There is no calendar {code}.")
        if code in self.changed:  # what this transaction wrote may yet be undone
            return _calendar(row, self.days.find(calendar=code))
        found = self.known.get((code, row.edition))
        if found is None:
            found = self.known[code, row.edition] = _calendar(row, self.days.find(calendar=code))
        return found

    def put(self, calendar: Calendar) -> None:
        """Insert or overwrite a calendar with its special days."""
        earlier = self.rows.look(calendar.code)
        self.changed.add(calendar.code)
        self.rows.put(_row(calendar, 1 if earlier is None else earlier.edition + 1))
        self.rows.flush()
        for day in self.days.find(calendar=calendar.code):
            if day.day not in calendar.special:
                self.days.drop((calendar.code, day.day))
        for special in calendar.special.values():
            self.days.put(SpecialDayRow(calendar.code, special.day, special.working, special.name))


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


def _row(calendar: Calendar, edition: int) -> CalendarRow:
    return CalendarRow(
        code=calendar.code,
        name=calendar.name,
        zone=calendar.zone.key,
        weekend=tuple(sorted(calendar.weekend)),
        hours=tuple(
            (opens.isoformat("minutes"), closes.isoformat("minutes")) for opens, closes in calendar.hours
        ),
        published_until=calendar.published_until,
        edition=edition,
    )
