"""The rows of an instance as they are before a migration, as plain JSON, and put back exactly as they were."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

from engine.bpmn.steering.open_tasks import open_tasks
from engine.domain.errors import OutOfOrder
from engine.domain.evolving import evolve
from engine.domain.running import Incident, Instance, Subscription, Timer
from engine.domain.task import Task, TaskState
from engine.ports import UnitOfWork

T = TypeVar("T")
UNTOUCHED = ("inputs",)
"""What a migration leaves alone and a picture does not hold."""


def picture(work: UnitOfWork, instance: Instance, tasks: Collection[int]) -> dict[str, Any]:
    """All rows of an instance that a migration may change; of its tasks those of these tokens."""
    incidents = _incidents(work, instance)
    return {
        "release_id": instance.release_id,
        "tokens": b64encode(instance.tokens).decode(),
        "version": instance.version,
        "tasks": [_plain(task) for task in open_tasks(work, instance.id) if task.token in tasks],
        "timers": [_plain(timer) for timer in work.processes.timers(instance_id=instance.id)],
        "subscriptions": [_plain(row) for row in work.processes.subscriptions_of(instance.id)],
        "incidents": {str(incident.token): incident.element for incident in incidents},
    }


def put_back(work: UnitOfWork, instance: Instance, before: Mapping[str, Any]) -> None:
    """The rows as the picture has them; raises OutOfOrder if somebody changed a task since."""
    _put_back_tasks(work, instance, before["tasks"])
    timers = [_read(Timer, row) for row in before["timers"]]
    known = {timer.token for timer in timers}
    for timer in work.processes.timers(instance_id=instance.id):
        if timer.token not in known:
            work.processes.drop_timer(instance.id, timer.token)
    for timer in timers:
        work.processes.put_timer(timer)
    subscriptions = [_read(Subscription, row) for row in before["subscriptions"]]
    known = {subscription.token for subscription in subscriptions}
    for subscription in work.processes.subscriptions_of(instance.id):
        if subscription.token not in known:
            work.processes.drop_subscription(instance.id, subscription.token)
    for subscription in subscriptions:
        work.processes.put_subscription(subscription)
    for incident in _incidents(work, instance):
        work.processes.save_incident(evolve(incident, element=before["incidents"][str(incident.token)]))
    work.processes.put(
        evolve(
            instance,
            release_id=before["release_id"],
            tokens=b64decode(before["tokens"]),
            version=before["version"],
        )
    )


def _put_back_tasks(work: UnitOfWork, instance: Instance, before: list[Mapping[str, Any]]) -> None:
    for row in before:
        now = work.tasks.get(instance.id, row["token"])
        was = _read(Task, {**row, "inputs": now.inputs})
        if now.version != was.version + 1:
            raise OutOfOrder(f"Somebody changed the task {now.name!r} since the migration.", token=now.token)
        work.tasks.put(was)


def _incidents(work: UnitOfWork, instance: Instance) -> list[Incident]:
    return work.processes.incidents(instance_id=instance.id, resolved_at=None)


def _plain(row: Any) -> dict[str, Any]:
    values = {each.name: getattr(row, each.name) for each in fields(row) if each.name not in UNTOUCHED}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _read(kind: type[T], row: Mapping[str, Any]) -> T:
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], value) for name, value in row.items()})


def _value(hint: Any, value: Any) -> Any:
    if value is not None and hint in (datetime, datetime | None):
        return datetime.fromisoformat(value)
    if hint is TaskState:
        return TaskState(value)
    return tuple(value) if isinstance(value, list) else value
