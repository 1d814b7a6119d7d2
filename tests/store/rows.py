"""Rows for tests of the store and the reads: a small bank, complaints, tasks."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.actor import SYSTEM, Actor, ActorKind, Held
from engine.domain.complaint import Channel, Complaint
from engine.domain.organisation import Person, Role, RoleGrant, Unit, UnitKind
from engine.domain.running import Instance, Release
from engine.domain.task import Task
from engine.domain.working_time import Calendar
from engine.store.store import Store
from engine.store.unit_of_work import SqlUnitOfWork

CALENDAR = Calendar(
    code="CN",
    name="China",
    zone=ZoneInfo("Asia/Shanghai"),
    weekend=frozenset({6, 7}),
    hours=((time(9), time(17, 30)),),
    published_until=date(2026, 12, 31),
)
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def a_unit(**other: Any) -> Unit:
    """A unit; the id is given by the store."""
    values = {"code": "HO", "name": "Head office", "name_zh": "总行", "kind": UnitKind.HEAD_OFFICE}
    return Unit(**{"id": 0, "parent_id": None, "path": "/1/", "calendar": "CN", **values, **other})


def a_person(**other: Any) -> Person:
    """A person."""
    values = {
        "login": "ann",
        "name": "Ann",
        "name_zh": "安",
        "unit_id": 1,
        "email": None,
        "password_hash": "-",
    }
    return Person(**{"id": 0, "language": "en", **values, **other})


def a_complaint(**other: Any) -> Complaint:
    """A complaint received at unit 1."""
    values: dict[str, Any] = {
        "id": 0,
        "number": "C-2026-000001",
        "intake_key": "portal-1",
        "secret_hash": "-",
        "channel": Channel.PORTAL,
        "language": "en",
        "regime": "CN",
        "received_at": NOW,
        "registered_at": NOW,
        "text": "The machine kept my card.",
        "wish": None,
        "customer_name": "Li Wei",
        "customer_email": None,
        "customer_phone": None,
        "contact_by": "phone",
        "receiving_unit_id": 1,
    }
    return Complaint(**{**values, **other})


def an_instance(release: Release, **other: Any) -> Instance:
    """A running instance."""
    values: dict[str, Any] = {"id": 0, "process": "complaint", "complaint_id": None, "started_at": NOW}
    return Instance(**{"release_id": release.id, **values, **other})


def a_task(instance: Instance, token: int = 1, **other: Any) -> Task:
    """An open task for handlers anywhere."""
    values: dict[str, Any] = {
        "complaint_id": instance.complaint_id,
        "element": "investigate",
        "name": "Investigate",
        "form": "investigate",
        "role": Role.HANDLER.value,
        "unit_id": None,
        "opened_at": NOW,
    }
    return Task(
        **{
            "instance_id": instance.id,
            "token": token,
            "release_id": instance.release_id,
            "process": "p",
            **values,
            **other,
        }
    )


@dataclass(frozen=True)
class Bank:
    """A head office with two branches, a department in each, and people in roles."""

    units: dict[str, Unit]
    people: dict[str, Person]
    release: Release

    def actor(self, login: str) -> Actor:
        """This person as the one who asks."""
        person = self.people[login]
        held = tuple(Held(role, self.units[code].id, self.below(code)) for role, code in HELD[login])
        return Actor(ActorKind.PERSON, person.name, person.id, person.login, person.unit_id, None, held)

    def below(self, code: str) -> frozenset[int]:
        """The ids of a unit and those below it."""
        return frozenset(unit.id for unit in self.units.values() if unit.is_within(self.units[code]))


HELD: dict[str, list[tuple[Role, str]]] = {
    "hana": [(Role.HANDLER, "EAST")],
    "hugo": [(Role.HANDLER, "WEST")],
    "cora": [(Role.CONTRIBUTOR, "EAST-CARDS")],
    "carl": [(Role.CONTRIBUTOR, "WEST-CARDS")],
    "cleo": [(Role.CONSUMER_PROTECTION, "HO")],
    "tess": [(Role.TRIAGE_OFFICER, "HO"), (Role.CONTRIBUTOR, "EAST-CARDS")],
    "finn": [(Role.FIRST_OWNER, "WEST")],
}


def a_bank(store: Store) -> Bank:
    """The bank, written to the store."""
    with store.unit_of_work(SYSTEM) as work:
        work.put_calendar(CALENDAR)
        units = {"HO": work.units.add(a_unit())}
        for code in ("EAST", "WEST"):
            branch = _below(work, units["HO"], code, UnitKind.BRANCH)
            units[code] = branch
            units[f"{code}-CARDS"] = _below(work, branch, f"{code}-CARDS", UnitKind.DEPARTMENT)
        people = {}
        for login, held in HELD.items():
            home = units[held[0][1]]
            person = people[login] = work.people.add(
                a_person(login=login, name=login.title(), unit_id=home.id)
            )
            for role, code in held:
                work.grants.add(RoleGrant(0, person.id, role, units[code].id))
        return Bank(units, people, work.releases.add({"complaint.bpmn": b"<definitions/>"}))


def _below(work: SqlUnitOfWork, parent: Unit, code: str, kind: UnitKind) -> Unit:
    unit = work.units.add(a_unit(code=code, name=code.title(), kind=kind, parent_id=parent.id, path="/"))
    return work.units.save(replace(unit, path=f"{parent.path}{unit.id}/"))


def fill(store: Store, bank: Bank, count: int = 60, *, first: int = 0) -> list[Task]:
    """Free tasks for handlers in the east, of all grades, some without a due date, some late.

    `first` tells a second filling from the first.
    """
    chance = random.Random(3)
    tasks = []
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.add(
            a_complaint(
                number=f"C-2026-{first:06d}",
                intake_key=f"filled-{first}",
                receiving_unit_id=bank.units["EAST"].id,
            )
        )
        for _ in range(count):
            instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
            task = a_task(
                instance,
                unit_id=chance.choice([None, *[bank.units[code].id for code in ("EAST", "EAST-CARDS")]]),
                grade_rank=chance.randint(0, 3),
                due_at=chance.choice([None, NOW + timedelta(minutes=chance.randint(-500, 500))]),
                opened_at=NOW - timedelta(minutes=chance.randint(0, 900)),
            )
            work.tasks.add(task)
            tasks.append(task)
    return tasks
