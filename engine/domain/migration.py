"""What a migration would do to one instance, in words: the steps, or the reasons why it cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Mappings = Mapping[str, Mapping[str, str]]
"""For each process the elements that are called otherwise in the other release, old → new; "" is carried over to none."""


class StepKind(StrEnum):
    """stays · moved (to an element of another id) · armed and disarmed (events that wait beside something)."""

    STAYS = "stays"
    MOVED = "moved"
    ARMED = "armed"
    DISARMED = "disarmed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `element` in the old release (the new one where it is armed), `to` in the new, `token` if there is one."""

    kind: StepKind
    element: str
    to: str
    token: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """What would happen to an instance; with `reasons` it does not."""

    instance_id: int
    process: str
    from_release_id: int
    to_release_id: int
    steps: tuple[Step, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether it is not there already."""
        return self.from_release_id != self.to_release_id

    @property
    def is_possible(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons
