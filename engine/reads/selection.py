"""The tasks of a view as one statement, for what no index gives in its order: watched ones, and those found by words.

Who asks stands in these statements, with all that roles reach, so they are long. Written once for a person, they are kept
for the next question; what is typed comes in when they run.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from engine.domain.actor import Actor
from engine.domain.complaint import Grade
from engine.domain.permissions import SEES_RESTRICTED
from engine.reads.branches import Key, Sort, View, Wanted
from engine.reads.counting import LIMIT, UpTo
from engine.reads.reading import Reading, is_listed, listed, moment
from engine.reads.sight import OPEN, accused, free_for, hidden, seen_whole
from engine.store.statements import Composed, first
from engine.store.tables import complaint, task

KEPT = 128
KEY = (task.c.instance_id, task.c.token)


def selected(
    reading: Reading, actor: Actor, wanted: Wanted, limit: int, complaints: list[int] | None = None
) -> list[Key]:
    """The first tasks of a view under its filter in its order; of these complaints alone, if any are given."""
    statement = _selected(reading.dialect, actor, _form(wanted, complaints is not None))
    values = statement.values({**_values(reading, wanted, complaints), "row_limit": limit})
    return [(row[0], row[1]) for row in reading.wire.read(statement, values)]


def counted(reading: Reading, actor: Actor, wanted: Wanted) -> UpTo:
    """How many tasks of a view there are under its filter, up to the limit."""
    statement = _counted(reading.dialect, actor, _form(wanted, False))
    values = statement.values({**_values(reading, wanted, None), "row_limit": LIMIT + 1})
    return UpTo(reading.wire.read(statement, values)[0][0])


def holding(reading: Reading, actor: Actor, typed: str, complaints: list[int]) -> set[int]:
    """Those of the complaints that have the words, as far as the actor may read them."""
    statement = _holding(reading.dialect, actor)
    given = {"complaints": listed(complaints, reading.dialect), "pattern": _pattern(typed)}
    return {row[0] for row in reading.wire.read(statement, statement.values(given))}


Form = tuple[View, Sort, bool, bool, bool, bool]
"""What a statement depends on besides the person: view, order, whether by role, by grade, by words, of some complaints."""


def _form(wanted: Wanted, of_some: bool) -> Form:
    by = bool(wanted.role), bool(wanted.grade), bool(wanted.text)
    return wanted.view, wanted.sort, *by, of_some


def _values(reading: Reading, wanted: Wanted, complaints: list[int] | None) -> dict[str, Any]:
    possible = {
        "now": moment(reading.now, reading.dialect),
        "role": wanted.role or None,
        "rank": Grade(wanted.grade).rank if wanted.grade else None,
        "pattern": _pattern(wanted.text) if wanted.text else None,
        "complaints": None if complaints is None else listed(complaints, reading.dialect),
    }
    return {name: value for name, value in possible.items() if value is not None}


@lru_cache(KEPT)
def _selected(dialect: str, actor: Actor, form: Form) -> Composed:
    chosen = _where(select(*KEY), dialect, actor, form).order_by(*_order(form[1]))
    return Composed(first(chosen, "row_limit"), dialect)


@lru_cache(KEPT)
def _counted(dialect: str, actor: Actor, form: Form) -> Composed:
    some = first(_where(select(task.c.token), dialect, actor, form), "row_limit")
    return Composed(select(func.count()).select_from(some.subquery()), dialect)


@lru_cache(KEPT)
def _holding(dialect: str, actor: Actor) -> Composed:
    is_one = is_listed(complaint.c.id, "complaints", dialect)
    return Composed(select(complaint.c.id).where(is_one, _has_words(dialect, actor)), dialect)


def _where(statement: Select[Any], dialect: str, actor: Actor, form: Form) -> Select[Any]:
    view, _, by_role, by_grade, by_words, of_some = form
    statement = statement.select_from(task).where(*_of_view(actor, view))
    if view == "watch" or by_words:
        statement = joined(statement)
    if by_role:
        statement = statement.where(task.c.role == bindparam("role", type_=Text))
    if by_grade:
        statement = statement.where(task.c.grade_rank == bindparam("rank", type_=Integer))
    if by_words:
        statement = statement.where(_has_words(dialect, actor))
    if of_some:
        statement = statement.where(is_listed(task.c.complaint_id, "complaints", dialect))
    return statement


def _of_view(actor: Actor, view: View) -> list[ColumnElement[bool]]:
    person = actor.person_id
    held = and_(
        task.c.state == literal_column("'claimed'"), task.c.assignee_id == person, _not_of(accused(person))
    )
    never = hidden(person, bool(SEES_RESTRICTED & actor.roles))
    free = and_(task.c.state == literal_column("'open'"), free_for(actor), _not_of(never))
    if view == "mine":
        return [held]
    if view == "role":
        return [free]
    if view == "late":
        return [or_(held, free), task.c.due_at < bindparam("now")]
    return watched(person)


def watched(person: Any) -> list[ColumnElement[bool]]:
    """Open tasks of the complaints this person is the first owner of, while others hold them."""
    return [
        or_(*[task.c.state == literal_column(f"'{state}'") for state in OPEN]),
        complaint.c.first_owner_id == person,
        complaint.c.closed_at.is_(None),
        or_(complaint.c.accused_id.is_(None), complaint.c.accused_id != person),
        or_(task.c.assignee_id.is_(None), task.c.assignee_id != person),
    ]


def joined(statement: Select[Any]) -> Select[Any]:
    """The same with the complaints of its tasks."""
    return statement.join(complaint, complaint.c.id == task.c.complaint_id)


def _not_of(complaints: Select[tuple[int]]) -> ColumnElement[bool]:
    return or_(task.c.complaint_id.is_(None), task.c.complaint_id.not_in(complaints))


def _has_words(dialect: str, actor: Actor) -> ColumnElement[bool]:
    """Words are looked for only where the actor may read them."""
    pattern = bindparam("pattern", type_=Text)

    def has(column: ColumnElement[Any]) -> ColumnElement[bool]:
        # SQLite's LIKE makes nothing of capitals; to be told so costs it a copy of each text.
        like = column.like if dialect == "sqlite" else column.ilike
        return like(pattern, escape="/")

    inside = or_(has(complaint.c.text), has(complaint.c.customer_name))
    return or_(has(complaint.c.number), and_(seen_whole(actor), inside))


def _pattern(typed: str) -> str:
    for special in "/%_":
        typed = typed.replace(special, f"/{special}")
    return f"%{typed}%"


def _order(sort: Sort) -> list[ColumnElement[Any]]:
    undated = task.c.due_at.is_(None)
    if sort == "newest":
        return [task.c.opened_at.desc(), *KEY]
    if sort == "due":
        return [undated, task.c.due_at, *KEY]
    return [task.c.grade_rank.desc(), undated, task.c.due_at, *KEY]
