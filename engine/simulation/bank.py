"""The demo bank in memory, for one set of definitions: made once, and new for every scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from engine.bpmn.definitions import Definitions
from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import RedressError
from engine.domain.running import JobOutcome, OutboxMessage
from engine.memory import FilesInMemory, MemoryUnitOfWork, Store
from engine.operations import Operation, build_operations
from engine.ports import Ports
from engine.runtime.clock import MovableClock
from engine.simulation.moments import USUAL_START
from engine.simulation.outside import Faulty, Outside
from engine.simulation.tracing import Trace
from engine.use_cases import deadlines, inbox, outbox, releases, subject
from engine.use_cases.demo_bank import seed_demo
from engine.use_cases.outbox import Senders
from forms.library import FormLibrary

LAST = datetime.max.replace(tzinfo=UTC)
MOST_EVENTS = 2_000
"""Timers, retries and messages that may fall due in one stretch of time."""


class GoesOnForEver(RedressError):
    """More falls due in this time than anybody could mean."""

    code = "goes_on_for_ever"


class Town:
    """What all scenarios of one set of definitions share: the bank before its first complaint, and the engine."""

    def __init__(self, files: Mapping[str, bytes], operations: Mapping[str, Operation] | None = None) -> None:
        self.trace = Trace()
        self.files = FilesInMemory()
        self.faulty = Faulty(build_operations(self.files) if operations is None else operations)
        self.engine = BpmnEngine(subject, self.faulty.operations, hydrated=0, visits=self.trace)
        self.forms = FormLibrary(files)
        clock = MovableClock(USUAL_START)
        store = Store(clock)
        ports = Ports(store.unit_of_work, self.engine, self.files, clock, b"simulation")
        seed_demo(ports, "no password")
        with store.unit_of_work() as work:
            release = releases.release(ports, work, files)
        self.definitions: Definitions = self.engine.load(release.id, files)
        self.tables = store.tables

    def bank(self, at: datetime) -> Bank:
        """The bank as it was before its first complaint, at this moment."""
        self.trace.clear()
        self.files.kept.clear()
        self.faulty.faults.clear()
        bank = Bank(self, at)
        if self.tables.start_timers:
            with bank.work() as work:
                self._arm(work)
        return bank

    def _arm(self, work: MemoryUnitOfWork) -> None:
        """Processes that start by a timer count from the moment this bank begins."""
        for timer in work.publications.start_timers():
            work.publications.drop_start_timer(timer.process, timer.element)
        self.engine.released(work, work.releases.current())


class Bank:
    """One bank and what happens in it; every command is a use case in a transaction of its own."""

    def __init__(self, town: Town, at: datetime) -> None:
        self.town = town
        self.clock = MovableClock(at)
        self.store = Store(self.clock, town.tables.copy())
        self.outside = Outside()
        self.ports = Ports(self.work, town.engine, town.files, self.clock, b"simulation")
        with self.work(SYSTEM) as work:
            self.people = [inbox.actor_of(work, person) for person in work.people.find()]

    @contextmanager
    def work(self, actor: Actor = SYSTEM) -> Iterator[MemoryUnitOfWork]:
        """One transaction; rolled back, it has passed nothing."""
        with self.town.trace.command(), self.store.unit_of_work(actor) as work:
            yield work

    def deliver(self) -> None:
        """Do what is to be done outside, and what follows from it, until nothing is due."""
        senders = Senders(self.outside, self.outside)
        for _ in range(MOST_EVENTS):
            taken = self._taken()
            if not taken:
                return
            for message in taken:
                outbox.carry_out(self.ports, senders, message)
        raise GoesOnForEver

    def pass_time(self, end: datetime) -> None:
        """Time goes by; whatever falls due on the way happens at its moment."""
        for _ in range(MOST_EVENTS):
            self.deliver()
            due = self._next_due()
            if due is None or due > end:
                self.clock.move_to(max(end, self.clock.now()))
                self.deliver()
                return
            self.clock.move_to(max(due, self.clock.now()))
            self._fire()
        raise GoesOnForEver

    def jobs(self) -> list[OutboxMessage]:
        """The work that is to be done outside, oldest first."""
        with self.work() as work:
            return [found for found in work.outbox(due_by=LAST, limit=MOST_EVENTS) if found.kind == "job"]

    def end_job(self, job: OutboxMessage, outcome: JobOutcome) -> None:
        """This became of a job; what follows is done."""
        outbox.carry_out(self.ports, Senders(self.outside, self.outside, lambda _: outcome), job)
        self.deliver()

    def _fire(self) -> None:
        for instance_id, token in deadlines.due(self.ports, 1):
            deadlines.fire_timer(self.ports, instance_id, token)
            return
        for process, element in deadlines.due_starts(self.ports, 1):
            deadlines.fire_start(self.ports, process, element)
            return
        deadlines.retry_incidents(self.ports)

    def _next_due(self) -> datetime | None:
        with self.work() as work:
            moments = [timer.due_at for timer in work.processes.due_timers(by=LAST, limit=1)]
            moments += [incident.retry_at for incident in work.processes.due_incidents(by=LAST, limit=1)]
            moments += [start.due_at for start in work.publications.due_start_timers(by=LAST, limit=1)]
            moments += [message.due_at for message in self._waiting(work)]
        return min((moment for moment in moments if moment is not None), default=None)

    def _waiting(self, work: MemoryUnitOfWork) -> list[OutboxMessage]:
        """Messages that are still to be done; jobs rest until a step does them, and so do those to a silent bank."""
        resting = ("job", "bank.") if self.outside.is_silent else ("job",)
        found = work.outbox(due_by=LAST, limit=MOST_EVENTS)
        return [message for message in found if not message.kind.startswith(resting)]

    def _taken(self) -> list[OutboxMessage]:
        """What is due, held by a lease as the outbox does it."""
        with self.work() as work:
            due = [message for message in self._waiting(work) if message.due_at <= work.now]
            held = [replace(m, due_at=work.now + outbox.LEASE, attempts=m.attempts + 1) for m in due]
            for message in held:
                work.save_outbox(message)
            return held
