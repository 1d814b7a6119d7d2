"""Working calendars of the countries the bank works in, made into rows that an administrator can edit."""

from collections.abc import Mapping
from datetime import date, time
from zoneinfo import ZoneInfo

from engine.domain.working_time import Calendar, SpecialDay

YEARS_BACK = 8
YEARS_AHEAD = 2
MAKE_UP = "make-up working day"
CHINA, BRITAIN, AMERICA = "CN", "GB", "US"
NAMES: Mapping[str, tuple[str, str]] = {
    CHINA: ("China", "Asia/Shanghai"),
    BRITAIN: ("United Kingdom", "Europe/London"),
    AMERICA: ("United States", "America/New_York"),
}
HOURS: Mapping[str, tuple[tuple[time, time], ...]] = {
    CHINA: ((time(9), time(12)), (time(13, 30), time(17, 30))),
    BRITAIN: ((time(9), time(17)),),
    AMERICA: ((time(9), time(17)),),
}


def calendar_of_country(code: str, this_year: int) -> Calendar:
    """The calendar of a country with its holidays, and China's make-up working days of the years announced so far."""
    # The package takes a noticeable moment to import and is needed when a bank is set up, not at every start.
    import holidays

    years = range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1)
    known = holidays.country_holidays(
        code,
        years=years,
        subdiv="ENG" if code == BRITAIN else None,
        language="en_US" if code == CHINA else None,
    )
    special = {day: SpecialDay(day, False, name) for day, name in known.items()}
    make_up = [day for day in getattr(known, "weekend_workdays", ()) if day.year >= years[0]]
    special |= {day: SpecialDay(day, True, MAKE_UP) for day in make_up}
    last_year = max((day.year for day in make_up), default=this_year) if code == CHINA else years[-1]
    name, zone = NAMES[code]
    return Calendar(
        code=code,
        name=name,
        zone=ZoneInfo(zone),
        weekend=frozenset({6, 7}),
        hours=HOURS[code],
        published_until=date(last_year, 12, 31),
        special=dict(sorted(special.items())),
    )
