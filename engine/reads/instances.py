"""Running instances as those who steer them see them: a list by a filter, one with its tokens, variables and past."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal_column, select
from sqlalchemy.sql.expression import ClauseElement

from engine.bpmn.steering.standing import Standing, elements, standing
from engine.domain.actor import Actor
from engine.domain.complaint import Complaint, Grade
from engine.domain.errors import NotFound
from engine.domain.events import HistoryEvent
from engine.domain.organisation import Person, Unit, units_below
from engine.domain.permissions import Action, Sight
from engine.domain.running import (
    HeldMessage,
    Incident,
    Instance,
    InstanceState,
    Migration,
    Scope,
    Subscription,
    Timer,
)
from engine.domain.steering import Wanted, reach, require_reach
from engine.domain.task import Task
from engine.reads.access import sight_of
from engine.reads.reading import Reading
from engine.store.instance_filter import InstanceFilter
from engine.store.tables import BY_HAND, history

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One instance of the list: where its tokens stand, and the codes of what is stuck."""

    id: int
    process: str
    release_id: int
    state: InstanceState
    started_at: datetime
    number: str | None
    grade: Grade | None
    elements: tuple[str, ...]
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenView:
    """One token: where it stands, in whose level (`inside`), beside whom (`host`), and in words what it waits for."""

    token: int
    element: str
    part: str
    process: str
    release_id: int
    inside: int
    host: int
    waits: str


