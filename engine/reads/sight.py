"""Who sees which complaint, as conditions inside the queries: lists and counts alike are made of these.

`engine.domain.permissions.sight` says the same of one complaint; whoever has one of its open tasks in the inbox
sees it besides, else nobody could do that task.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    exists,
    false,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from engine.domain.actor import Actor, ActorKind
from engine.domain.organisation import Role
from engine.domain.permissions import SEES_CASES, SEES_RESTRICTED, Sight
from engine.domain.task import TaskState
from engine.store.tables import candidate, complaint, department_request, task

OPEN = (TaskState.OPEN.value, TaskState.CLAIMED.value)
UNDONE = (*OPEN, TaskState.SUSPENDED.value)
"""On hold a task is in no inbox, but whoever could see its case for it still can."""
COMPLAINT = complaint.c
CONTRIBUTOR = Role.CONTRIBUTOR.value


def level(actor: Actor) -> ColumnElement[int]:
    """How much of each complaint the actor sees: a `Sight` as a number."""
    if actor.kind is ActorKind.SYSTEM:
        return literal(int(Sight.WHOLE))
    if actor.kind is ActorKind.CUSTOMER:
        return case((COMPLAINT.id == actor.complaint_id, int(Sight.WHOLE)), else_=int(Sight.NOTHING))
    return case(
        (COMPLAINT.accused_id == actor.person_id, int(Sight.STATUS)),
        (_whole(actor), int(Sight.WHOLE)),
        (_asked(actor), int(Sight.ASKED)),
        else_=int(Sight.NOTHING),
    )


def seen(actor: Actor) -> ColumnElement[bool]:
    """Complaints the actor sees whole or in part; not those of which only the status may be known."""
    if actor.kind is not ActorKind.PERSON:
        return level(actor) == int(Sight.WHOLE)
    return and_(COMPLAINT.accused_id.is_distinct_from(actor.person_id), or_(_whole(actor), _asked(actor)))


def seen_whole(actor: Actor) -> ColumnElement[bool]:
    """Complaints the actor sees whole."""
    if actor.kind is not ActorKind.PERSON:
        return level(actor) == int(Sight.WHOLE)
    return and_(COMPLAINT.accused_id.is_distinct_from(actor.person_id), _whole(actor))


def accused(person_id: Any) -> Select[tuple[int]]:
    """The ids of the complaints about this person: none of their tasks is theirs to see."""
    return select(_HIDDEN.c.id).where(_HIDDEN.c.accused_id == person_id)


def hidden(person_id: Any, sees_restricted: bool) -> Select[tuple[int]]:
    """The ids of the complaints whose free tasks this person never sees: about themselves, or restricted.

    The tasks of a restricted complaint are handed over by name: once held, a task is no longer free.
    """
    if sees_restricted:
        return accused(person_id)
    other = _RESTRICTED
    restricted = select(other.c.id).where(
        literal_column("restricted.restricted"),
        or_(other.c.first_owner_id.is_(None), other.c.first_owner_id != person_id),
    )
    return select(accused(person_id).union_all(restricted).subquery().c.id)


def covered(actor: Actor, roles: Iterable[Role]) -> list[int]:
    """The units these roles of the actor reach."""
    wanted = set(roles)
    return sorted({unit for held in actor.held if held.role in wanted for unit in held.covers})


def for_roles_of(actor: Actor, tasks: FromClause = task) -> ColumnElement[bool]:
    """Tasks for a role the actor holds, at a unit that role reaches."""
    return or_(
        false(),
        *[
            and_(
                tasks.c.role == held.role.value,
                or_(tasks.c.unit_id.is_(None), tasks.c.unit_id.in_(sorted(held.covers))),
            )
            for held in actor.held
        ],
    )


def free_for(actor: Actor, tasks: FromClause = task) -> ColumnElement[bool]:
    """Tasks that are in the person's inbox while nobody holds them: by role, or because the task names the person."""
    return or_(for_roles_of(actor, tasks), names(actor.person_id, tasks))


def names(person_id: Any, tasks: FromClause = task) -> ColumnElement[bool]:
    """Tasks that name this person as a candidate."""
    return exists().where(
        candidate.c.person_id == person_id,
        candidate.c.instance_id == tasks.c.instance_id,
        candidate.c.token == tasks.c.token,
    )


def _whole(actor: Actor) -> ColumnElement[bool]:
    units = covered(actor, SEES_CASES)
    by_name = true() if SEES_RESTRICTED & actor.roles else _named(actor.person_id, COMPLAINT.id)
    at_units = or_(
        COMPLAINT.receiving_unit_id.in_(units),
        COMPLAINT.responsible_unit_id.in_(units),
        COMPLAINT.handling_unit_id.in_(units),
        COMPLAINT.lead_department_id.in_(units),
    )
    return or_(
        COMPLAINT.first_owner_id == actor.person_id,
        and_(COMPLAINT.restricted, by_name),
        and_(
            ~COMPLAINT.restricted,
            or_(at_units if units else false(), _has_task(actor, _OF_CASE.c.role != CONTRIBUTOR)),
        ),
    )


def _asked(actor: Actor) -> ColumnElement[bool]:
    departments = covered(actor, [Role.CONTRIBUTOR])
    asked = exists().where(_ASKED.c.complaint_id == COMPLAINT.id, _ASKED.c.department_id.in_(departments))
    return and_(
        ~COMPLAINT.restricted,
        or_(asked if departments else false(), _has_task(actor, _OF_CASE.c.role == CONTRIBUTOR)),
    )


def _has_task(actor: Actor, kind: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an undone task of this kind is the person's own, or is there for its roles."""
    mine = or_(_OF_CASE.c.assignee_id == actor.person_id, free_for(actor, _OF_CASE))
    return exists().where(_OF_CASE.c.complaint_id == COMPLAINT.id, _OF_CASE.c.state.in_(UNDONE), kind, mine)


def _named(person_id: Any, complaint_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the person holds or held one of its tasks."""
    by_name = or_(_OF_NAMED.assignee_id == person_id, _OF_NAMED.closed_by_id == person_id)
    return exists().where(_OF_NAMED.complaint_id == complaint_id, by_name)


# Their own names, because they stand inside queries about other tasks and complaints.
_OF_NAMED = task.alias("named").c
_OF_CASE = task.alias("of_case")
_ASKED = department_request.alias("asked")
_HIDDEN = complaint.alias("hidden")
_RESTRICTED = complaint.alias("restricted")
