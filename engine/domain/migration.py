"""What a migration would do to one instance, in words: the steps, or the reasons why it cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.domain.errors import ValueRefused

Mappings = Mapping[str, Mapping[str, str]]
"""For each process the elements that are called otherwise in the other release, old → new; "" is carried over to none."""


LONGEST_NAME = 256
"""Characters of the name of an element or process."""
MOST_TOLD = 20
"""Reasons told at once where an instance cannot go; a dry run tells all."""


def mappings_of(said: Any) -> Mappings:
    """What was said as a mapping, if it is one: names of elements to names of elements, by process; raises ValueRefused."""
    if not isinstance(said, Mapping) or not all(
        _is_name(process) and isinstance(names, Mapping) for process, names in said.items()
    ):
        raise ValueRefused("A mapping says for each process which element becomes which.", field="mapping")
    for process, names in said.items():
        for old, new in names.items():
            if not (_is_name(old) and _is_name(new)):
                raise ValueRefused(
                    f"The mapping of {process} names what can be no element, at {str(old)[:40]!a}.",
                    field="mapping",
                )
    return said


def _is_name(said: Any) -> bool:
    return isinstance(said, str) and len(said) <= LONGEST_NAME


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

    @property
    def why_not(self) -> str:
        """The reasons in one sentence after another, the first of them where there are very many."""
        more = len(self.reasons) - MOST_TOLD
        told = " ".join(self.reasons[:MOST_TOLD])
        return f"{told} And {more} more: a dry run tells them." if more > 0 else told
