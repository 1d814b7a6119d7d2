"""The inbox: which tasks wait for a person, most urgent first, and how many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, tuple_

from engine.domain.actor import Actor, ActorKind
from engine.domain.complaint import Grade
from engine.domain.permissions import SEES_RESTRICTED
from engine.domain.task import TaskState
from engine.reads.branches import Branches, Key
from engine.reads.counting import UpTo, counted
from engine.reads.reading import Reading
from engine.reads.sight import OPEN, accused, for_roles_of, hidden
from engine.store.tables import complaint, person, task, unit

View = Literal["mine", "role", "late", "watch"]
Sort = Literal["urgency", "due", "newest"]
SUMMARY = 120


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One task of the list. `claimable`: free, and this person may take it."""

    instance_id: int
    token: int
    complaint_id: int | None
    number: str | None
    task_name: str
    element: str
    form: str | None
    role: str
    unit_name: str | None
    unit_name_zh: str | None
    grade: Grade | None
    due_at: datetime | None
    opened_at: datetime
    assignee_name: str | None
    assignee_name_zh: str | None
    claimable: bool
    summary: str
    stage: str | None
    version: int


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many tasks each view has."""

    mine: UpTo
    role: UpTo
    late: UpTo
    watch: UpTo


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of one view; `total_up_to` counts what the view has under the filter."""

    rows: tuple[InboxRow, ...]
    total_up_to: UpTo
    counts: InboxCounts
    page: int
    size: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of the inbox."""

    view: View = "mine"
    role: str | None = None
    grade: str | None = None
    text: str | None = None
    sort: Sort = "urgency"
    page: int = 1
    size: int = 50


def inbox(reading: Reading, actor: Actor, wanted: Wanted) -> InboxPage:
    """One page of one view, and the counts of all."""
    branches = Branches(reading, actor)
    counts = InboxCounts(
        mine=_count(reading, actor, Wanted("mine")),
        role=branches.count(),
        late=branches.count(late=True),
        watch=_count(reading, actor, Wanted("watch")),
    )
    start, size = (wanted.page - 1) * wanted.size, wanted.size
    keys = _keys(reading, actor, branches, wanted, start + size + 1)
    shown = list(islice(keys, start, start + size + 1))
    return InboxPage(
        rows=tuple(_rows(reading, actor, shown[:size])),
        total_up_to=_total(reading, actor, branches, wanted, counts),
        counts=counts,
        page=wanted.page,
        size=size,
        has_more=len(shown) > size,
    )


def _is_quick(actor: Actor, wanted: Wanted) -> bool:
    """Whether the open-task indexes give the view in its order."""
    return (
        wanted.view in ("role", "late")
        and wanted.sort != "newest"
        and not wanted.text
        and actor.kind is ActorKind.PERSON
    )


def _keys(reading: Reading, actor: Actor, branches: Branches, wanted: Wanted, limit: int) -> Iterator[Key]:
    if _is_quick(actor, wanted):
        return branches.keys(
            limit,
            late=wanted.view == "late",
            role=wanted.role,
            grade=_rank(wanted.grade),
            by_due=wanted.sort == "due",
        )
    statement = _tasks(reading, actor, wanted, task.c.instance_id, task.c.token)
    ordered = statement.order_by(*_order(wanted.sort)).limit(limit)
    return iter([(row[0], row[1]) for row in reading.all(ordered)])


def _total(reading: Reading, actor: Actor, branches: Branches, wanted: Wanted, counts: InboxCounts) -> UpTo:
    if not (wanted.role or wanted.grade or wanted.text):
        total: UpTo = getattr(counts, wanted.view)
        return total
    if _is_quick(actor, wanted):
        return branches.count(late=wanted.view == "late", role=wanted.role, grade=_rank(wanted.grade))
    return _count(reading, actor, wanted)


def _count(reading: Reading, actor: Actor, wanted: Wanted) -> UpTo:
    return UpTo(reading.value(counted(_tasks(reading, actor, wanted, task.c.token))))


def _tasks(reading: Reading, actor: Actor, wanted: Wanted, *columns: ColumnElement[Any]) -> Select[Any]:
    """The tasks of a view under its filter."""
    statement = select(*columns).select_from(task)
    if wanted.view == "watch" or wanted.text:
        statement = statement.join(complaint, complaint.c.id == task.c.complaint_id)
    for condition in _view(reading, actor, wanted.view):
        statement = statement.where(condition)
    if wanted.role:
        statement = statement.where(task.c.role == wanted.role)
    if wanted.grade:
        statement = statement.where(task.c.grade_rank == _rank(wanted.grade))
    if wanted.text:
        statement = statement.where(_has_words(wanted.text))
    return statement


def _view(reading: Reading, actor: Actor, view: View) -> list[ColumnElement[bool]]:
    person = actor.person_id
    held = and_(
        task.c.state == literal_column("'claimed'"), task.c.assignee_id == person, _not_of(accused(person))
    )
    never = hidden(person, bool(SEES_RESTRICTED & actor.roles))
    free = and_(task.c.state == literal_column("'open'"), for_roles_of(actor), _not_of(never))
    if view == "mine":
        return [held]
    if view == "role":
        return [free]
    if view == "late":
        return [or_(held, free), task.c.due_at < reading.now]
    return [
        task.c.state.in_(OPEN),
        complaint.c.first_owner_id == person,
        complaint.c.closed_at.is_(None),
        complaint.c.accused_id.is_distinct_from(person),
        task.c.assignee_id.is_distinct_from(person),
    ]


def _not_of(complaints: Select[tuple[int]]) -> ColumnElement[bool]:
    return or_(task.c.complaint_id.is_(None), task.c.complaint_id.not_in(complaints))


def _has_words(text: str) -> ColumnElement[bool]:
    return or_(
        complaint.c.number.icontains(text, autoescape=True),
        complaint.c.text.icontains(text, autoescape=True),
        complaint.c.customer_name.icontains(text, autoescape=True),
    )


def _order(sort: Sort) -> list[ColumnElement[Any]]:
    undated, key = task.c.due_at.is_(None), [task.c.instance_id, task.c.token]
    if sort == "newest":
        return [task.c.opened_at.desc(), *key]
    if sort == "due":
        return [undated, task.c.due_at, *key]
    return [task.c.grade_rank.desc(), undated, task.c.due_at, *key]


def _rank(grade: str | None) -> int | None:
    return None if not grade else Grade(grade).rank


def _rows(reading: Reading, actor: Actor, keys: Sequence[Key]) -> Iterator[InboxRow]:
    if not keys:
        return
    found = {(row.instance_id, row.token): row for row in reading.all(_details(keys))}
    for key in keys:
        row = found[key]
        values = row._mapping
        yield InboxRow(
            **{
                name: values[name]
                for name in InboxRow.__dataclass_fields__
                if name in values and name != "grade"
            },
            grade=None if row.grade is None else Grade(row.grade),
            claimable=row.state == TaskState.OPEN.value and actor.person_id not in row.excluded,
        )


def _details(keys: Sequence[Key]) -> Select[Any]:
    columns = task.c
    return (
        select(
            columns.instance_id,
            columns.token,
            columns.complaint_id,
            complaint.c.number,
            columns.name.label("task_name"),
            columns.element,
            columns.form,
            columns.role,
            columns.state,
            columns.excluded,
            unit.c.name.label("unit_name"),
            unit.c.name_zh.label("unit_name_zh"),
            complaint.c.grade,
            columns.due_at,
            columns.opened_at,
            person.c.name.label("assignee_name"),
            person.c.name_zh.label("assignee_name_zh"),
            func.coalesce(func.substr(complaint.c.text, 1, SUMMARY), "").label("summary"),
            complaint.c.stage,
            columns.version,
        )
        .select_from(task)
        .outerjoin(complaint, complaint.c.id == columns.complaint_id)
        .outerjoin(unit, unit.c.id == columns.unit_id)
        .outerjoin(person, person.c.id == columns.assignee_id)
        .where(tuple_(columns.instance_id, columns.token).in_(keys))
    )
