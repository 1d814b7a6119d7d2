"""kill -9 in the middle of a bulk job: the next worker goes on from there, and every instance is done once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.steering import Act, BulkState, ItemState, Verb, Wanted
from engine.runtime.clock import MovableClock
from engine.use_cases import bulk
from tests.builders.steered_house import SteeredHouse

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES, KILLED_AFTER = 8, (2, 0)


@pytest.fixture
def house(database_url: str, clock: MovableClock) -> Iterator[SteeredHouse]:
    opened = SteeredHouse(database_url, clock)
    opened.release()
    yield opened
    opened.close()


def killed_after(url: str, items: int) -> list[int]:
    """Let a worker work off so many instances, kill it inside the next one, and say which it confirmed."""
    worker = subprocess.Popen(
        [sys.executable, str(HERE / "bulk_worker.py"), url, str(items)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    said = [worker.stdout.readline().split() for _ in range(items + 1)]
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert [words[0] for words in said] == [*["done"] * items, "inside"]
    return [int(words[1]) for words in said[:-1]]


def test_every_instance_is_done_once_after_kills(house: SteeredHouse, database_url: str) -> None:
    ids = house.cases(CASES)
    admin = house.somebody("administrator")
    job = bulk.start(house.ports, admin, Act(Verb.ADD_TOKEN, element="v"), Wanted(process="p"), "once each")

    confirmed: list[int] = []
    for items in KILLED_AFTER:
        confirmed += killed_after(database_url, items)
        counts = house.reads.bulk(admin, job.id).counts
        assert (counts[ItemState.DONE], counts[ItemState.WAITING]) == (len(confirmed), CASES - len(confirmed))
    house.work_off()

    assert confirmed == ids[: sum(KILLED_AFTER)]
    view = house.reads.bulk(admin, job.id)
    assert (view.bulk.state, view.counts[ItemState.DONE]) == (BulkState.FINISHED, CASES)
    with house.work() as work:
        added = [len(work.tasks.find(instance_id=id, element="v")) for id in ids]
        told = [
            [event.kind for event in work.events(work.processes.get(id).complaint_id)].count("token.added")
            for id in ids
        ]
    assert added == told == [1] * CASES
