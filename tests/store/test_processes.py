"""Running processes: looking for what is due costs what is due, however much runs."""

from typing import Any

from sqlalchemy import event

from engine.domain.actor import SYSTEM
from engine.domain.running import Incident, Timer
from engine.runtime.clock import MovableClock
from engine.store.store import Store
from tests.store.rows import NOW, a_bank, an_instance

EVERY = 20


class Steps:
    """Counts what SQLite's machine does, in steps of its own (https://www.sqlite.org/opcode.html)."""

    def __init__(self, store: Store) -> None:
        self.taken = 0
        event.listen(store.writing, "connect", self._connected)

    def _connected(self, connection: Any, _: Any) -> None:
        connection.set_progress_handler(self._count, EVERY)

    def _count(self) -> int:
        self.taken += EVERY
        return 0


def test_looking_for_what_is_due_costs_the_same_however_many_instances_run(
    sqlite_url: str, clock: MovableClock
) -> None:
    store = Store(sqlite_url, clock)
    steps = Steps(store)
    bank = a_bank(store)

    def run(more: int) -> None:
        with store.unit_of_work(SYSTEM) as work:
            for _ in range(more):
                work.processes.add(an_instance(bank.release))

    def look() -> int:
        with store.unit_of_work(SYSTEM) as work:
            before = steps.taken
            timers = work.processes.due_timers(by=NOW, limit=9)
            incidents = work.processes.due_incidents(by=NOW, limit=9)
            assert (len(timers), len(incidents)) == (1, 1)
            return steps.taken - before

    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.processes.put_timer(Timer(instance.id, 4, "wait", NOW))
        work.processes.add_incident(Incident(instance.id, 1, "send", NOW, "x", "No.", 2, NOW))
    alone = look()
    run(500)
    among_many = look()
    store.close()

    assert alone > 0
    assert among_many <= alone + EVERY
