"""A small house for the tests of use cases and operations: the store in memory, the demo bank, an engine that notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from engine.domain.actor import SYSTEM, Actor
from engine.domain.complaint import Complaint
from engine.domain.errors import NotFound
from engine.domain.migration import Mappings, MigrationPlan
from engine.domain.running import Incident, Instance, Job, JobOutcome, Release
from engine.domain.steering import Why
from engine.domain.task import Task, TaskState
from engine.memory import FilesInMemory
from engine.ports import Element, Ports, UnitOfWork
from engine.use_cases.demo_bank import seed_demo
from engine.use_cases.inbox import actor_of
from tests.builders.cases import a_complaint
from tests.builders.store import MovedStore


@dataclass
class NotingEngine:
    """A process engine that runs nothing: it notes what it was told, and answers as it was set up to."""

    started: list[tuple[str, str | None, Mapping[str, Any]]] = field(default_factory=list)
    published: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    completed: list[Mapping[str, Any]] = field(default_factory=list)
    fired: list[tuple[int, int]] = field(default_factory=list)
    retried: list[int | None] = field(default_factory=list)
    clocks_changed_of: list[int] = field(default_factory=list)
    jobs: list[tuple[str, JobOutcome]] = field(default_factory=list)
    acts: list[tuple[str, int]] = field(default_factory=list)
    hears: bool = True
    raises: Exception | None = None

    def start(
        self,
        work: UnitOfWork,
        process: str,
        *,
        complaint_id: int | None = None,
        variables: Mapping[str, Any] | None = None,
        message: str | None = None,
    ) -> Instance:
        self._fail()
        self.started.append((process, message, dict(variables or {})))
        return work.processes.add(Instance(0, 1, process, complaint_id, work.now))

    def complete(self, work: UnitOfWork, task: Task, variables: Mapping[str, Any]) -> None:
        self._fail()
        self.completed.append(dict(variables))
        work.tasks.save(
            replace(task, state=TaskState.DONE, closed_at=work.now, closed_by_id=work.actor.person_id)
        )

    def fire(self, work: UnitOfWork, instance_id: int, token: int) -> bool:
        self._fail()
        self.fired.append((instance_id, token))
        return True

    def publish(
        self,
        work: UnitOfWork,
        message: str,
        key: str,
        variables: Mapping[str, Any] | None = None,
        *,
        ttl: timedelta = timedelta(0),
        message_id: str | None = None,
        complaint_id: int | None = None,
    ) -> bool:
        self._fail()
        self.published.append((message, key, dict(variables or {})))
        return self.hears

    def released(self, work: UnitOfWork, release: Release) -> None:
        self._fail()

    def fire_start(self, work: UnitOfWork, process: str, element: str) -> bool:
        self._fail()
        self.started.append((process, element, {}))
        return True

    def wants_job(self, work: UnitOfWork, job: Job) -> bool:
        return self.hears

    def finish_job(self, work: UnitOfWork, job: Job, outcome: JobOutcome) -> bool:
        self._fail()
        self.jobs.append((job.key, outcome))
        return self.hears

    def retry(self, work: UnitOfWork, incident: Incident) -> None:
        self._fail()
        self.retried.append(incident.id)

    def suspend(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        return self._act("suspend", instance_id)

    def resume(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        return self._act("resume", instance_id)

    def cancel(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        return self._act("cancel", instance_id)

    def set_variables(
        self, work: UnitOfWork, instance_id: int, scope: int, values: Mapping[str, Any], why: Why
    ) -> Mapping[str, Any]:
        self._act("set", instance_id)
        return dict.fromkeys(values)

    def add_token(
        self,
        work: UnitOfWork,
        instance_id: int,
        element: str,
        why: Why,
        *,
        inside: int | None = None,
        flow: str | None = None,
    ) -> int:
        self._act("add_token", instance_id)
        return 1

    def cancel_token(self, work: UnitOfWork, instance_id: int, token: int, why: Why) -> bool:
        return self._act("cancel_token", instance_id)

    def terminate(self, work: UnitOfWork, instance_id: int, element: str, why: Why) -> int:
        return self._act("terminate", instance_id)

    def move(
        self, work: UnitOfWork, instance_id: int, element: str, to: str, why: Why, *, flow: str | None = None
    ) -> int:
        return self._act("move", instance_id)

    def plan_migration(
        self, work: UnitOfWork, instance_id: int, release_id: int, mappings: Mappings
    ) -> MigrationPlan:
        return MigrationPlan(instance_id, "complaint", 1, release_id)

    def migrate(
        self, work: UnitOfWork, instance_id: int, release_id: int, mappings: Mappings, why: Why
    ) -> MigrationPlan:
        self._act("migrate", instance_id)
        return MigrationPlan(instance_id, "complaint", 1, release_id)

    def take_back(self, work: UnitOfWork, instance_id: int, why: Why) -> bool:
        return self._act("take_back", instance_id)

    def elements(self, instance: Instance) -> Sequence[str]:
        return ()

    def _act(self, verb: str, instance_id: int) -> bool:
        self._fail()
        self.acts.append((verb, instance_id))
        return self.hears

    def clocks_changed(self, work: UnitOfWork, complaint_id: int) -> None:
        self.clocks_changed_of.append(complaint_id)

    def outline(self, release_id: int, process: str) -> Sequence[Element]:
        return ()

    def _fail(self) -> None:
        if self.raises is not None:
            raise self.raises


class House:
    """The demo bank in memory, with a use case's ports."""

    def __init__(self) -> None:
        self.store = MovedStore()
        self.engine = NotingEngine()
        self.files = FilesInMemory()
        unit_of_work: Any = self.store.unit_of_work
        self.ports = Ports(unit_of_work, self.engine, self.files, self, b"a secret key of the tests")
        seed_demo(self.ports, "no password")
        with self.store.unit_of_work(SYSTEM) as work:
            self.units = {unit.code: unit for unit in work.units.find()}

    def now(self) -> Any:
        """The moment by the store's clock."""
        return self.store.now

    def work(self, actor: Actor = SYSTEM) -> Any:
        """One transaction."""
        return self.store.unit_of_work(actor)

    def somebody(self, role: str, unit: str | None = None, but: Sequence[int | None] = ()) -> Actor:
        """A person who holds this role, at this unit if it is named, other than these."""
        with self.work() as work:
            for grant in work.grants.find(role=role):
                if (unit is None or grant.unit_id == self.units[unit].id) and grant.person_id not in but:
                    return actor_of(work, work.people.get(grant.person_id))
        raise NotFound

    def complaint(self, **changes: Any) -> Complaint:
        """A complaint in the register, received by head office."""
        with self.work() as work:
            number = work.complaints.next_number(2026)
            values = {
                "number": number,
                "intake_key": number,
                "receiving_unit_id": self.units["HO"].id,
                "received_at": work.now,
                "registered_at": work.now,
            }
            added: Complaint = work.complaints.add(a_complaint(**{**values, **changes}))
            work.processes.add(Instance(0, 1, "complaint", added.id, work.now))
            return added

    def now_complaint(self, complaint_id: int) -> Complaint:
        """The complaint as it stands."""
        with self.work() as work:
            found: Complaint = work.complaints.get(complaint_id)
            return found

    def kinds(self) -> list[str]:
        """What the history says, in order, from the first complaint on."""
        return [event.kind for event in self.store.events() if event.complaint_id is not None]
