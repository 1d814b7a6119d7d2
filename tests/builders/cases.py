"""Values of the domain with everything filled in, so that a test says only what it is about."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.actor import Actor, ActorKind, Held
from engine.domain.complaint import Channel, Complaint
from engine.domain.department_requests import DepartmentRequest
from engine.domain.organisation import Role
from engine.domain.redress import Answer, Plan
from engine.domain.task import Task
from engine.domain.working_time import Calendar, SpecialDay

MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""A Monday, 9:30 in Shanghai."""


def china(**changes: Any) -> Calendar:
    """China in spring 2026: Qingming on Monday 6 April, Labour Day 1 to 5 May, Saturday 9 May made up for it."""
    holidays = [date(2026, 4, 6), *(date(2026, 5, day) for day in range(1, 6))]
    special = {day: SpecialDay(day, False, "holiday") for day in holidays}
    special[date(2026, 5, 9)] = SpecialDay(date(2026, 5, 9), True, "make-up working day")
    values: dict[str, Any] = {
        "code": "CN",
        "name": "China",
        "zone": ZoneInfo("Asia/Shanghai"),
        "weekend": frozenset({6, 7}),
        "hours": ((time(9), time(12)), (time(13), time(17))),
        "published_until": date(2026, 12, 31),
        "special": special,
    }
    return Calendar(**{**values, **changes})


def london() -> Calendar:
    """Nine to five in London, where the clocks change on 29 March 2026."""
    return china(
        code="GB", name="London", zone=ZoneInfo("Europe/London"), hours=((time(9), time(17)),), special={}
    )


def a_complaint(**changes: Any) -> Complaint:
    """A complaint just received."""
    values: dict[str, Any] = {
        "id": 1,
        "number": "C-2026-000001",
        "intake_key": "key",
        "secret_hash": "hash",
        "channel": Channel.PORTAL,
        "language": "en",
        "regime": "CN",
        "received_at": MONDAY,
        "registered_at": MONDAY,
        "text": "The machine kept my money.",
        "wish": None,
        "customer_name": "Alice",
        "customer_email": "alice@mail.example",
        "customer_phone": None,
        "contact_by": "email",
        "receiving_unit_id": 1,
    }
    return Complaint(**{**values, **changes})


def a_task(**changes: Any) -> Task:
    """An open task of the handlers of unit 1."""
    values: dict[str, Any] = {
        "instance_id": 1,
        "token": 1,
        "complaint_id": 1,
        "release_id": 1,
        "process": "complaint",
        "element": "investigate",
        "name": "Investigate",
        "form": "investigate",
        "role": "handler",
        "unit_id": 1,
        "opened_at": MONDAY,
    }
    return Task(**{**values, **changes})


def a_request(**changes: Any) -> DepartmentRequest:
    """A question just asked of department 2."""
    values: dict[str, Any] = {
        "id": 1,
        "complaint_id": 1,
        "department_id": 2,
        "question": "Why?",
        "may_see": "summary",
        "asked_at": MONDAY,
        "asked_by_id": 1,
        "due_at": MONDAY,
    }
    return DepartmentRequest(**{**values, **changes})


def a_plan(**changes: Any) -> Plan:
    """A plan drafted by person 1."""
    values: dict[str, Any] = {
        "id": 1,
        "complaint_id": 1,
        "round": 1,
        "author_id": 1,
        "drafted_at": MONDAY,
        "outcome": "upheld",
        "measures": "Refund.",
        "amount": Decimal("100.00"),
        "carry_out_by": "FIN",
    }
    return Plan(**{**values, **changes})


def an_answer(**changes: Any) -> Answer:
    """A whole answer written by person 1."""
    values: dict[str, Any] = {
        "id": 1,
        "complaint_id": 1,
        "plan_id": 1,
        "author_id": 1,
        "written_at": MONDAY,
        "finding": "The machine was at fault.",
        "basis": "Its journal and the camera.",
        "reasons": "The journal shows no notes were paid out.",
        "what_we_do": "We refund 100.",
        "appeal_path": "You may ask for a review within 30 days.",
    }
    return Answer(**{**values, **changes})


def a_person(id: int, *roles: Role, unit_id: int = 1, covers: tuple[int, ...] = (1,)) -> Actor:
    """Somebody who holds these roles over these units."""
    held = tuple(Held(role, unit_id, frozenset(covers)) for role in roles)
    return Actor(ActorKind.PERSON, f"Person {id}", id, f"person.{id}", unit_id, held=held)
