"""The list of complaints in sight, by words, stage and grade."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from engine.domain.actor import Actor
from engine.domain.clocks import ClockKind
from engine.domain.complaint import Grade, Outcome, Stage
from engine.domain.permissions import Sight
from engine.reads.access import SUMMARY
from engine.reads.counting import UpTo, counted
from engine.reads.reading import Reading
from engine.reads.sight import level, seen, seen_whole
from engine.store.tables import clock, complaint, person, task


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One complaint of the list. `holder` has one of its tasks; `due_at` is its next limit by law."""

    complaint_id: int
    number: str
    grade: Grade | None
    stage: Stage
    outcome: Outcome | None
    summary: str
    customer_name: str | None
    received_at: datetime
    closed_at: datetime | None
    holder: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CasesPage:
    """A page of the list, newest first."""

    rows: tuple[CaseRow, ...]
    total_up_to: UpTo
    page: int
    size: int
    has_more: bool


def cases(
    reading: Reading,
    actor: Actor,
    *,
    text: str | None,
    stage: str | None,
    grade: str | None,
    page: int,
    size: int,
) -> CasesPage:
    """Complaints in sight that fit, newest first."""
    conditions = [seen(actor)]
    if text:
        conditions.append(_has_words(actor, text))
    if stage:
        conditions.append(complaint.c.stage == stage)
    if grade:
        conditions.append(complaint.c.grade == grade)
    chosen = select(complaint.c.id).where(*conditions)
    ids = reading.all(chosen.order_by(complaint.c.id.desc()).limit(size + 1).offset((page - 1) * size))
    shown = [row.id for row in ids[:size]]
    return CasesPage(
        rows=tuple(_rows(reading, actor, shown)),
        total_up_to=UpTo(reading.value(counted(chosen))),
        page=page,
        size=size,
        has_more=len(ids) > size,
    )


def _has_words(actor: Actor, text: str) -> ColumnElement[bool]:
    """Words are looked for only where the actor may read them."""
    words = [complaint.c.text, complaint.c.customer_name, complaint.c.external_reference]
    inside = or_(*[column.icontains(text, autoescape=True) for column in words])
    return or_(complaint.c.number.icontains(text, autoescape=True), and_(seen_whole(actor), inside))


def _rows(reading: Reading, actor: Actor, ids: list[int]) -> list[CaseRow]:
    columns = complaint.c
    holder = (
        select(person.c.name)
        .join(task, task.c.assignee_id == person.c.id)
        .where(task.c.complaint_id == columns.id, task.c.state == literal_column("'claimed'"))
        .order_by(task.c.opened_at)
        .limit(1)
        .scalar_subquery()
    )
    due_at = (
        select(func.min(clock.c.due_at))
        .where(
            clock.c.complaint_id == columns.id,
            clock.c.kind == ClockKind.REGULATORY.value,
            clock.c.stopped_at.is_(None),
        )
        .scalar_subquery()
    )
    statement = select(
        level(actor).label("sight"),
        columns.id.label("complaint_id"),
        columns.number,
        columns.grade,
        columns.stage,
        columns.outcome,
        func.substr(columns.text, 1, SUMMARY).label("summary"),
        columns.customer_name,
        columns.received_at,
        columns.closed_at,
        holder.label("holder"),
        due_at.label("due_at"),
    ).where(columns.id.in_(ids))
    found = {row.complaint_id: row for row in reading.all(statement)} if ids else {}
    return [_row(found[id]._mapping) for id in ids]


def _row(values: Any) -> CaseRow:
    whole = values["sight"] == Sight.WHOLE
    return CaseRow(
        complaint_id=values["complaint_id"],
        number=values["number"],
        grade=Grade(values["grade"]) if values["grade"] else None,
        stage=Stage(values["stage"]),
        outcome=Outcome(values["outcome"]) if values["outcome"] else None,
        summary=values["summary"],
        customer_name=values["customer_name"] if whole else None,
        received_at=values["received_at"],
        closed_at=values["closed_at"],
        holder=values["holder"] if whole else None,
        due_at=values["due_at"],
    )
