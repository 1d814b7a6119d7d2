"""Roots of fifty disputes each: started, answered by messages as a channel would, and decided by time where none came.

Commands are the starts, the answers and the timers. Started by run.py; prints one line of JSON.
"""

import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from engine.domain.actor import SYSTEM
from engine.domain.running import InstanceState
from engine.ports import Ports
from engine.runtime import memory
from engine.runtime.clock import MovableClock
from engine.runtime.timer_tick import AT_ONCE
from engine.use_cases import deadlines
from tests.bench.dispute_diagram import DISPUTES, OPERATIONS, answer, files, variables
from tests.bench.house import build

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
TWO_DAYS = timedelta(days=2)


def main(folder: str, roots: int, people: int, database_url: str) -> None:
    """Work so many roots to their end, by so many people at once; one more before, to be warm."""
    clock = MovableClock(START)
    ports, store, _ = build(folder, database_url, files(), operations=OPERATIONS, clock=clock)
    _work_through(ports, clock, range(1), 1)
    memory.settle()
    cpu, wall = time.process_time(), time.perf_counter()
    commands = _work_through(ports, clock, range(1, roots + 1), people)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if commands != roots * (1 + DISPUTES):
        raise SystemExit(f"{commands} commands for {roots} roots")
    store.close()
    print(json.dumps({"wall": commands / wall, "cpu": commands / cpu, "commands": commands}))


def _work_through(ports: Ports, clock: MovableClock, roots: range, people: int) -> int:
    """Start and answer, let two days pass, fire what is due; how many commands it took."""
    with ThreadPoolExecutor(people) as pool:
        started = list(pool.map(lambda root: _start_and_answer(ports, root), roots))
        clock.move_by(TWO_DAYS)
        fired = sum(sum(pool.map(lambda timers: _fire(ports, timers), looked)) for looked in _looks(ports))
    with ports.unit_of_work(SYSTEM) as work:
        states = {work.processes.lock(instance_id).state for instance_id, _ in started}
    if states != {InstanceState.ENDED}:
        raise SystemExit(f"roots are {states}")
    return sum(commands for _, commands in started) + fired


def _start_and_answer(ports: Ports, root: int) -> tuple[int, int]:
    """The instance of a root, and how many commands it had so far."""
    with ports.unit_of_work(SYSTEM) as work:
        instance = ports.engine.start(work, "disputes", variables=variables(root))
    commands = 1
    for number in range(DISPUTES):
        message = answer(number)
        if message is not None:
            with ports.unit_of_work(SYSTEM) as work:
                commands += ports.engine.publish(work, message, f"{root}-{number}", {"answer": message})
    return instance.id, commands


def _looks(ports: Ports) -> Iterator[list[list[tuple[int, int]]]]:
    """What is due, as the tick looks for it, until nothing is: the timers of each instance together."""
    while due := sorted(deadlines.due(ports, AT_ONCE)):
        yield [list(timers) for _, timers in groupby(due, itemgetter(0))]


def _fire(ports: Ports, timers: list[tuple[int, int]]) -> int:
    return sum(deadlines.fire_timer(ports, *timer) for timer in timers)


if __name__ == "__main__":
    folder, roots, people, database_url = sys.argv[1:]
    main(folder, int(roots), int(people), database_url)
