"""The complaint as a running process reads and writes it, and the calendar functions its expressions may call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.domain import working_time
from engine.domain.clocks import Clock
from engine.domain.complaint import PEOPLE, UNITS, Complaint, Information, with_attribute
from engine.domain.department_requests import DepartmentRequest
from engine.domain.errors import ValueRefused
from engine.domain.events import HistoryEvent
from engine.domain.facts import Facts
from engine.domain.notices import Notice
from engine.domain.organisation import Person, Unit
from engine.domain.redress import Answer, Plan
from engine.domain.working_time import Calendar
from engine.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class RowsOfCase:
    """The rows of one complaint in the open transaction, as `engine.domain.facts` asks for them."""

    work: UnitOfWork
    complaint_id: int

    @property
    def complaint(self) -> Complaint:
        return self.work.complaints.get(self.complaint_id)

    @property
    def now(self) -> datetime:
        return self.work.now

    def unit(self, id: int) -> Unit:
        return self.work.units.get(id)

    def person(self, id: int) -> Person:
        return self.work.people.get(id)

    def requests(self) -> Sequence[DepartmentRequest]:
        return self.work.requests.find(complaint_id=self.complaint_id)

    def plans(self) -> Sequence[Plan]:
        return self.work.plans.find(complaint_id=self.complaint_id)

    def answers(self) -> Sequence[Answer]:
        return self.work.answers.find(complaint_id=self.complaint_id)

    def clocks(self) -> Sequence[Clock]:
        return self.work.clocks.find(complaint_id=self.complaint_id)

    def notices(self) -> Sequence[Notice]:
        return self.work.notices.find(complaint_id=self.complaint_id)

    def information(self) -> Sequence[Information]:
        return self.work.information.find(complaint_id=self.complaint_id)

    def calendar(self, code: str) -> Calendar:
        return self.work.calendar(code)


def read(work: UnitOfWork, complaint_id: int) -> Mapping[str, Any]:
    """The facts of the complaint, looked up when an expression asks for them."""
    return Facts(RowsOfCase(work, complaint_id))


def write(work: UnitOfWork, complaint_id: int, name: str, value: Any) -> None:
    """Set one attribute; units come as codes, people as logins. Raises ValueRefused."""
    complaint = work.complaints.get(complaint_id)
    changed = with_attribute(complaint, name, resolved(work, name, value))
    if changed == complaint:
        return
    work.complaints.save(changed)
    if name == "grade":
        work.record(
            HistoryEvent(
                at=work.now,
                kind="complaint.graded",
                actor=work.actor.name,
                complaint_id=complaint_id,
                person_id=work.actor.person_id,
                detail={"grade": changed.grade, "before": complaint.grade},
            )
        )


def resolved(work: UnitOfWork, name: str, value: Any) -> Any:
    """The id behind a unit's code or a person's login; other values as they are."""
    if value in (None, "") or not isinstance(value, str):
        return None if value == "" else value
    if name in UNITS:
        units = work.units.find(code=value)
        if not units:
            raise ValueRefused(f"There is no unit with the code {value}.", field=f"complaint.{name}")
        return units[0].id
    if name in PEOPLE:
        people = work.people.find(login=value)
        if not people:
            raise ValueRefused(f"Nobody has the login {value}.", field=f"complaint.{name}")
        return people[0].id
    return value


def calendar_of(work: UnitOfWork, complaint_id: int | None) -> Calendar:
    """The calendar of the unit that received the complaint; without a complaint, head office's."""
    if complaint_id is None:
        return work.calendar(work.units.find(parent_id=None)[0].calendar)
    complaint = work.complaints.get(complaint_id)
    return work.calendar(work.units.get(complaint.receiving_unit_id).calendar)


def functions(work: UnitOfWork, complaint_id: int | None) -> Mapping[str, Callable[..., Any]]:
    """The functions over the bank's calendar and units, by their FEEL name; null for what makes no sense."""

    def add_working_days(start: Any, count: Any) -> Any:
        if not _is_whole(count):
            return None
        calendar = calendar_of(work, complaint_id)
        if isinstance(start, datetime):
            local = start.astimezone(calendar.zone)
            day = working_time.add_working_days(calendar, local.date(), int(count))
            return working_time.at(calendar, day, local.time())
        if isinstance(start, date):
            return working_time.add_working_days(calendar, start, int(count))
        return None

    def add_working_time(start: Any, length: Any) -> Any:
        if not isinstance(start, datetime) or not isinstance(length, timedelta):
            return None
        return working_time.add_working_time(calendar_of(work, complaint_id), start, length)

    def working_days_between(start: Any, end: Any) -> Any:
        calendar = calendar_of(work, complaint_id)
        first, last = _day(calendar, start), _day(calendar, end)
        if first is None or last is None:
            return None
        return working_time.working_days_between(calendar, first, last)

    def is_working_day(day: Any) -> Any:
        calendar = calendar_of(work, complaint_id)
        on = _day(calendar, day)
        return None if on is None else calendar.is_working_day(on)

    def unit_name(code: Any) -> Any:
        units = work.units.find(code=code) if isinstance(code, str) else []
        return units[0].name if units else None

    return {
        "add working days": add_working_days,
        "add working time": add_working_time,
        "working days between": working_days_between,
        "is working day": is_working_day,
        "unit name": unit_name,
    }


def _day(calendar: Calendar, value: Any) -> date | None:
    if isinstance(value, datetime):
        return working_time.local_day(calendar, value)
    return value if isinstance(value, date) else None


def _is_whole(value: Any) -> bool:
    return not isinstance(value, bool) and hasattr(value, "__int__") and value == int(value)
