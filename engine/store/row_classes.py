"""Rows of tables that are no domain value by themselves: parts of calendars and releases, settings."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class CalendarRow:
    """A calendar as its table has it; `weekend` and `hours` in JSON's words; `edition` counts its changes."""

    code: str
    name: str
    zone: str
    weekend: tuple[int, ...]
    hours: tuple[tuple[str, str], ...]
    published_until: date
    edition: int


@dataclass(frozen=True)
class SpecialDayRow:
    """A special day of a calendar."""

    calendar: str
    day: date
    working: bool
    name: str


@dataclass(frozen=True)
class ReleaseRow:
    """A release without its files."""

    id: int
    sha256: str
    released_at: datetime


@dataclass(frozen=True)
class ReleaseFile:
    """Which content stands at a path of a release."""

    release_id: int
    path: str
    sha256: str


@dataclass(frozen=True)
class Content:
    """The bytes of a file, under their own hash."""

    sha256: str
    body: bytes


@dataclass(frozen=True)
class Setting:
    """A fact about this database."""

    name: str
    value: str
