"""A bank with nothing but processes, on the real store: every command loads the instance from its rows.

What an instance passes is noted in `path`, element by element in the order in which they were done.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from marshmallow import fields

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM
from engine.domain.organisation import Person, Unit, UnitKind
from engine.domain.running import Instance, InstanceState, Job, Release
from engine.domain.task import Task, TaskState
from engine.operations.outside import job_doer
from engine.operations.registry import (
    BpmnError,
    Escalated,
    Inputs,
    Operation,
    operation,
    outside_operation,
)
from engine.ports import Ports, TryLater, UnitOfWork
from engine.runtime.clock import MovableClock
from engine.store.store import Store
from engine.use_cases import deadlines, outbox, releases
from engine.use_cases.outbox import Senders
from tests.builders.running import PlainSubject
from tests.builders.snapshots import assert_as_dumped_anew


class Given(Inputs):
    value = fields.Raw(load_default=None, allow_none=True)
    code = fields.String(load_default="E")


class Told(Inputs):
    value = fields.Raw()


@operation("echo", input=Given, output=Told)
def echo(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Gives back what it was given."""
    return {"value": inputs["value"]}


@operation("fail", input=Given)
def fail(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Breaks, unless it is given something."""
    if not inputs["value"]:
        raise RuntimeError("It broke.")


@operation("throw", input=Given)
def throw(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> None:
    """Throws a BPMN error on purpose."""
    raise BpmnError(inputs["code"], "On purpose.")


@operation("escalate", input=Given, output=Told)
def escalate(work: UnitOfWork, complaint_id: int | None, inputs: dict[str, Any]) -> Escalated:
    """Escalates on purpose and gives back what it was given."""
    return Escalated(inputs["code"], "Look at this.", {"value": inputs["value"]})


@outside_operation("look_up", input=Given, output=Told)
def look_up(job: Job, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Asks elsewhere."""
    return {"value": f"found {inputs['value']}"}


@outside_operation("look_up.throws", input=Given, output=Told)
def look_up_throws(job: Job, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Is told elsewhere that there is nothing."""
    raise BpmnError(inputs["code"], "Nothing there.")


@outside_operation("look_up.never", input=Given, output=Told)
def look_up_never(job: Job, inputs: dict[str, Any]) -> Mapping[str, Any]:
    """Reaches nobody elsewhere."""
    raise TryLater("Nobody answers.")


OPERATIONS: Mapping[str, Operation] = {
    each.name: each for each in (echo, fail, throw, escalate, look_up, look_up_throws, look_up_never)
}


class DurableBank:
    """Drives the engine through its use cases; every command is a transaction of its own on an SQLite database."""

    def __init__(
        self,
        url: str,
        clock: MovableClock,
        operations: Mapping[str, Operation] = OPERATIONS,
        hydrated: int = 0,
    ) -> None:
        self.path: list[str] = []
        self.clock = clock
        self.store = Store(url, clock, durable=False)
        self.engine = BpmnEngine(PlainSubject(), operations, hydrated=hydrated, step_limit=2_000, visits=self)
        self.ports = Ports(self.store.unit_of_work, self.engine, NO_FILES, clock, b"a key of the tests")
        self.senders = Senders(NO_BANK, work=job_doer(operations))
        with self.work() as work:
            unit = work.units.add(
                Unit(0, "HO", "Head office", "总行", UnitKind.HEAD_OFFICE, None, "/1/", "CN")
            )
            work.people.add(Person(0, "ann", "Ann", "安", unit.id, None, password_hash="!", language="en"))

    def passed(self, process: str, element: str, flows: Sequence[str]) -> None:
        """An element is done: `path` has them in order."""
        self.path.append(element)

    def ended(self, process: str, variables: Mapping[str, Any]) -> None:
        """An instance ended."""

    def work(self) -> Any:
        """A transaction."""
        return self.store.unit_of_work(SYSTEM)

    def release(self, *diagrams: bytes, files: Mapping[str, bytes] | None = None) -> Release:
        """Make this the current release."""
        named = {f"diagram-{number}.bpmn": content for number, content in enumerate(diagrams)}
        with self.work() as work:
            return releases.release(self.ports, work, {**named, **(files or {})})

    def start(self, process: str = "p", message: str | None = None, /, **variables: Any) -> int:
        """Start a process."""
        with self.work() as work:
            return self.engine.start(work, process, message=message, variables=variables).id

    def start_told(self, process: str, message: str, /, **variables: Any) -> int:
        """Start a process at the event that waits for a message."""
        return self.start(process, message, **variables)

    @property
    def tasks(self) -> list[Task]:
        """The open tasks, oldest first."""
        with self.work() as work:
            return list(work.tasks.find(state=(TaskState.OPEN, TaskState.CLAIMED)))

    @property
    def open(self) -> list[str]:
        """The elements of the open tasks, sorted."""
        return sorted(task.element for task in self.tasks)

    def do(self, element: str, /, **variables: Any) -> None:
        """Complete the oldest open task of an element; "__" in a name stands for a dot."""
        found = [task for task in self.tasks if task.element == element]
        assert found, f"{element} is not open: {self.open}"
        given = {name.replace("__", "."): value for name, value in variables.items()}
        with self.work() as work:
            self.engine.complete(work, found[0], given)

    def do_item(self, element: str, place: int, /, **variables: Any) -> None:
        """Complete the task of one item of a multi-instance, by its local "place"."""
        found = next(t for t in self.tasks if t.element == element and t.inputs.get("place") == place)
        with self.work() as work:
            self.engine.complete(work, found, variables)

    def tell(self, message: str, key: str = "k", /, **variables: Any) -> bool:
        """Publish a message."""
        with self.work() as work:
            return self.engine.publish(work, message, key, variables)

    def keep(self, message: str, key: str = "k", ttl: timedelta = timedelta(days=1), **more: Any) -> bool:
        """Publish a message with a time to live."""
        with self.work() as work:
            return self.engine.publish(work, message, key, ttl=ttl, **more)

    def wait(self, **time: float) -> None:
        """Let time pass, and everything fire and start that is due."""
        self.clock.move_by(timedelta(**time))
        while self._look():
            pass

    def _look(self) -> int:
        fired = sum(deadlines.fire_timer(self.ports, *timer) for timer in deadlines.due(self.ports, 50))
        fired += sum(
            deadlines.fire_start(self.ports, *start) for start in deadlines.due_starts(self.ports, 50)
        )
        return fired + deadlines.retry_incidents(self.ports)

    def deliver(self) -> int:
        """Do what is in the outbox until nothing is due."""
        done = 0
        while tried := outbox.deliver(self.ports, self.senders):
            done += tried
        return done

    def retry(self) -> None:
        """Try the oldest open incident again."""
        with self.work() as work:
            self.engine.retry(work, work.processes.incidents(resolved_at=None)[0])

    @property
    def incidents(self) -> list[str]:
        """The elements with an open incident, each with its code."""
        with self.work() as work:
            return sorted(
                f"{each.element}: {each.code}" for each in work.processes.incidents(resolved_at=None)
            )

    def instances(self) -> list[Instance]:
        """All instances."""
        with self.work() as work:
            return list(work.processes.instances.find())

    @property
    def running(self) -> int:
        """How many instances run."""
        return sum(each.state is InstanceState.RUNNING for each in self.instances())

    def variables(self, instance_id: int, number: int = 0) -> dict[str, Any]:
        """The variables of a scope."""
        with self.work() as work:
            return next(
                (
                    dict(scope.values)
                    for scope in work.processes.scopes(instance_id)
                    if scope.number == number
                ),
                {},
            )

    def assert_stored_as_dumped_anew(self) -> None:
        """No kept copy left out of a snapshot what had changed."""
        instances = self.instances()
        with self.work() as work:
            assert_as_dumped_anew(self.engine, work, instances)

    def close(self) -> None:
        """Let the database go."""
        self.store.close()


class _Nothing:
    """Stands where a test needs nobody."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AssertionError(f"{name} is not asked for here")


NO_FILES: Any = _Nothing()
NO_BANK: Any = _Nothing()
