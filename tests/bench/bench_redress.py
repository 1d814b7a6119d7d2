"""W1 on Redress: through the use cases, with checked forms, and every step durable with inbox, history and timer rows.

Started by run.py; prints one line of JSON.
"""

import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor, ActorKind, Held
from engine.domain.organisation import Person, Role, Unit, UnitKind
from engine.domain.running import Instance
from engine.ports import Ports
from engine.runtime import memory
from engine.runtime.clock import SystemClock
from engine.runtime.files import LocalFiles
from engine.store.store import Store
from engine.use_cases import inbox, subject
from forms.checking import check
from forms.library import FormLibrary
from tests.bench.measuring import Watch, answers, sqlite_bytes
from tests.bench.w1_diagram import FORM, zeebe


def house(folder: str) -> tuple[Ports, Store, Actor]:
    """A database with W1 released, and the one handler who works on it."""
    store = Store(f"sqlite:///{Path(folder) / 'redress.sqlite'}", SystemClock())
    store.upgrade()
    ports = Ports(
        unit_of_work=store.unit_of_work,
        engine=BpmnEngine(subject, {}),
        files=LocalFiles(Path(folder) / "files"),
        clock=SystemClock(),
        secret_key=b"measured on this machine alone..",
    )
    with ports.unit_of_work(SYSTEM) as work:
        work.releases.add({"w1.bpmn": zeebe(), "forms/w1.form": FORM.encode()})
        unit = work.units.add(Unit(0, "HO", "Head office", "总行", UnitKind.HEAD_OFFICE, None, "/1/", "CN"))
        person = work.people.add(
            Person(0, "handler", "Han Dler", "韩", unit.id, None, password_hash="!", language="en")
        )
    held = (Held(Role.HANDLER, unit.id, frozenset({unit.id})),)
    return ports, store, Actor(ActorKind.PERSON, person.name, person.id, person.login, unit.id, held=held)


def main(folder: str, cases: int, people: int = 1) -> None:
    """Work so many cases from their start to their end, by so many people at once, each with one case after another."""
    ports, store, handler = house(folder)
    form = FormLibrary({"forms/w1.form": FORM.encode()}).form("w1")
    database = str(Path(folder) / "redress.sqlite")

    def start() -> Instance:
        with ports.unit_of_work(SYSTEM) as work:
            return ports.engine.start(work, "w1")

    def complete(instance: Instance, token: int, version: int, typed: dict[str, Any]) -> None:
        inbox.complete(ports, handler, instance.id, token, check(form, typed), version=version)

    def work_through(case: int) -> None:
        instance = watch.time(start, counts=False)
        for token, element, version in road:
            typed = {name: str(value) for name, value in answers(case, element).items() if value is not False}
            watch.time(partial(complete, instance, token, version, typed))

    road = _road(database, start, complete)
    memory.settle()
    before = sqlite_bytes(database)
    watch = Watch()
    with watch.whole():
        if people == 1:
            for case in range(cases):
                work_through(case)
        else:
            with ThreadPoolExecutor(people) as pool:
                list(pool.map(work_through, range(cases)))
    if len(watch.steps) != cases * len(road):
        raise SystemExit(f"{len(watch.steps)} tasks in {cases} cases")
    watch.report(cases, sqlite_bytes(database) - before)
    store.close()


def _road(
    database: str,
    start: Callable[[], Instance],
    complete: Callable[[Instance, int, int, dict[str, Any]], None],
) -> list[tuple[int, str, int]]:
    """Token, element and version of each task of a case, in order; every case has the same, so one is looked at."""
    looking = sqlite3.connect(database, isolation_level=None)
    waiting = "SELECT token, element, version FROM task WHERE instance_id = ? AND state = 'open' ORDER BY token LIMIT 1"
    instance, road = start(), []
    while (found := looking.execute(waiting, (instance.id,)).fetchone()) is not None:
        typed = {name: str(value) for name, value in answers(0, found[1]).items() if value is not False}
        complete(instance, found[0], found[2], typed)
        road.append(found)
    looking.close()
    return road


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
