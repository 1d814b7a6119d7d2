"""Whose working days and time zone a page goes by: those of the unit the person works at, else of head office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context

from engine.domain.actor import SYSTEM
from engine.domain.working_time import Calendar
from web.current import house, now

EXTENSION = "redress-calendars"
FRESH_FOR = timedelta(minutes=10)
# Before the bank is entered there is no calendar to go by.
NO_BANK_YET = Calendar(
    code="CN",
    name="",
    zone=ZoneInfo("Asia/Shanghai"),
    weekend=frozenset({6, 7}),
    hours=((time(9), time(17, 30)),),
    published_until=date.min,
)


@dataclass(frozen=True)
class _Kept:
    """The calendars by unit, and when they were read; the bank changes them a few times a year."""

    read_at: datetime
    by_unit: Mapping[int, Calendar]
    head_office: Calendar


def calendar() -> Calendar:
    """The calendar of this page."""
    if not has_request_context():
        return NO_BANK_YET
    if "calendar" not in g:
        person, kept = g.get("person"), _kept()
        g.calendar = kept.by_unit.get(person.unit_id, kept.head_office) if person else kept.head_office
    found: Calendar = g.calendar
    return found


def zone_name() -> str:
    """The time zone of this page, by name."""
    return calendar().zone.key


def _kept() -> _Kept:
    kept = current_app.extensions.get(EXTENSION)
    if not isinstance(kept, _Kept) or abs(now() - kept.read_at) > FRESH_FOR:
        kept = current_app.extensions[EXTENSION] = _read()
    return kept


def _read() -> _Kept:
    with house().ports.unit_of_work(SYSTEM) as work:
        units = work.units.find()
        calendars = {code: work.calendar(code) for code in {unit.calendar for unit in units}}
    by_unit = {unit.id: calendars[unit.calendar] for unit in units}
    root = next((unit for unit in units if unit.parent_id is None), None)
    return _Kept(now(), by_unit, by_unit[root.id] if root else NO_BANK_YET)
