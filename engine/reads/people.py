"""The bank's people and units: who signs in, what they hold, who could take a task."""

from typing import Any

from sqlalchemy import Select, bindparam, select

from engine.domain.actor import Actor, ActorKind, Held, customer_of
from engine.domain.organisation import Person, Role, RoleGrant, Unit, UnitKind
from engine.domain.task import Task
from engine.domain.tracking import is_secret
from engine.reads.reading import Reading
from engine.store.tables import complaint, role_grant, unit


def login(reading: Reading, name: str) -> Person | None:
    """The person with this login."""
    return next(iter(reading.rows(Person).find(login=name)), None)


def signed_in(reading: Reading, name: str) -> tuple[Person, Actor] | None:
    """The person with this login who still works here, and that person as the one who asks."""
    person = login(reading, name)
    return None if person is None or not person.active else (person, actor_for(reading, person.id))


def actor_for(reading: Reading, person_id: int) -> Actor:
    """Somebody as the one who asks: the roles held, and the units each reaches. Raises NotFound."""
    person = reading.rows(Person).get(person_id)
    reached: dict[tuple[int, str], tuple[int, set[int]]] = {}
    statement = reading.prepared("roles and what they reach", _roles_and_reach)
    for grant, role, top, unit_id in reading.asked(statement, person=person_id):
        reached.setdefault((grant, role), (top, set()))[1].add(unit_id)
    return Actor(
        ActorKind.PERSON,
        person.name,
        person_id=person.id,
        login=person.login,
        unit_id=person.unit_id,
        held=tuple(Held(Role(role), top, frozenset(units)) for (_, role), (top, units) in reached.items()),
    )


def _roles_and_reach() -> Select[Any]:
    """Each role of a person with every unit it reaches: the one it is held at, and those whose path goes on from there."""
    top, below = unit.alias("top"), unit.alias("below")
    return (
        select(role_grant.c.id, role_grant.c.role, top.c.id, below.c.id)
        .join(top, top.c.id == role_grant.c.unit_id)
        .join(below, below.c.path.startswith(top.c.path))
        .where(role_grant.c.person_id == bindparam("person"))
        .order_by(role_grant.c.id)
    )


def customer_by(reading: Reading, number: str, secret: str) -> Actor | None:
    """The customer who holds the secret of this complaint; None for a wrong number and a wrong secret alike."""
    statement = select(complaint.c.id, complaint.c.secret_hash).where(complaint.c.number == number)
    found = reading.all(statement)
    known = found[0].secret_hash if found else ""
    return customer_of(found[0].id) if is_secret(secret, known) and found else None


def units(reading: Reading) -> list[Unit]:
    """All units, as the tree runs."""
    return sorted(reading.rows(Unit).find(), key=lambda unit: unit.path)


def departments(reading: Reading) -> list[Unit]:
    """The units that can be asked in a collaboration."""
    return [unit for unit in units(reading) if unit.kind is UnitKind.DEPARTMENT]


def people(reading: Reading, role: str | None, unit_id: int | None) -> list[Person]:
    """Those who hold this role at this unit or above it, by name; without a unit: anywhere, without a role: any."""
    grants = reading.rows(RoleGrant).find(**({"role": Role(role)} if role in list(Role) else {}))
    if role and role not in list(Role):
        return []
    above = None if unit_id is None else set(_above(reading.rows(Unit).get(unit_id)))
    ids = {grant.person_id for grant in grants if above is None or grant.unit_id in above}
    found = reading.rows(Person).find(id=sorted(ids), active=True)
    return sorted(found, key=lambda person: (person.name, person.id))


def able_to(reading: Reading, task: Task) -> list[Person]:
    """Those a task could be handed over to: the holders of its role, and the people it names."""
    found = people(reading, task.role, task.unit_id) if task.role else []
    named = reading.rows(Person).find(id=list(task.candidates), active=True) if task.candidates else []
    return sorted({person.id: person for person in [*found, *named]}.values(), key=lambda p: (p.name, p.id))


def _above(unit: Unit) -> list[int]:
    return [int(part) for part in unit.path.split("/") if part]
