"""The house that is measured: a database with one release, one handler who works on it, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor, ActorKind, Held
from engine.domain.organisation import Person, Role, Unit, UnitKind
from engine.operations import Operation
from engine.ports import Clockwork, Ports
from engine.runtime.clock import SystemClock
from engine.runtime.files import LocalFiles
from engine.store.store import Store
from engine.use_cases import subject


class House(NamedTuple):
    """What a measured script works with; `store` is to be closed."""

    ports: Ports
    store: Store
    handler: Actor


def database_in(folder: str) -> str:
    """The URL of a SQLite database in this folder."""
    return f"sqlite:///{Path(folder) / 'redress.sqlite'}"


def build(
    folder: str,
    database_url: str,
    files: Mapping[str, bytes],
    *,
    operations: Mapping[str, Operation] | None = None,
    clock: Clockwork | None = None,
) -> House:
    """A new database with these files released; as durable as Redress always is."""
    clock = clock or SystemClock()
    store = Store(database_url, clock)
    store.upgrade()
    ports = Ports(
        unit_of_work=store.unit_of_work,
        engine=BpmnEngine(subject, operations or {}),
        files=LocalFiles(Path(folder) / "files"),
        clock=clock,
        secret_key=b"measured on this machine alone..",
    )
    with ports.unit_of_work(SYSTEM) as work:
        work.releases.add(files)
        unit = work.units.add(Unit(0, "HO", "Head office", "总行", UnitKind.HEAD_OFFICE, None, "/1/", "CN"))
        person = work.people.add(
            Person(0, "handler", "Han Dler", "韩", unit.id, None, password_hash="!", language="en")
        )
    held = (Held(Role.HANDLER, unit.id, frozenset({unit.id})),)
    handler = Actor(ActorKind.PERSON, person.name, person.id, person.login, unit.id, held=held)
    return House(ports, store, handler)
