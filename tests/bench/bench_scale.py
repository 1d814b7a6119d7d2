"""What size costs: starting a case, completing a task, firing a timer and asking the inbox in banks of three sizes.

A thousand cases that run; a hundred thousand; and a hundred thousand beside a million that ended. The three take turns,
so that a change of the machine's speed meets them all. Started by run.py; prints one line of JSON: microseconds in the
median, by what was done and by bank.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from sqlalchemy import Connection, and_, create_engine, select, update

from engine.domain.actor import SYSTEM, Actor
from engine.domain.organisation import Role
from engine.domain.task import TaskState
from engine.ports import Ports
from engine.runtime import memory
from engine.runtime.timer_tick import TimerTick
from engine.store.tables import complaint, task, timer
from engine.use_cases import inbox
from forms.checking import check
from forms.library import FormLibrary
from tests.bench.bench_inbox import questions
from tests.bench.house import database_in
from tests.bench.measuring import answers
from tests.bench.population import FAR, FILES, FIRST_DUE, Bank, add_ended, found, grow

RUNNING, MANY, ENDED = 1_000, 100_000, 1_000_000
LOOKS, ASKED = 10, 30
FORM = FormLibrary(FILES).form("w1")
Done = Callable[[], Any]
Took = list[tuple[float, float]]


def main(
    folder: str, running: int = RUNNING, many: int = MANY, ended: int = ENDED, asked: int = ASKED
) -> None:
    """Make three banks and measure them in turn."""
    names = (str(running), str(many), f"{many} + {ended} ended")
    banks = []
    for number in range(len(names)):
        place = Path(folder) / str(number)
        place.mkdir()
        bank = found(str(place), database_in(str(place)))
        grow(bank, many if number else running)
        banks.append(bank)
    add_ended(banks[2], ended)
    times, at_once = running // 10, running // 50
    plans = [_plan(bank, times, at_once, asked) for bank in banks]
    memory.settle()
    figures: dict[str, dict[str, Mapping[str, float]]] = {}
    for what in plans[0]:
        took = _in_turn([plan[what] for plan in plans])
        share = at_once if what == "timer" else 1
        figures[what] = {name: _medians(seen, share) for name, seen in zip(names, took, strict=True)}
    for bank in banks:
        bank.store.close()
    print(json.dumps(figures))


def _plan(bank: Bank, times: int, at_once: int, asked: int) -> dict[str, list[Done]]:
    """What is done in a bank, each time with another case; timers last, for they move the clock."""
    chance = Random(3)
    engine = create_engine(bank.store.url)
    with engine.begin() as connection:
        complaints, tasks = _cases(connection, chance, times)
        _set_due(connection, chance, at_once)
    engine.dispose()
    bank.clock.move_by(timedelta(days=1))  # what is started now is due a day after those that fire
    handler, tick = bank.handler(), TimerTick(bank.ports)
    return {
        "start": [partial(_start, bank.ports, complaint_id) for complaint_id in complaints],
        "complete": [partial(_complete, bank.ports, handler, *row) for row in tasks],
        **{f"inbox, {name}": [ask] * asked for name, ask in questions(bank).items()},
        "timer": [partial(_look, bank, tick, look, at_once) for look in range(LOOKS)],
    }


def _cases(
    connection: Connection, chance: Random, times: int
) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Complaints to start another instance for, and open tasks of handlers to complete."""
    is_handlers = and_(task.c.role == Role.HANDLER.value, task.c.state == TaskState.OPEN.value)
    columns = (task.c.instance_id, task.c.token, task.c.version)
    found = connection.execute(select(*columns).where(is_handlers).order_by(*columns)).all()
    others = list(connection.scalars(select(complaint.c.id).where(complaint.c.closed_at.is_(None))))
    return chance.sample(others, times), chance.sample([(row[0], row[1], row[2]) for row in found], times)


def _set_due(connection: Connection, chance: Random, at_once: int) -> None:
    """Some timers of cases that nothing else is done with come due, so many at every look, and no others with them."""
    connection.execute(update(timer).where(timer.c.instance_id == 1).values(due_at=FIRST_DUE + FAR))
    others = select(task.c.instance_id).where(
        task.c.role != Role.HANDLER.value, task.c.state == TaskState.OPEN.value, task.c.instance_id > 1
    )
    chosen = chance.sample(list(connection.scalars(others.order_by(task.c.instance_id))), LOOKS * at_once)
    for look in range(LOOKS):
        now_due = timer.c.instance_id.in_(chosen[look * at_once : (look + 1) * at_once])
        connection.execute(update(timer).where(now_due).values(due_at=_moment(look)))


def _moment(look: int) -> datetime:
    return FIRST_DUE + timedelta(minutes=look)


def _start(ports: Ports, complaint_id: int) -> None:
    with ports.unit_of_work(SYSTEM) as work:
        ports.engine.start(work, "w1", complaint_id=complaint_id)


def _complete(ports: Ports, handler: Actor, instance_id: int, token: int, version: int) -> None:
    typed = {name: str(value) for name, value in answers(instance_id, "first").items() if value is not False}
    inbox.complete(ports, handler, instance_id, token, check(FORM, typed), version=version)


def _look(bank: Bank, tick: TimerTick, look: int, due: int) -> None:
    bank.clock.move_to(_moment(look))
    fired = tick()
    if fired != due:
        raise SystemExit(f"{fired} timers fired of {due}")


def _in_turn(plans: Sequence[Sequence[Done]]) -> list[Took]:
    """The first of each, then the second of each, and so on: seconds of wall and processor."""
    took: list[Took] = [[] for _ in plans]
    for each in zip(*plans, strict=True):
        for seen, do in zip(took, each, strict=True):
            cpu, wall = time.process_time(), time.perf_counter()
            do()
            seen.append((time.perf_counter() - wall, time.process_time() - cpu))
    return took


def _medians(took: Took, share: int) -> Mapping[str, float]:
    wall, cpu = (median(figures) * 1_000_000 / share for figures in zip(*took, strict=True))
    return {"wall_us": wall, "cpu_us": cpu}


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
