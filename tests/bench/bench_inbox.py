"""An inbox page of 50, with its counts, among a thousand, ten thousand and a hundred thousand open tasks.

Started by run.py; prints one line of JSON: milliseconds by the number of open tasks.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor
from engine.domain.complaint import Channel, Complaint, Grade, Stage
from engine.domain.organisation import Role
from engine.domain.running import Instance
from engine.domain.task import Task, TaskState
from engine.ports import Ports
from engine.reads import Reads
from engine.runtime.clock import MovableClock
from engine.runtime.files import LocalFiles
from engine.store.store import Store
from engine.use_cases import subject
from engine.use_cases.demo_bank import seed_demo
from engine.use_cases.inbox import actor_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000)
BATCH = 1_000
ASKED = 200
WORDS = "The machine kept my card and five thousand yuan, and nobody at the branch could tell me when I get it back. "
ROLES = (Role.TRIAGE_OFFICER, Role.HANDLER, Role.CONTRIBUTOR, Role.APPROVER, Role.QUALITY_OFFICER)


def main(folder: str) -> None:
    """Fill an inbox step by step and ask for its first page at each size."""
    store = Store(f"sqlite:///{Path(folder) / 'inbox.sqlite'}", MovableClock(NOW))
    store.upgrade()
    ports = Ports(
        store.unit_of_work, BpmnEngine(subject, {}), LocalFiles(Path(folder)), store.clock, b"k" * 32
    )
    seed_demo(ports, "!")
    with ports.unit_of_work(SYSTEM) as work:
        work.releases.add({})
        officer = next(grant for grant in work.grants.find(role=Role.TRIAGE_OFFICER))
        actor = actor_of(work, work.people.get(officer.person_id))
        units = [unit.id for unit in work.units.find()]
        people = [person.id for person in work.people.find()]
    reads, chance, found, filled = Reads(store.reading, store.clock), Random(7), {}, 0
    for size in SIZES:
        while filled < size:
            _fill(ports, chance, units, people, filled)
            filled += BATCH
        found[str(size)] = _asked(reads, actor)
    store.close()
    print(json.dumps(found))


def _fill(ports: Ports, chance: Random, units: list[int], people: list[int], filled: int) -> None:
    grades = list(Grade)
    with ports.unit_of_work(SYSTEM) as work:
        for n in range(filled, filled + BATCH):
            opened = NOW - timedelta(minutes=chance.randint(1, 60_000))
            unit, grade = chance.choice(units), chance.choices(grades, (70, 20, 8, 2))[0]
            complaint = work.complaints.add(
                Complaint(
                    id=0,
                    number=f"C-2026-{n:06d}",
                    intake_key=f"bench:{n}",
                    secret_hash="-",
                    channel=Channel.PORTAL,
                    language="en",
                    regime="CN",
                    received_at=opened,
                    registered_at=opened,
                    text=WORDS * 3,
                    wish=None,
                    customer_name="Li Hua",
                    customer_email="li@customer.example",
                    customer_phone=None,
                    contact_by="email",
                    receiving_unit_id=unit,
                    handling_unit_id=unit,
                    grade=grade,
                    stage=Stage.INVESTIGATION,
                )
            )
            instance = work.processes.add(Instance(0, 1, "complaint", complaint.id, opened))
            claimed = chance.random() < 0.1
            work.tasks.add(
                Task(
                    instance_id=instance.id,
                    token=1,
                    complaint_id=complaint.id,
                    release_id=1,
                    process="complaint",
                    element="work",
                    name="Look into it",
                    form=None,
                    role=chance.choice(ROLES),
                    unit_id=unit,
                    opened_at=opened,
                    state=TaskState.CLAIMED if claimed else TaskState.OPEN,
                    assignee_id=chance.choice(people) if claimed else None,
                    grade_rank=grade.rank,
                    due_at=opened + timedelta(days=chance.randint(1, 60)),
                )
            )


def _asked(reads: Reads, actor: Actor) -> dict[str, float]:
    took = []
    for _ in range(ASKED):
        before = time.perf_counter()
        page = reads.inbox(actor, view="role")
        took.append((time.perf_counter() - before) * 1000)
        if len(page.rows) != 50:
            raise SystemExit(f"{len(page.rows)} rows on a page")
    cuts = quantiles(took, n=20)
    return {"p50_ms": cuts[9], "p95_ms": cuts[18]}


main(sys.argv[1])
