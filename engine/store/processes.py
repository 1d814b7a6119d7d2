"""Instances and what hangs on them: scopes, timers, subscriptions, incidents."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Select, Text, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.running import Incident, Instance, InstanceState, Scope, Subscription, Timer
from engine.store import tables
from engine.store.column_types import UtcDateTime
from engine.store.releases import newest_asked
from engine.store.rows import Makers, RowsTogether, StoredRows
from engine.store.statements import first
from engine.store.wire import Wire

TIMER = tables.timer.c
EARLIEST_FIRST = (TIMER.due_at.is_(None), TIMER.due_at, TIMER.instance_id, TIMER.token)


class ProcessRows(RowsTogether):
    """The running processes inside the open transaction."""

    instances: StoredRows[Instance]
    _scopes: StoredRows[Scope]
    _timers: StoredRows[Timer]
    _subscriptions: StoredRows[Subscription]
    _incidents: "IncidentRows"
    MADE: ClassVar[Makers] = {
        "instances": lambda wire: StoredRows(wire, Instance),
        "_scopes": lambda wire: StoredRows(wire, Scope),
        "_timers": lambda wire: StoredRows(wire, Timer, order=EARLIEST_FIRST),
        "_subscriptions": lambda wire: StoredRows(wire, Subscription),
        "_incidents": lambda wire: IncidentRows(wire),
    }

    def add(self, instance: Instance) -> Instance:
        """Insert; returns it with its id. One that a message starts needs the end of its predecessor written first."""
        if instance.start_key is not None:
            self.instances.flush()
        return self.instances.add(instance)

    def get(self, id: int) -> Instance:
        """The instance as it was last written; raises NotFound."""
        return self.instances.get(id)

    def lock(self, id: int) -> Instance:
        """The instance, held until the transaction ends; raises NotFound."""
        self.wire.foresee(newest_asked(self.wire.dialect))  # where its next task takes its form from
        return self.instances.lock(id)

    def save(self, instance: Instance) -> Instance:
        """Write under its version; raises ChangedMeanwhile."""
        return self.instances.save(instance)

    def put(self, instance: Instance) -> None:
        """Write it just as it is given, version and all."""
        self.instances.put(instance)

    def of_complaint(self, complaint_id: int) -> list[Instance]:
        """All instances that run or ran for a complaint."""
        return self.instances.find(complaint_id=complaint_id)

    def is_running(self, process: str, start_key: str) -> bool:
        """Whether an instance runs that a message with this key started."""
        states = (InstanceState.RUNNING, InstanceState.SUSPENDED)
        return bool(self.instances.find(process=process, start_key=start_key, state=states))

    def scopes(self, instance_id: int) -> list[Scope]:
        """All scopes of an instance."""
        return self._scopes.find(instance_id=instance_id)

    def put_scope(self, scope: Scope) -> None:
        """Insert or overwrite one scope."""
        self._scopes.put(scope)

    def drop_scope(self, instance_id: int, number: int) -> None:
        """Remove a scope that ended."""
        self._scopes.drop((instance_id, number))

    def put_timer(self, timer: Timer) -> None:
        """Insert or overwrite the timer of a token."""
        self._timers.put(timer)

    def drop_timer(self, instance_id: int, token: int) -> None:
        """Remove the timer of a token; a missing one is no error."""
        self._timers.drop((instance_id, token))

    def timers(self, **equals: Any) -> list[Timer]:
        """Timers whose columns equal these values, earliest first, dormant ones last."""
        return self._timers.find(**equals)

    def due_timers(self, *, by: datetime, limit: int) -> list[Timer]:
        """Timers of running instances that are due by then, earliest first."""
        self.instances.flush()
        rows = self._timers
        return rows.ask(
            rows.prepared("due", lambda: _due(rows, TIMER.due_at)),
            _due_values(rows, "due_at", by, limit),
        )

    def put_subscription(self, subscription: Subscription) -> None:
        """Insert or overwrite the subscription of a token."""
        self._subscriptions.put(subscription)

    def drop_subscription(self, instance_id: int, token: int) -> None:
        """Remove it; a missing one is no error."""
        self._subscriptions.drop((instance_id, token))

    def subscriptions(self, message: str, key: str) -> list[Subscription]:
        """Who waits for this message under this key, oldest instance first."""
        rows = self._subscriptions
        return rows.ask(rows.prepared("waiting", lambda: _waiting(rows.columns())), (message, key))

    def subscriptions_of(self, instance_id: int) -> list[Subscription]:
        """What an instance waits for, by ascending token."""
        return self._subscriptions.find(instance_id=instance_id)

    def add_incident(self, incident: Incident) -> None:
        """A new incident; over the open one of its token, if there is one."""
        self._incidents.add_open(incident)

    def save_incident(self, incident: Incident) -> None:
        """Write a changed incident."""
        self._incidents.save(incident)

    def incidents(self, **equals: Any) -> list[Incident]:
        """Incidents whose columns equal these values, oldest first."""
        return self._incidents.find(**equals)

    def due_incidents(self, *, by: datetime, limit: int) -> list[Incident]:
        """Unresolved incidents of running instances whose next try is due by then, earliest first."""
        self.instances.flush()
        rows, incident = self._incidents, tables.incident.c
        statement = rows.prepared(
            "due", lambda: _due(rows, incident.retry_at).where(incident.resolved_at.is_(None))
        )
        return rows.ask(statement, _due_values(rows, "retry_at", by, limit))


class IncidentRows(StoredRows[Incident]):
    """Incidents: one open one a token."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire, Incident)

    def add_open(self, incident: Incident) -> None:
        """Insert now, or overwrite the open incident of the token."""
        self.flush()
        row = self.shape.to_row(incident)[:-1]
        (id,) = self.wire.insert(self.prepared("add open", self._insert_open), row)
        self.found.clear()
        self.seen.pop(id, None)
        self.look(id)

    def save(self, incident: Incident) -> Incident:
        """Take a changed incident; one without an id is the open one of its token."""
        if incident.id is not None:
            return super().save(incident)
        (current,) = self.find(instance_id=incident.instance_id, token=incident.token, resolved_at=None)
        return super().save(replace(incident, id=current.id))

    def _insert_open(self) -> ClauseElement:
        table = self.shape.table
        values = self._values()
        del values["id"]
        dialect_insert = sqlite.insert if self.wire.dialect == "sqlite" else postgresql.insert
        statement = dialect_insert(table).values(values)
        others = [name for name in values if name not in ("instance_id", "token")]
        return statement.on_conflict_do_update(
            index_elements=["instance_id", "token"],
            index_where=table.c.resolved_at.is_(None),
            set_={name: statement.excluded[name] for name in others},
        ).returning(table.c.id)


def _waiting(columns: Sequence[Any]) -> ClauseElement:
    waiting = tables.subscription.c
    chosen = select(*columns).where(
        waiting.message == bindparam("message", type_=Text), waiting.key == bindparam("of", type_=Text)
    )
    return chosen.order_by(waiting.instance_id, waiting.token)


def _due(rows: StoredRows[Any], moment: Any) -> Select[Any]:
    # Looked up one by one for the few that are due: as a set, both databases would gather all that run first.
    instance = tables.instance.c
    state = select(instance.state).where(instance.id == rows.shape.table.c.instance_id).scalar_subquery()
    due = (
        select(*rows.columns())
        .where(moment <= bindparam("by", type_=UtcDateTime), state == bindparam("running"))
        .order_by(moment)
    )
    return first(due, "limit")


def _due_values(rows: StoredRows[Any], column: str, by: datetime, limit: int) -> tuple[Any, ...]:
    return rows.shape.to_column(column, by), InstanceState.RUNNING.value, limit
