"""The inbox: which tasks wait for a person, most urgent first, and how many."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from engine.domain.actor import Actor
from engine.domain.complaint import Grade
from engine.domain.task import Task, TaskState
from engine.reads.branches import Branches, Key, Wanted
from engine.reads.counting import LIMIT, UpTo
from engine.reads.reading import Reading
from engine.reads.selection import KEY, counted, joined, selected, watched
from engine.reads.words import with_words
from engine.store.shapes import shape_of
from engine.store.statements import first
from engine.store.tables import complaint, person, task, unit

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
    assignee_name: str | None
    assignee_name_zh: str | None
    summary: str
    stage: str | None
    version: int
    grade: Grade | None
    due_at: datetime | None
    opened_at: datetime
    claimable: bool


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many tasks each view has."""

    mine: UpTo
    role: UpTo
    late: UpTo
    watch: UpTo


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of one view; `total_up_to` counts what the view has under the filter, by words no further than the page."""

    rows: tuple[InboxRow, ...]
    total_up_to: UpTo
    counts: InboxCounts
    page: int
    size: int
    has_more: bool


def inbox(reading: Reading, actor: Actor, wanted: Wanted) -> InboxPage:
    """One page of one view, and the counts of all."""
    branches = Branches(reading, actor)
    counts = InboxCounts(
        mine=branches.count(Wanted("mine")),
        role=branches.count(Wanted("role")),
        late=branches.count(Wanted("late")),
        watch=_count_watched(reading, actor),
    )
    start, size = (wanted.page - 1) * wanted.size, wanted.size
    keys, total = _found(reading, actor, branches, wanted, counts)
    shown = keys[start : start + size + 1]
    return InboxPage(
        rows=tuple(_rows(reading, actor, shown[:size])),
        total_up_to=total,
        counts=counts,
        page=wanted.page,
        size=size,
        has_more=len(shown) > size,
    )


def _found(
    reading: Reading, actor: Actor, branches: Branches, wanted: Wanted, counts: InboxCounts
) -> tuple[list[Key], UpTo]:
    """The tasks up to the end of the page and one more, and how many there are."""
    limit = wanted.page * wanted.size + 1
    if wanted.view == "watch":
        return selected(reading, actor, wanted, limit), counted(reading, actor, wanted)
    total = branches.count(wanted) if wanted.role or wanted.grade else getattr(counts, wanted.view)
    if wanted.text:
        return with_words(reading, actor, branches, wanted, wanted.text, total)
    return [(row[0], row[1]) for row in branches.tasks(wanted, limit, total)], total


def _count_watched(reading: Reading, actor: Actor) -> UpTo:
    person = bindparam("person", type_=BigInteger)
    statement = reading.prepared(
        "count watched",
        lambda: select(func.count()).select_from(
            first(joined(select(task.c.token)).where(*watched(person)), "row_limit").subquery()
        ),
    )
    return UpTo(reading.asked(statement, person=actor.person_id, row_limit=LIMIT + 1)[0][0])


def _rows(reading: Reading, actor: Actor, keys: Sequence[Key]) -> Iterator[InboxRow]:
    if not keys:
        return
    codecs = shape_of(Task, reading.dialect).codecs
    moment, listed = codecs["due_at"].out_of or _same, codecs["excluded"].out_of or tuple
    make: Callable[..., InboxRow] = InboxRow
    found = {(row[0], row[1]): row for row in _detailed(reading, keys)}
    for key in keys:
        *values, grade, due_at, opened_at, state, excluded = found[key]
        yield make(
            *values,
            Grade(grade) if grade else None,
            None if due_at is None else moment(due_at),
            moment(opened_at),
            state == TaskState.OPEN.value and actor.person_id not in listed(excluded),
        )


def _detailed(reading: Reading, keys: Sequence[Key]) -> Sequence[Any]:
    """What the page shows of these tasks, in any order."""
    if reading.dialect == "postgresql":
        statement = reading.prepared("inbox details", _details_of_listed)
        instances, tokens = zip(*keys, strict=True)
        return reading.asked(statement, instances=list(instances), tokens=list(tokens))
    # Padded, so that few statements serve all lengths.
    padded = [*keys, *[keys[-1]] * (-len(keys) % 16)]
    statement = reading.prepared(("inbox details", len(padded)), lambda: _details_of(len(padded)))
    return reading.wire.read(statement, [part for key in padded for part in key])


# As literals: a prepared statement has no values of its own.
SUMMARY_OF_TEXT = func.coalesce(
    func.substr(complaint.c.text, literal_column("1"), literal_column(str(SUMMARY))), literal_column("''")
)


def _same(value: Any) -> Any:
    return value


def _details_of(count: int) -> Select[Any]:
    """For SQLite, which would read the whole table for `(a, b) IN (…)`: the keys are written out one by one."""
    wanted = [
        and_(*[column == bindparam(f"{column.name}_{i}", type_=column.type) for column in KEY])
        for i in range(count)
    ]
    return _details(task).where(or_(*wanted))


def _details_of_listed() -> Select[Any]:
    """For PostgreSQL, which takes longer over so many alternatives than over looking up a list."""
    listed = func.unnest(
        bindparam("instances", type_=ARRAY(BigInteger)), bindparam("tokens", type_=ARRAY(Integer))
    )
    keys = listed.table_valued("instance_id", "token").render_derived(name="keys")
    is_listed = and_(*[column == keys.c[column.name] for column in KEY])
    return _details(keys.join(task, is_listed))


def _details(tasks: FromClause) -> Select[Any]:
    """The columns of a row in its order, then those that are converted."""
    return (
        select(
            *KEY,
            task.c.complaint_id,
            complaint.c.number,
            task.c.name,
            task.c.element,
            task.c.form,
            task.c.role,
            unit.c.name,
            unit.c.name_zh,
            person.c.name,
            person.c.name_zh,
            SUMMARY_OF_TEXT,
            complaint.c.stage,
            task.c.version,
            complaint.c.grade,
            task.c.due_at,
            task.c.opened_at,
            task.c.state,
            task.c.excluded,
        )
        .select_from(tasks)
        .outerjoin(complaint, complaint.c.id == task.c.complaint_id)
        .outerjoin(unit, unit.c.id == task.c.unit_id)
        .outerjoin(person, person.c.id == task.c.assignee_id)
    )
