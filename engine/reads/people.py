"""The bank's people and units: who signs in, what they hold, who could take a task."""

from sqlalchemy import select

from engine.domain.actor import Actor, ActorKind, Held, customer_of
from engine.domain.organisation import Person, Role, RoleGrant, Unit, UnitKind
from engine.domain.tracking import is_secret
from engine.reads.reading import Reading
from engine.store.tables import complaint


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
    units = reading.rows(Unit).find()
    held = [
        Held(grant.role, grant.unit_id, _reached(grant.unit_id, units))
        for grant in reading.rows(RoleGrant).find(person_id=person_id)
    ]
    return Actor(
        ActorKind.PERSON,
        person.name,
        person_id=person.id,
        login=person.login,
        unit_id=person.unit_id,
        held=tuple(held),
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


def _reached(unit_id: int, units: list[Unit]) -> frozenset[int]:
    top = next((unit for unit in units if unit.id == unit_id), None)
    return frozenset(unit.id for unit in units if top is not None and unit.is_within(top))


def _above(unit: Unit) -> list[int]:
    return [int(part) for part in unit.path.split("/") if part]
