"""The bank a crowd works at: fifty cases that go round and round, take notes, and are reminded all the time."""

from pathlib import Path

from engine.bpmn.process_engine import BpmnEngine
from engine.domain.actor import SYSTEM, Actor, ActorKind, Held
from engine.domain.organisation import Person, Role, RoleGrant, Unit, UnitKind
from engine.ports import Ports
from engine.runtime.clock import SystemClock
from engine.runtime.files import LocalFiles
from engine.store.store import Store
from engine.use_cases import subject
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    event_subprocess,
    flow,
    flows,
    message,
    named_message,
    node,
    process,
    script,
    start,
    timer,
    user,
)

CASES = 50
CANCELS = 0.01
"""The share of steps that cancel a case, where it is one of the doomed."""

ROUND = diagram(
    named_message("note_message", "note", "=case"),
    process(
        "round",
        start(),
        node("exclusiveGateway", "again"),
        user("work"),
        boundary("remind", "work", timer("Cycle", "R/PT0.1S"), interrupting=False),
        script("count_reminders", "=reminded + 1", "reminded"),
        end("reminded_end"),
        flows("start", "again", "work"),
        flow("work", "again"),
        flows("remind", "count_reminders", "reminded_end"),
        event_subprocess(
            "take_note",
            message("note_message"),
            script("count_notes", "=noted + 1", "noted")
            + end("noted_end")
            + flows("take_note_start", "count_notes", "noted_end"),
            interrupting=False,
        ),
    ),
)


def house(url: str) -> tuple[Store, Ports]:
    """The rooms a command goes through."""
    store = Store(url, SystemClock())
    ports = Ports(
        unit_of_work=store.unit_of_work,
        engine=BpmnEngine(subject, {}),
        files=LocalFiles(Path("/nowhere")),  # no file is stored here
        clock=SystemClock(),
        secret_key=b"k" * 32,
    )
    return store, ports


def open_cases(ports: Ports) -> None:
    """A bank with one clerk, and its cases."""
    with ports.unit_of_work(SYSTEM) as work:
        work.releases.add({"round.bpmn": ROUND})
        unit = work.units.add(Unit(0, "HO", "Head office", "总行", UnitKind.HEAD_OFFICE, None, "/1/", "CN"))
        person = work.people.add(Person(0, "handler", "Han Dler", "韩", unit.id, None, "!", "en"))
        work.grants.add(RoleGrant(0, person.id, Role.HANDLER, unit.id))
    for case in range(CASES):
        with ports.unit_of_work(SYSTEM) as work:
            ports.engine.start(work, "round", variables={"case": f"case {case}", "noted": 0, "reminded": 0})


def key_of(case: int) -> str:
    """The correlation key of a case."""
    return f"case {case}"


DOOMED = frozenset(key_of(case) for case in range(10))
"""A few cases end, most go on to the end of the test."""


def clerk(ports: Ports) -> Actor:
    """The one person of this bank."""
    with ports.unit_of_work(SYSTEM) as work:
        (person,) = work.people.find(login="handler")
    held = (Held(Role.HANDLER, person.unit_id, frozenset({person.unit_id})),)
    return Actor(ActorKind.PERSON, person.name, person.id, person.login, person.unit_id, held=held)
