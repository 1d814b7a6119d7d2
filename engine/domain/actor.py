"""Who is asking: every use case and every read takes an actor first."""

from dataclasses import dataclass, field
from enum import StrEnum

from engine.domain.organisation import Role


class ActorKind(StrEnum):
    """A person of the bank, a customer holding the secret of one complaint, or Redress itself (timers, jobs)."""

    PERSON = "person"
    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Held:
    """A role as it reaches: the ids of every unit it covers (the unit it is held at and all below)."""

    role: Role
    unit_id: int
    covers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks. `person_id` is set for persons, `complaint_id` for customers; `name` is for the history."""

    kind: ActorKind
    name: str
    person_id: int | None = None
    login: str | None = None
    unit_id: int | None = None
    complaint_id: int | None = None
    held: tuple[Held, ...] = field(default=())

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere."""
        return frozenset(held.role for held in self.held)

    def covers(self, role: Role, unit_id: int | None) -> bool:
        """Whether the actor holds `role` at `unit_id` or above it; without a unit: holds it anywhere."""
        return any(h.role == role and (unit_id is None or unit_id in h.covers) for h in self.held)


SYSTEM = Actor(ActorKind.SYSTEM, "Redress")


def customer_of(complaint_id: int) -> Actor:
    """The customer who proved to hold the secret of this complaint."""
    return Actor(ActorKind.CUSTOMER, "customer", complaint_id=complaint_id)
