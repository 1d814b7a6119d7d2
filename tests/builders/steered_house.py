"""The demo bank on the real store with the real engine, and cases in it whose instances are steered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor
from engine.domain.complaint import Complaint
from engine.domain.organisation import Role, RoleGrant, Unit
from engine.domain.running import Instance
from engine.domain.task import Task
from engine.ports import Ports
from engine.reads import Reads
from engine.runtime.bulk_tick import BulkTick
from engine.runtime.clock import MovableClock
from engine.store.store import Store
from engine.use_cases import releases, subject
from engine.use_cases.demo_bank import seed_demo
from engine.use_cases.inbox import actor_of
from tests.builders.cases import a_complaint
from tests.builders.diagrams import diagram, end, flow, flows, node, process, start, user
from tests.builders.durable import OPERATIONS

NO_FILES: Any = None
PROCESS = diagram(
    process("p", start(), user("u"), node("exclusiveGateway", "g"), user("v"), end(), flows("start", "u", "g"),
            flow("g", "v", "=x = 1"), flows("v", "end"))
)  # fmt: skip
"""A task, then a gateway that is stuck unless x is 1, then another task."""
CHANGED = diagram(
    process(
        *("p", start(), user("u2"), node("exclusiveGateway", "g"), user("v"), end()),
        *(flows("start", "u2", "g"), flow("g", "v", "=true"), flows("v", "end")),
    )
)
"""The next version: its first task is called otherwise, and nothing is stuck."""


class SteeredHouse:
    """Use cases, reads and the tick of bulk jobs over one database."""

    def __init__(self, url: str, clock: MovableClock) -> None:
        self.store = Store(url, clock, durable=False)
        self.clock = clock
        self.engine = BpmnEngine(subject, OPERATIONS, hydrated=0)
        self.ports = Ports(self.store.unit_of_work, self.engine, NO_FILES, clock, b"a key of the tests")
        self.reads = Reads(self.store.reading, clock)
        self.tick = BulkTick(self.ports)
        self.number = 0
        with self.work() as work:
            seeded = bool(work.units.find(code="HO"))
        if not seeded:
            seed_demo(self.ports, "no password")
        with self.work() as work:
            self.units: Mapping[str, Unit] = {unit.code: unit for unit in work.units.find()}

    def work(self, actor: Actor = SYSTEM) -> Any:
        """A transaction."""
        return self.store.unit_of_work(actor)

    def release(self, content: bytes = PROCESS) -> int:
        """Make this the current release."""
        with self.work() as work:
            return releases.release(self.ports, work, {"p.bpmn": content}).id

    def case(self, unit: str = "HO", **changes: Any) -> tuple[Complaint, int]:
        """A complaint at a unit, and the instance that runs for it."""
        self.number += 1
        values = {
            "number": f"C-2026-{self.number:06d}",
            "intake_key": str(self.number),
            "receiving_unit_id": self.units[unit].id,
        }
        variables = changes.pop("variables", {})
        with self.work() as work:
            complaint = work.complaints.add(a_complaint(**{**values, **changes}))
            instance = self.engine.start(work, "p", complaint_id=complaint.id, variables=variables)
        return complaint, instance.id

    def cases(self, count: int, unit: str = "HO", **changes: Any) -> list[int]:
        """The instances of several."""
        return [self.case(unit, **changes)[1] for _ in range(count)]

    def row(self, instance: int) -> Instance:
        """The row of an instance."""
        with self.work() as work:
            found: Instance = work.processes.get(instance)
            return found

    def task(self, instance: int) -> Task:
        """The newest task of an instance."""
        with self.work() as work:
            found: list[Task] = work.tasks.find(instance_id=instance)
            return found[-1]

    def do(self, instance: int, **variables: Any) -> None:
        """Complete its open task."""
        task = self.task(instance)
        with self.work() as work:
            self.engine.complete(work, task, variables)

    def somebody(self, *roles: str, unit: str = "HO") -> Actor:
        """Somebody new who holds these roles at a unit, and no others."""
        with self.work() as work:
            (like, *others) = work.people.find()
            login = f"{'.'.join(roles)}.{unit}.{len(others)}"
            person = work.people.add(replace(like, login=login, name=login, unit_id=self.units[unit].id))
            for role in roles:
                work.grants.add(RoleGrant(0, person.id, Role(role), self.units[unit].id))
            return actor_of(work, person)

    def events(self, complaint_id: int) -> list[dict[str, Any]]:
        """What the history of a complaint says, oldest first."""
        with self.work() as work:
            return [
                {"kind": event.kind, "by": event.actor, "element": event.element, **event.detail}
                for event in work.events(complaint_id)
            ]

    def work_off(self) -> None:
        """Let the tick look until nothing is left."""
        while self.tick():
            pass

    def close(self) -> None:
        """Let the database go."""
        self.store.close()
