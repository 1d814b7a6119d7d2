"""Running processes: looking for what is due costs what is due, however much runs."""

from engine.domain.actor import SYSTEM
from engine.domain.running import Incident, Timer
from engine.runtime.clock import MovableClock
from engine.store.store import Store
from tests.builders.steps import EVERY, Steps
from tests.store.rows import NOW, a_bank, an_instance


def test_looking_for_what_is_due_costs_the_same_however_many_instances_run(
    sqlite_url: str, clock: MovableClock
) -> None:
    store = Store(sqlite_url, clock)
    steps = Steps(store.writing)
    bank = a_bank(store)

    def run(more: int) -> None:
        with store.unit_of_work(SYSTEM) as work:
            for _ in range(more):
                work.processes.add(an_instance(bank.release))

    def look() -> int:
        with store.unit_of_work(SYSTEM) as work:
            with steps.counted() as counted:
                timers = work.processes.due_timers(by=NOW, limit=9)
                incidents = work.processes.due_incidents(by=NOW, limit=9)
            assert (len(timers), len(incidents)) == (1, 1)
            return counted[0]

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
