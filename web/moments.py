"""How moments and lengths of time are written on pages."""

from datetime import date, datetime, timedelta

from engine.domain.working_time import close_of_business, local_day, working_days_between
from web.calendars import calendar
from web.current import now
from web.locale import gettext, is_chinese, ngettext, write_moment


def moment(at: datetime | None) -> str:
    """A moment as people say it: "Thu 26 Nov 17:30", with the year when it is another one."""
    if at is None:
        return ""
    same_year = _is_this_year(at)
    if is_chinese():
        return write_moment(at, "M月d日 EEE HH:mm" if same_year else "y年M月d日 HH:mm")
    return write_moment(at, "EEE d MMM HH:mm" if same_year else "d MMM y HH:mm")


def day(at: datetime | date | None) -> str:
    """A day without its hour: "Thu 26 Nov"."""
    if at is None:
        return ""
    if not isinstance(at, datetime):
        at = close_of_business(calendar(), at)
    same_year = _is_this_year(at)
    if is_chinese():
        return write_moment(at, "M月d日 EEE" if same_year else "y年M月d日")
    return write_moment(at, "EEE d MMM" if same_year else "d MMM y")


def span(length: timedelta) -> str:
    """A length of time in its two largest units at most: "2 d 3 h", "40 min"."""
    minutes = max(int(abs(length).total_seconds() // 60), 0)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 10 or (days and not hours):
        return gettext("%(days)s d", days=days)
    if days:
        return gettext("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours >= 4 or (hours and not rest):
        return gettext("%(hours)s h", hours=hours)
    if hours:
        return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
    return gettext("%(minutes)s min", minutes=rest)


def left(due: datetime | None) -> str:
    """The time left as a clock chip shows it: "2 d 3 h", "late 4 h"."""
    if due is None:
        return ""
    remaining = due - now()
    return gettext("late %(span)s", span=span(remaining)) if remaining < timedelta(0) else span(remaining)


def ago(at: datetime | None) -> str:
    """How long ago: "3 h ago"."""
    if at is None:
        return ""
    length = now() - at
    return (
        gettext("just now") if length < timedelta(minutes=1) else gettext("%(span)s ago", span=span(length))
    )


def by_when(due: datetime | None) -> str:
    """A due moment as a sentence says it: "in 2 working days (Thu 26 Nov 17:30)"."""
    if due is None:
        return gettext("no date yet")
    bank = calendar()
    today, last = local_day(bank, now()), local_day(bank, due)
    if due < now():
        near = gettext("%(span)s late", span=span(now() - due))
    elif today == last:
        near = gettext("today")
    elif (last - today).days == 1:
        near = gettext("tomorrow")
    else:
        near = ngettext(
            "in %(num)s working day", "in %(num)s working days", working_days_between(bank, today, last)
        )
    return gettext("%(near)s (%(moment)s)", near=near, moment=moment(due))


def urgency(due: datetime | None, started: datetime | None = None) -> str:
    """How a due moment is coloured: late, soon (within a day, or the last quarter), calm."""
    if due is None:
        return "none"
    remaining = due - now()
    if remaining < timedelta(0):
        return "late"
    soon = timedelta(days=1) if started is None else min((due - started) / 4, timedelta(days=2))
    return "soon" if remaining < soon else "calm"


def used(started: datetime, due: datetime | None) -> int:
    """How much of a clock's time is used, in percent from 0 to 100."""
    if due is None or due <= started:
        return 100 if due is not None else 0
    return min(max(round((now() - started) / (due - started) * 100), 0), 100)


def _is_this_year(at: datetime) -> bool:
    return local_day(calendar(), at).year == local_day(calendar(), now()).year
