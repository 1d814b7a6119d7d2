"""A bank with nothing but processes: start one, look at what waits, do it, move the clock."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.bpmn.process_engine import BpmnEngine
from engine.bpmn.visits import Visits
from engine.domain.actor import SYSTEM, Actor
from engine.domain.running import Instance, Timer
from engine.domain.steering import Why
from engine.domain.task import Task, TaskState
from engine.operations.registry import Operation
from engine.ports import UnitOfWork
from tests.builders.store import MovedStore


class PlainSubject:
    """A complaint that is a dict: facts by complaint id, and what was written, in order."""

    def __init__(self, facts: dict[int, dict[str, Any]] | None = None) -> None:
        self.facts = facts or {}
        self.written: list[tuple[str, Any]] = []

    def read(self, work: UnitOfWork, complaint_id: int) -> Mapping[str, Any]:
        return dict(self.facts[complaint_id])

    def write(self, work: UnitOfWork, complaint_id: int, name: str, value: Any) -> None:
        self.written.append((name, value))
        self.facts[complaint_id] = {**self.facts[complaint_id], name: value}

    def functions(self, work: UnitOfWork, complaint_id: int | None) -> Mapping[str, Callable[..., Any]]:
        return {"add working days": lambda start, days: start + timedelta(days=int(days))}


class Bank:
    """Drives the engine through its port, each command in a transaction of its own.

    With `hydrated=0` every command loads the instance from its rows, so that every test is a round trip.
    """

    def __init__(
        self,
        *diagrams: bytes,
        files: Mapping[str, bytes] | None = None,
        operations: Mapping[str, Operation] | None = None,
        subject: PlainSubject | None = None,
        hydrated: int = 0,
        step_limit: int = 10_000,
        store: MovedStore | None = None,
        actor: Actor = SYSTEM,
        visits: Visits | None = None,
    ) -> None:
        self.store = store or MovedStore()
        self.subject = subject or PlainSubject()
        self.engine = BpmnEngine(
            self.subject, operations or {}, step_limit=step_limit, hydrated=hydrated, visits=visits
        )
        self.actor = actor
        self.instance: Instance | None = None
        release = {f"diagram-{number}.bpmn": content for number, content in enumerate(diagrams)}
        with self.work() as work:
            self.engine.released(work, work.releases.add({**release, **(files or {})}))

    def start(
        self,
        process: str = "p",
        complaint_id: int | None = None,
        message: str | None = None,
        **variables: Any,
    ) -> int:
        """Start a process; it becomes the one the other verbs are about."""
        with self.work() as work:
            self.instance = self.engine.start(
                work, process, complaint_id=complaint_id, variables=variables, message=message
            )
        return self.instance.id

    def work(self) -> Any:
        """A transaction."""
        return self.store.unit_of_work(self.actor)

    @property
    def id(self) -> int:
        """The id of the instance."""
        assert self.instance is not None
        return self.instance.id

    @property
    def row(self) -> Instance:
        """The instance as it is stored."""
        return self.store.tables.instances[self.id]

    @property
    def is_over(self) -> bool:
        """Whether the instance has ended."""
        return self.row.state == "ended"

    @property
    def tasks(self) -> list[Task]:
        """The open tasks."""
        return [task for task in self.store.tables.tasks.values() if task.is_open]

    @property
    def open(self) -> list[str]:
        """The elements of the open tasks, sorted."""
        return sorted(task.element for task in self.tasks)

    def task(self, element: str) -> Task:
        """The first open task of an element."""
        return next(task for task in sorted(self.tasks, key=lambda t: t.token) if task.element == element)

    def do(self, element: str, _pick: int = 0, **variables: Any) -> None:
        """Complete an open task of an element; "__" in a name stands for a dot."""
        found = [task for task in sorted(self.tasks, key=lambda t: t.token) if task.element == element]
        assert found, (element, self.open)
        given = {name.replace("__", "."): value for name, value in variables.items()}
        with self.work() as work:
            self.engine.complete(work, found[_pick], given)

    @property
    def timers(self) -> list[Timer]:
        """The timers that are stored, earliest first."""
        with self.work() as work:
            return list(work.processes.timers())

    def fire(self) -> Timer:
        """Move the clock to the earliest timer and let it fire."""
        timer = next(timer for timer in self.timers if timer.due_at is not None)
        assert timer.due_at is not None
        self.store.now = max(self.store.now, timer.due_at)
        with self.work() as work:
            assert self.engine.fire(work, timer.instance_id, timer.token)
        return timer

    def wait(self, **time: float) -> int:
        """Let time pass and let everything fire that is due; says how many timers fired."""
        self.store.now += timedelta(**time)
        fired = 0
        while due := [timer for timer in self.timers if timer.due_at and timer.due_at <= self.store.now]:
            with self.work() as work:
                fired += self.engine.fire(work, due[0].instance_id, due[0].token)
        return fired

    def tell(self, message: str, key: str | None, **variables: Any) -> bool:
        """Publish a message."""
        with self.work() as work:
            heard: bool = self.engine.publish(work, message, key, variables)  # type: ignore[arg-type]
        return heard

    @property
    def subscriptions(self) -> list[tuple[str, str | None]]:
        """What messages are waited for."""
        return sorted((s.message, s.key) for s in self.store.tables.subscriptions.values())

    def variables(self, number: int = 0) -> dict[str, Any]:
        """The variables of a scope."""
        return dict(self.store.tables.scopes[(self.id, number)].values)

    @property
    def incidents(self) -> list[str]:
        """The elements with an open incident."""
        found = [
            incident for incident in self.store.tables.incidents.values() if incident.resolved_at is None
        ]
        return sorted(incident.element for incident in found)

    def retry(self) -> None:
        """Try the oldest open incident again."""
        found = [
            incident for incident in self.store.tables.incidents.values() if incident.resolved_at is None
        ]
        with self.work() as work:
            self.engine.retry(work, found[0])

    def claim(self, element: str, person_id: int) -> None:
        """Somebody takes a task."""
        task = self.task(element)
        with self.work() as work:
            work.tasks.save(replace(task, state=TaskState.CLAIMED, assignee_id=person_id))

    def cancel(self, reason: str = "") -> None:
        """End the instance where it stands."""
        with self.work() as work:
            self.engine.cancel(work, self.id, Why(reason))
