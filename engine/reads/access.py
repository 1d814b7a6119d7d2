"""Finding one complaint by its number, with how much of it this actor sees."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from engine.domain.actor import Actor
from engine.domain.complaint import Complaint
from engine.domain.department_requests import DepartmentRequest
from engine.domain.errors import NotFound
from engine.domain.organisation import Role
from engine.domain.permissions import Sight
from engine.reads.reading import Reading
from engine.reads.sight import covered, level
from engine.store.tables import complaint

SUMMARY = 120
WHOLE_TEXT = "whole"
PERSONAL: Mapping[str, Any] = {
    "customer_name": None,
    "customer_email": None,
    "customer_phone": None,
    "external_reference": None,
}
OF_THE_BANK: Mapping[str, Any] = {
    "accused_id": None,
    "first_owner_id": None,
    "responsible_unit_id": None,
    "handling_unit_id": None,
    "grade_reason": None,
    "root_cause": None,
    "satisfaction": None,
}
BEYOND_STATUS: Mapping[str, Any] = {
    "text": "",
    "wish": None,
    "nature": None,
    "business_line": None,
    "product": None,
    "cause": None,
    "amount": None,
    "grade": None,
    "outcome": None,
    "lead_department_id": None,
}


def find(reading: Reading, actor: Actor, number: str) -> tuple[Complaint, Sight]:
    """The complaint as far as the actor sees it; NotFound when it is unknown or out of sight: nobody can tell which."""
    rows = reading.all(select(complaint.c.id, level(actor)).where(complaint.c.number == number))
    if not rows or rows[0][1] == Sight.NOTHING:
        raise NotFound
    return as_seen(reading, actor, rows[0][0], Sight(rows[0][1]))


def sight_of(reading: Reading, actor: Actor, complaint_id: int) -> Sight:
    """How much of this complaint the actor sees."""
    return Sight(reading.value(select(level(actor)).where(complaint.c.id == complaint_id)) or 0)


def as_seen(reading: Reading, actor: Actor, complaint_id: int, sight: Sight) -> tuple[Complaint, Sight]:
    """The complaint with what is beyond this sight left out."""
    whole = replace(reading.rows(Complaint).get(complaint_id), secret_hash="", intake_key="")
    if sight is Sight.WHOLE:
        return whole, sight
    if sight is Sight.STATUS:
        return replace(whole, **PERSONAL, **OF_THE_BANK, **BEYOND_STATUS), sight
    may_read = any(
        request.may_see == WHOLE_TEXT for request in requests_seen(reading, actor, complaint_id, sight)
    )
    text = whole.text if may_read else whole.text[:SUMMARY]
    return replace(whole, **PERSONAL, **OF_THE_BANK, text=text, wish=whole.wish if may_read else None), sight


def requests_seen(reading: Reading, actor: Actor, complaint_id: int, sight: Sight) -> list[DepartmentRequest]:
    """What departments were asked: all of it, or what was asked of the actor's own."""
    if sight is Sight.WHOLE:
        return reading.rows(DepartmentRequest).find(complaint_id=complaint_id)
    if sight is Sight.ASKED:
        own = covered(actor, [Role.CONTRIBUTOR])
        return reading.rows(DepartmentRequest).find(complaint_id=complaint_id, department_id=own)
    return []
