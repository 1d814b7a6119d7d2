"""Values as a customer reads them: dates and amounts in the words of their language, at the bank's time."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def in_words(value: Any, language: str, zone: ZoneInfo) -> str:
    """The value as text; nothing at all for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("是" if value else "否") if language.startswith("zh") else ("yes" if value else "no")
    if isinstance(value, datetime):
        local = value.astimezone(zone) if value.tzinfo is not None else value
        return f"{_day(local.date(), language)} {local:%H:%M}"
    if isinstance(value, date):
        return _day(value, language)
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return str(value)


def _day(day: date, language: str) -> str:
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
