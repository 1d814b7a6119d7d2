"""A crowd at the same cases: several processes and threads, and every confirmed step is there once."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.domain.actor import SYSTEM
from engine.domain.running import InstanceState
from engine.domain.task import TaskState
from engine.store.store import Store
from engine.store.tables import history
from tests.runtime.crowd import CASES, DOOMED, house, open_cases

ROOT = Path(__file__).parents[2]
PROCESSES, THREADS = 3, 4


def at_work(url: str, *, steps: int, seconds: float) -> list[dict[str, Any]]:
    """Let the crowd work, and hear what was confirmed to each process."""
    crowd = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.crowd_worker"]
            + [str(argument) for argument in (url, number, THREADS, steps, seconds)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    told = [process.communicate()[0] for process in crowd]
    assert [process.returncode for process in crowd] == [0] * PROCESSES
    return [json.loads(text) for text in told]


def added(told: Iterable[Mapping[str, Any]], name: str) -> Counter[int]:
    """Counts by instance, over all processes."""
    total: Counter[int] = Counter()
    for each in told:
        total.update({instance: count for instance, count in each[name] if count})
    return total


def recorded(store: Store, kind: str) -> Counter[int]:
    """How often the history says so, by instance."""
    counted = (
        select(history.c.instance_id, func.count())
        .where(history.c.kind == kind)
        .group_by(history.c.instance_id)
    )
    with store.reading.connect() as connection:
        return Counter({row[0]: row[1] for row in connection.execute(counted)})


def crowded(url: str, *, steps: int, seconds: float) -> None:
    store, ports = house(url)
    open_cases(ports)

    told = at_work(url, steps=steps, seconds=seconds)

    with store.unit_of_work(SYSTEM) as work:
        done = [(task.instance_id, task.token) for task in work.tasks.find(state=TaskState.DONE)]
        instances = {instance: work.processes.lock(instance).state for instance in {row[0] for row in done}}
        variables = {
            instance: next(s.values for s in work.processes.scopes(instance) if s.number == 0)
            for instance, state in instances.items()
            if state is InstanceState.RUNNING
        }
    notes, fired = recorded(store, "message.received"), recorded(store, "timer.fired")
    confirmed = [tuple(task) for each in told for task in each["tasks"]]
    cancelled = [instance for each in told for instance in each["cancelled"]]
    store_errors = [error for each in told for error in each["errors"]]
    completed = recorded(store, "task.completed")
    ended = recorded(store, "process.cancelled")
    store.close()
    assert store_errors == []
    assert sorted(confirmed) == sorted(done)
    assert completed == Counter(instance for instance, _ in done)
    assert added(told, "notes") == notes
    assert added(told, "fired") == fired
    assert Counter(cancelled) == ended
    assert max(ended.values(), default=0) <= 1
    assert len(variables) >= CASES - len(DOOMED)
    assert {i: values["noted"] for i, values in variables.items()} == {i: notes[i] for i in variables}
    assert {i: values["reminded"] for i, values in variables.items()} == {i: fired[i] for i in variables}


def test_every_confirmed_step_of_a_crowd_is_there_once(database_url: str) -> None:
    crowded(database_url, steps=60, seconds=0)


@pytest.mark.soak
def test_every_confirmed_step_of_a_crowd_is_there_once_after_a_minute(database_url: str) -> None:
    crowded(database_url, steps=60, seconds=60)
