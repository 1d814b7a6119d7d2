"""kill -9 between and during steps: every confirmed step is there once, and the next clerk goes on from it."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import select

from engine.domain.actor import SYSTEM
from engine.domain.organisation import Person, Role, RoleGrant, Unit, UnitKind
from engine.domain.task import TaskState
from engine.runtime.clock import MovableClock
from engine.store.store import Store
from engine.store.tables import history
from tests.bench.w1_diagram import FORM, zeebe

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES_A_ROUND = 12
LONGEST_LIFE = 0.06
"""Seconds of work before a kill during a step; long enough for a few steps, short enough to end within one."""

Confirmed = tuple[int, int]


class Nursery:
    """The process that forks clerks, and what they said."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "kill_worker.py"), url],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self._line() == "ready"

    def open(self, cases: int) -> None:
        """Start so many cases."""
        self._ask(f"open {cases}")
        assert self._line() == "opened"

    def killed_between(self, after: int) -> list[Confirmed]:
        """Let a clerk confirm so many steps, kill it while it does nothing, and say what was confirmed."""
        pid = self._clerk(after)
        return self._heard(pid, kill_at="between")

    def killed_during(self, life: float) -> list[Confirmed]:
        """Let a clerk work without a stop and kill it so many seconds after its first step, wherever it is."""
        pid = self._clerk(0)
        first = self._confirmed(self._line())
        timer = Timer(life, os.kill, (pid, signal.SIGKILL))
        timer.start()
        heard = self._heard(pid)
        timer.join()
        return [first, *heard]

    def close(self) -> None:
        """End the nursery."""
        self._process.communicate(timeout=30)
        assert self._process.returncode == 0

    def _clerk(self, steps: int) -> int:
        self._ask(f"work {steps}")
        word, pid = self._line().split()
        assert word == "clerk"
        return int(pid)

    def _heard(self, pid: int, kill_at: str = "") -> list[Confirmed]:
        confirmed: list[Confirmed] = []
        while True:
            line = self._line()
            if line == kill_at:
                os.kill(pid, signal.SIGKILL)
            elif line.startswith("gone"):
                assert line == f"gone {-signal.SIGKILL}"
                return confirmed
            elif line != "idle":
                confirmed.append(self._confirmed(line))

    @staticmethod
    def _confirmed(line: str) -> Confirmed:
        instance, token = line.split()
        return int(instance), int(token)

    def _ask(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery ended"
        return line.strip()


def _bank_with_one_clerk(store: Store) -> None:
    with store.unit_of_work(SYSTEM) as work:
        work.releases.add({"w1.bpmn": zeebe(), "forms/w1.form": FORM.encode()})
        unit = work.units.add(Unit(0, "HO", "Head office", "总行", UnitKind.HEAD_OFFICE, None, "/1/", "CN"))
        person = work.people.add(Person(0, "handler", "Han Dler", "韩", unit.id, None, "!", "en"))
        work.grants.add(RoleGrant(0, person.id, Role.HANDLER, unit.id))


def _killed_again_and_again(url: str, clock: MovableClock, times: int) -> None:
    chance = random.Random(times)
    store = Store(url, clock)
    _bank_with_one_clerk(store)
    nursery = Nursery(url)
    confirmed: list[Confirmed] = []

    for turn in range(times):
        nursery.open(CASES_A_ROUND)
        if turn % 4 == 0:
            confirmed += nursery.killed_between(chance.randint(1, 20))
        else:
            confirmed += nursery.killed_during(chance.uniform(0, LONGEST_LIFE))
    nursery.close()

    with store.unit_of_work(SYSTEM) as work:
        done = [(task.instance_id, task.token) for task in work.tasks.find(state=TaskState.DONE)]
    with store.reading.connect() as connection:
        told = Counter(
            (instance, detail["token"])
            for instance, detail in connection.execute(
                select(history.c.instance_id, history.c.detail).where(history.c.kind == "task.completed")
            )
        )
    store.close()
    assert len(confirmed) >= times
    assert len(confirmed) == len(set(confirmed)), "a step was confirmed twice"
    assert set(confirmed) <= set(done), "a confirmed step is gone"
    # what was killed after its commit and before its confirmation may be done and not confirmed: once a kill
    assert len(done) - len(confirmed) <= times
    assert told == Counter(done), "history and tasks tell different things"


def test_every_confirmed_step_is_present_once_after_twenty_kills(
    database_url: str, clock: MovableClock
) -> None:
    _killed_again_and_again(database_url, clock, 20)


@pytest.mark.soak
def test_every_confirmed_step_is_present_once_after_a_thousand_kills(
    database_url: str, clock: MovableClock
) -> None:
    _killed_again_and_again(database_url, clock, 1000)
