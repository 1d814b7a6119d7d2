"""Instances and what hangs on them: scopes, timers, subscriptions, incidents."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.running import Incident, Instance, InstanceState, Scope, Subscription, Timer
from engine.store import tables
from engine.store.column_types import UtcDateTime
from engine.store.releases import newest_asked
from engine.store.rows import StoredRows
from engine.store.statements import first
from engine.store.wire import Wire

TIMER = tables.timer.c
EARLIEST_FIRST = (TIMER.due_at.is_(None), TIMER.due_at, TIMER.instance_id, TIMER.token)


class ProcessRows:
    """The running processes inside the open transaction."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.instances = StoredRows(wire, Instance)
        self.scope_rows = StoredRows(wire, Scope)
        self.timer_rows = StoredRows(wire, Timer, order=EARLIEST_FIRST)
        self.subscription_rows = StoredRows(wire, Subscription)
        self.incident_rows = IncidentRows(wire)

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
        return self.scope_rows.find(instance_id=instance_id)

    def put_scope(self, scope: Scope) -> None:
        """Insert or overwrite one scope."""
        self.scope_rows.put(scope)

    def drop_scope(self, instance_id: int, number: int) -> None:
        """Remove a scope that ended."""
        self.scope_rows.drop((instance_id, number))

    def put_timer(self, timer: Timer) -> None:
        """Insert or overwrite the timer of a token."""
        self.timer_rows.put(timer)

    def drop_timer(self, instance_id: int, token: int) -> None:
        """Remove the timer of a token; a missing one is no error."""
        self.timer_rows.drop((instance_id, token))

    def timers(self, **equals: Any) -> list[Timer]:
        """Timers whose columns equal these values, earliest first, dormant ones last."""
        return self.timer_rows.find(**equals)

    def due_timers(self, *, by: datetime, limit: int) -> list[Timer]:
        """Timers of running instances that are due by then, earliest first."""
        self.instances.flush()
        rows = self.timer_rows
        return rows.ask(
            rows.prepared("due", lambda: _due(rows, TIMER.due_at)),
            _due_values(rows, "due_at", by, limit),
        )

    def put_subscription(self, subscription: Subscription) -> None:
        """Insert or overwrite the subscription of a token."""
        self.subscription_rows.put(subscription)

    def drop_subscription(self, instance_id: int, token: int) -> None:
        """Remove it; a missing one is no error."""
        self.subscription_rows.drop((instance_id, token))

    def subscriptions(self, message: str, key: str | None = None) -> list[Subscription]:
        """Who waits for this message under this key, oldest instance first."""
        return self.subscription_rows.find(message=message, key=key)

    def subscriptions_of(self, instance_id: int) -> list[Subscription]:
        """What an instance waits for, by ascending token."""
        return self.subscription_rows.find(instance_id=instance_id)

    def add_incident(self, incident: Incident) -> None:
        """A new incident; over the open one of its token, if there is one."""
        self.incident_rows.add_open(incident)

    def save_incident(self, incident: Incident) -> None:
        """Write a changed incident."""
        self.incident_rows.save(incident)

    def incidents(self, **equals: Any) -> list[Incident]:
        """Incidents whose columns equal these values, oldest first."""
        return self.incident_rows.find(**equals)

    def due_incidents(self, *, by: datetime, limit: int) -> list[Incident]:
        """Unresolved incidents of running instances whose next try is due by then, earliest first."""
        self.instances.flush()
        rows, incident = self.incident_rows, tables.incident.c
        statement = rows.prepared(
            "due", lambda: _due(rows, incident.retry_at).where(incident.resolved_at.is_(None))
        )
        return rows.ask(statement, _due_values(rows, "retry_at", by, limit))

    def parts(self) -> tuple[StoredRows[Any], ...]:
        """The rows to write and to remember."""
        return self.instances, self.scope_rows, self.timer_rows, self.subscription_rows, self.incident_rows


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
