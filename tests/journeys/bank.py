"""A whole bank for a journey: the real application on waitress, a clock moved by hand, and who may do what waits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import waitress

from engine import bootstrap
from engine.domain.actor import SYSTEM
from engine.domain.complaint import Complaint
from engine.domain.events import HistoryEvent
from engine.domain.running import Incident
from engine.domain.task import Task, TaskState
from engine.runtime.clock import MovableClock
from engine.runtime.keys import demo_password
from engine.settings import Settings
from web.app import create_app

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
SWEEPS = 40  # a tick can cause work for the next one; a road that needs more than this goes round in circles


@dataclass
class Bank:
    """The running application, seen from behind the counter."""

    address: str
    house: bootstrap.App
    clock: MovableClock
    password: str

    def tick(self) -> None:
        """Do what is due now: timers, notices, the bank's core, until nothing is left."""
        ticks = self.house.ticks()
        for _ in range(SWEEPS):
            before = self._pulse()
            for tick in ticks.values():
                tick()
            if self._pulse() == before:
                return
        raise AssertionError("the ticks never come to rest")

    def move(self, length: timedelta, *, step: timedelta = timedelta(hours=6)) -> None:
        """Let time pass, looking at what is due on the way as the scheduler would."""
        end = self.clock.now() + length
        while self.clock.now() < end:
            self.clock.move_to(min(self.clock.now() + step, end))
            self.tick()

    def complaint(self, number: str) -> Complaint:
        """The complaint as the register has it."""
        with self.house.ports.unit_of_work(SYSTEM) as work:
            found = work.complaints.by_number(number)
        assert found is not None, number
        return found

    def open_tasks(self, number: str) -> list[Task]:
        """What waits for somebody."""
        complaint = self.complaint(number)
        with self.house.ports.unit_of_work(SYSTEM) as work:
            return work.tasks.find(complaint_id=complaint.id, state=(TaskState.OPEN, TaskState.CLAIMED))

    def history(self, number: str) -> list[HistoryEvent]:
        """What happened, oldest first."""
        complaint = self.complaint(number)
        with self.house.ports.unit_of_work(SYSTEM) as work:
            return work.events(complaint.id)

    def incidents(self, number: str) -> list[Incident]:
        """What could not go on."""
        complaint = self.complaint(number)
        with self.house.ports.unit_of_work(SYSTEM) as work:
            return work.processes.incidents(complaint_id=complaint.id, resolved_at=None)

    def somebody_for(self, task: Task) -> str:
        """The login of a person who may do this task; whoever has claimed it, else the first one whose role reaches it."""
        with self.house.ports.unit_of_work(SYSTEM) as work:
            if task.assignee_id is not None:
                return work.people.get(task.assignee_id).login
            units = {unit.id: unit for unit in work.units.find()}
            at = units[task.unit_id] if task.unit_id is not None else None
            for grant in work.grants.find(role=task.role):
                reaches = at is None or at.is_within(units[grant.unit_id])
                if reaches and grant.person_id not in task.excluded:
                    return work.people.get(grant.person_id).login
        raise AssertionError(f"nobody may do {task.element} ({task.role})")

    def _pulse(self) -> tuple[int, int, int]:
        status = self.house.reads.status()
        return status.due_timers, status.outbox, status.open_tasks


@contextmanager
def opened(home: Path) -> Iterator[Bank]:
    """The bank at work on a free port of this machine."""
    settings = Settings.from_env({"REDRESS_HOME": str(home), "REDRESS_TICK_SECONDS": "0"})
    clock = MovableClock(START)
    bootstrap.prepare(settings, demo=True, clock=clock)
    house = bootstrap.build(settings, clock=clock)
    web = create_app(house)
    server = waitress.create_server(web, host="127.0.0.1", port=0, threads=8)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    password = demo_password(settings)
    assert password is not None
    try:
        yield Bank(f"http://127.0.0.1:{server.effective_port}", house, clock, password)
    finally:
        server.close()
        serving.join(timeout=10)
        house.close()