@dataclass(frozen=True, slots=True)
class ScopeView:
    """The variables of one scope; of somebody who may not see the case only their names."""

    number: int
    parent: int | None
    names: tuple[str, ...]
    values: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One instance with what those who steer it need; `held` counts the messages that wait until it resumes."""

    row: InstanceRow
    version: int
    tokens: tuple[TokenView, ...]
    scopes: tuple[ScopeView, ...]
    held: int
    migrations: tuple[Migration, ...]
    events: tuple[HistoryEvent, ...]


def instances(reading: Reading, actor: Actor, wanted: Wanted, *, after: int, limit: int) -> list[InstanceRow]:
    """The next instances after an id that fit, by ascending id; what is out of reach is not listed."""
    found: list[Instance] = []
    for instance in _found(reading, actor, wanted, after):
        found.append(instance)
        if len(found) == limit:
            break
    return _rows(reading, found)


def count(reading: Reading, actor: Actor, wanted: Wanted) -> int:
    """How many instances fit."""
    return sum(1 for _ in _found(reading, actor, wanted, 0))


def instance(reading: Reading, actor: Actor, id: int) -> InstanceView:
    """One instance; raises NotFound when it is unknown or out of reach."""
    found = reading.rows(Instance).look(id)
    if found is None:
        reach(actor, Action.SEE_INSTANCES)
        raise NotFound
    complaint = None if found.complaint_id is None else reading.rows(Complaint).get(found.complaint_id)
    require_reach(actor, Action.SEE_INSTANCES, complaint)
    sees = complaint is None or sight_of(reading, actor, complaint.id) is Sight.WHOLE
    return InstanceView(
        row=_rows(reading, [found])[0],
        version=found.version,
        tokens=tuple(_tokens(reading, found, sees=sees)),
        scopes=tuple(_scope(scope, sees=sees) for scope in reading.rows(Scope).find(instance_id=id)),
        held=len(reading.rows(HeldMessage).find(instance_id=id)),
        migrations=tuple(reading.rows(Migration).find(instance_id=id)),
        events=tuple(_events(reading, found)) if sees else (),
    )


def _found(reading: Reading, actor: Actor, wanted: Wanted, after: int) -> Iterator[Instance]:
    reached = reach(actor, Action.SEE_INSTANCES)
    units = None if wanted.unit is None else units_below(reading.rows(Unit).find(), wanted.unit)
    chosen = InstanceFilter(wanted, units, reached, reading.dialect)
    rows = reading.rows(Instance)
    statement = chosen.page(rows.columns())
    while True:
        page = rows.ask(statement, chosen.given(statement, after=after, limit=AT_ONCE))
        for one in page:
            if wanted.element is None or wanted.element in elements(one.tokens):
                yield one
        if len(page) < AT_ONCE:
            return
        after = page[-1].id


def _rows(reading: Reading, found: Sequence[Instance]) -> list[InstanceRow]:
    ids = sorted({each.complaint_id for each in found if each.complaint_id is not None})
    complaints = {each.id: each for each in reading.rows(Complaint).find(id=ids)}
    codes: dict[int, list[str]] = defaultdict(list)
    for incident in reading.rows(Incident).find(instance_id=[each.id for each in found], resolved_at=None):
        codes[incident.instance_id].append(incident.code)
    made = []
    for each in found:
        about = None if each.complaint_id is None else complaints[each.complaint_id]
        made.append(
            InstanceRow(
                id=each.id,
                process=each.process,
                release_id=each.release_id,
                state=each.state,
                started_at=each.started_at,
                number=None if about is None else about.number,
                grade=None if about is None else about.grade,
                elements=tuple(sorted(elements(each.tokens))),
                incidents=tuple(codes[each.id]),
            )
        )
    return made


def _scope(scope: Scope, *, sees: bool) -> ScopeView:
    return ScopeView(
        scope.number, scope.parent, tuple(sorted(scope.values)), dict(scope.values) if sees else None
    )


def _events(reading: Reading, found: Instance) -> list[HistoryEvent]:
    """What happened to it; of one without a complaint only what was done by hand."""
    rows = reading.rows(HistoryEvent)
    if found.complaint_id is None:
        return rows.ask(reading.prepared("by hand", lambda: _by_hand(rows.columns())), (found.id,))
    events = reading.rows(HistoryEvent).find(complaint_id=found.complaint_id)
    return [event for event in events if event.instance_id == found.id]


def _by_hand(columns: Sequence[Any]) -> ClauseElement:
    of_instance = history.c.instance_id == bindparam("instance")
    by_hand: ColumnElement[bool] = literal_column(f"({BY_HAND})")
    chosen = select(*columns).where(of_instance, history.c.complaint_id.is_(None), by_hand)
    return chosen.order_by(history.c.id)


def _tokens(reading: Reading, found: Instance, *, sees: bool) -> Iterator[TokenView]:
    waits = _waits(reading, found.id, sees=sees)
    for each in standing(found.tokens):
        yield TokenView(
            token=each.token,
            element=each.element,
            part=each.part,
            process=each.process,
            release_id=found.release_id if each.release_id is None else each.release_id,
            inside=each.inside,
            host=each.host,
            waits=waits.get(each.token) or _by_memory(each),
        )


def _waits(reading: Reading, id: int, *, sees: bool) -> dict[int, str]:
    """What the rows of the tokens say, an incident before all else; keys and reasons may hold values of the case."""
    found: dict[int, str] = {}
    for subscription in reading.rows(Subscription).find(instance_id=id):
        key = f" for {subscription.key}" if sees and subscription.key else ""
        found[subscription.token] = f"message {subscription.message!r}{key}"
    for timer in reading.rows(Timer).find(instance_id=id):
        due = "no moment yet" if timer.due_at is None else f"{timer.due_at:%Y-%m-%d %H:%M} UTC"
        found[timer.token] = f"clock {timer.clock}, {due}" if timer.clock else f"time, {due}"
    people = reading.rows(Person)
    for task in reading.rows(Task).find(instance_id=id, state=["open", "claimed", "suspended"]):
        holder = None if task.assignee_id is None else people.look(task.assignee_id)
        who = task.role or "those it names" if holder is None else holder.login
        found[task.token] = f"task of {who} ({task.state})"
    for incident in reading.rows(Incident).find(instance_id=id, resolved_at=None):
        found[incident.token] = f"stuck, {incident.code}{f': {incident.message}' if sees else ''}"
    return found


def _by_memory(each: Standing) -> str:
    """What a token without a row waits for."""
    if "held" in each.memo:
        return "goes on when the case resumes"
    if "job" in each.memo:
        return f"job outside, {each.memo['job']}"
    if "n" in each.memo:
        return f"items: {each.memo['done']} done, {each.memo['cut']} let go, of {each.memo['n']}"
    return "what is inside" if "entered" in each.memo else "other tokens"
