"""Instances and what hangs on them: scopes, timers, subscriptions and incidents."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.running import Incident, Instance, InstanceState, Scope, Subscription, Timer
from engine.domain.steering import ALIVE
from engine.memory.json_values import as_json
from engine.memory.tables import Tables, matches

_LAST = datetime.max.replace(tzinfo=UTC)


class MemoryProcesses:
    """The running processes."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def add(self, instance: Instance) -> Instance:
        """Insert; returns it with its id. Raises ChangedMeanwhile if its start key is running already."""
        if instance.start_key is not None and self.is_running(instance.process, instance.start_key):
            raise ChangedMeanwhile(reason=f"start key {instance.start_key}")
        made = replace(instance, id=self.tables.counters.next("instances"))
        self.tables.instances.put(made.id, made)
        return made

    def get(self, id: int) -> Instance:
        """The instance; raises NotFound."""
        found = self.tables.instances.get(id)
        if found is None:
            raise NotFound()
        return found

    def lock(self, id: int) -> Instance:
        """The instance; the whole store is this transaction's alone. Raises NotFound."""
        return self.get(id)

    def save(self, instance: Instance) -> Instance:
        """Write under its version; raises ChangedMeanwhile."""
        before = self.lock(instance.id)
        if before.version != instance.version:
            raise ChangedMeanwhile()
        if before == instance:
            return instance
        changed = replace(instance, version=instance.version + 1)
        self.tables.instances.put(instance.id, changed)
        return changed

    def put(self, instance: Instance) -> None:
        """Write it just as it is given, version and all; raises NotFound."""
        self.get(instance.id)
        self.tables.instances.put(instance.id, instance)

    def of_complaint(self, complaint_id: int) -> list[Instance]:
        """All instances that run or ran for a complaint."""
        return [found for found in self.tables.instances.values() if found.complaint_id == complaint_id]

    def is_running(self, process: str, start_key: str) -> bool:
        """Whether an instance runs that a message with this key started."""
        return any(
            (found.process, found.start_key) == (process, start_key) and found.state in ALIVE
            for found in self.tables.instances.values()
        )

    def scopes(self, instance_id: int) -> list[Scope]:
        """All scopes of an instance."""
        found = (scope for scope in self.tables.scopes.values() if scope.instance_id == instance_id)
        return [
            replace(scope, values=as_json(scope.values))
            for scope in sorted(found, key=lambda scope: scope.number)
        ]

    def put_scope(self, scope: Scope) -> None:
        """Insert or overwrite one scope; what the caller does with its values afterwards is not seen."""
        kept = replace(scope, values=as_json(scope.values))
        self.tables.scopes.put((scope.instance_id, scope.number), kept)

    def drop_scope(self, instance_id: int, number: int) -> None:
        """Remove a scope that ended."""
        self.tables.scopes.drop((instance_id, number))

    def put_timer(self, timer: Timer) -> None:
        """Insert or overwrite the timer of a token."""
        self.tables.timers.put((timer.instance_id, timer.token), timer)

    def drop_timer(self, instance_id: int, token: int) -> None:
        """Remove the timer of a token; a missing one is no error."""
        self.tables.timers.drop((instance_id, token))

    def timers(self, **equals: Any) -> list[Timer]:
        """Timers whose columns equal these values, earliest first, dormant ones last."""
        found = [timer for timer in self.tables.timers.values() if matches(timer, equals)]
        return sorted(found, key=lambda timer: (timer.due_at or _LAST, timer.instance_id, timer.token))

    def due_timers(self, *, by: datetime, limit: int) -> list[Timer]:
        """Timers of running instances that are due by then, earliest first."""
        due = [
            timer
            for timer in self.timers()
            if timer.due_at is not None and timer.due_at <= by and self._runs(timer.instance_id)
        ]
        return due[:limit]

    def put_subscription(self, subscription: Subscription) -> None:
        """Insert or overwrite the subscription of a token."""
        self.tables.subscriptions.put((subscription.instance_id, subscription.token), subscription)

    def drop_subscription(self, instance_id: int, token: int) -> None:
        """Remove it; a missing one is no error."""
        self.tables.subscriptions.drop((instance_id, token))

    def subscriptions(self, message: str, key: str) -> list[Subscription]:
        """Who waits for this message under this key, oldest instance first."""
        found = [s for s in self.tables.subscriptions.values() if (s.message, s.key) == (message, key)]
        return sorted(found, key=lambda s: (s.instance_id, s.token))

    def subscriptions_of(self, instance_id: int) -> list[Subscription]:
        """What an instance waits for, by ascending token."""
        found = [s for s in self.tables.subscriptions.values() if s.instance_id == instance_id]
        return sorted(found, key=lambda s: s.token)

    def add_incident(self, incident: Incident) -> None:
        """A new incident; over the open one of its token, if there is one."""
        open_one = self._open_incident(incident)
        id = self.tables.counters.next("incidents") if open_one is None else open_one.id
        assert id is not None
        self.tables.incidents.put(id, replace(incident, id=id))

    def save_incident(self, incident: Incident) -> None:
        """Write a changed incident; one without an id is the open one of its token. Raises NotFound."""
        current = self._open_incident(incident) if incident.id is None else incident
        id = None if current is None else current.id
        if id is None or id not in self.tables.incidents:
            raise NotFound()
        self.tables.incidents.put(id, replace(incident, id=id))

    def incidents(self, **equals: Any) -> list[Incident]:
        """Incidents whose columns equal these values, oldest first."""
        return [incident for incident in self.tables.incidents.values() if matches(incident, equals)]

    def due_incidents(self, *, by: datetime, limit: int) -> list[Incident]:
        """Unresolved incidents of running instances whose next try is due by then, earliest first."""
        due = [
            incident
            for incident in self.incidents(resolved_at=None)
            if incident.retry_at is not None and incident.retry_at <= by and self._runs(incident.instance_id)
        ]
        return sorted(due, key=lambda incident: incident.retry_at or _LAST)[:limit]

    def _open_incident(self, incident: Incident) -> Incident | None:
        found = self.incidents(instance_id=incident.instance_id, token=incident.token, resolved_at=None)
        return found[0] if found else None

    def _runs(self, instance_id: int) -> bool:
        instance = self.tables.instances.get(instance_id)
        return instance is not None and instance.state is InstanceState.RUNNING
