"""A workload on Redress: through the use cases, with checked forms, every step durable with inbox, history and timer rows.

Started by run.py; prints one line of JSON.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from engine.domain.actor import SYSTEM
from engine.domain.running import Instance
from engine.domain.task import TaskState
from engine.ports import Ports
from engine.runtime import memory
from engine.use_cases import inbox
from forms.checking import check
from forms.library import FormLibrary
from tests.bench.house import build
from tests.bench.measuring import Watch, answers, stored_bytes
from tests.bench.workloads import WORKLOADS

Complete = Callable[[Instance, int, int, dict[str, Any]], None]


def main(folder: str, cases: int, people: int, process: str, database_url: str) -> None:
    """Work so many cases from their start to their end, by so many people at once, each with one case after another."""
    workload = WORKLOADS[process]
    ports, store, handler = build(folder, database_url, workload.files)
    form = FormLibrary(workload.files).form("w1")

    def start() -> Instance:
        with ports.unit_of_work(SYSTEM) as work:
            return ports.engine.start(work, process, variables=workload.variables)

    def complete(instance: Instance, token: int, version: int, typed: dict[str, Any]) -> None:
        inbox.complete(ports, handler, instance.id, token, check(form, typed), version=version)

    def work_through(case: int) -> None:
        instance = watch.time(start, counts=workload.counts_start)
        for token, element, version in road:
            watch.time(partial(complete, instance, token, version, _typed(case, element)))

    road = _road(ports, start, complete)
    memory.settle()
    before = stored_bytes(database_url)
    watch = Watch()
    if people == 1:
        for case in range(cases):
            work_through(case)
    else:
        with ThreadPoolExecutor(people) as pool, watch.whole():
            list(pool.map(work_through, range(cases)))
    if len(watch.steps) != cases * workload.commands:
        raise SystemExit(f"{len(watch.steps)} commands in {cases} cases")
    watch.report(cases, stored_bytes(database_url) - before)
    store.close()


def _road(ports: Ports, start: Callable[[], Instance], complete: Complete) -> list[tuple[int, str, int]]:
    """Token, element and version of each task of a case, in order; every case has the same, so one is looked at."""
    instance = start()
    road: list[tuple[int, str, int]] = []
    while True:
        with ports.unit_of_work(SYSTEM) as work:
            waiting = work.tasks.find(instance_id=instance.id, state=TaskState.OPEN)
        if not waiting:
            return road
        task = min(waiting, key=lambda task: task.token)
        complete(instance, task.token, task.version, _typed(0, task.element))
        road.append((task.token, task.element, task.version))


def _typed(case: int, element: str) -> dict[str, Any]:
    """What a form sends: texts, and nothing where a box is not ticked."""
    return {name: str(value) for name, value in answers(case, element).items() if value is not False}


if __name__ == "__main__":
    folder, cases, people, process, database_url = sys.argv[1:]
    main(folder, int(cases), int(people), process, database_url)
