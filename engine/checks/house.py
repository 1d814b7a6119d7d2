"""What every definition may count on, whatever the files: operations, roles, the complaint, messages, starts, functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from engine.checks.shapes import ANY, Shape, of_names
from engine.domain.complaint import WRITABLE
from engine.domain.facts import INNER, READERS
from engine.domain.organisation import Role
from engine.memory import FilesInMemory
from engine.operations import build_operations
from engine.operations.multi_instance import BY_ENGINE
from engine.operations.registry import Operation
from engine.use_cases.published import MESSAGES, STARTS, WARNING, Start

FORM_CONTEXT: Mapping[str, Shape] = {"departments": of_names({"value": None, "label": None}), "language": ANY}
"""What the desk lays before every form besides the complaint and the task's own variables."""


@dataclass(frozen=True)
class House:
    """The words a designer may use that no file defines."""

    operations: Mapping[str, Operation]
    roles: frozenset[str]
    complaint: Shape
    writable: frozenset[str]
    messages: Mapping[str, Shape]
    starts: Mapping[str, Start]
    warning: Shape

    def throws(self, operation: str) -> frozenset[str] | None:
        """The codes of the errors an operation throws on purpose; None where the operation is not known."""
        found = self.operations.get(operation)
        return None if found is None else frozenset(found.errors)


@cache
def our_house() -> House:
    """The house as it is built."""
    return House(
        # asked for their names and schemas alone: nothing is stored
        operations={**build_operations(FilesInMemory()), **{each.name: each for each in BY_ENGINE}},
        roles=frozenset(str(role) for role in Role),
        complaint=_complaint(),
        writable=WRITABLE,
        messages={name: of_names(names) for name, names in MESSAGES.items()},
        starts=STARTS,
        warning=of_names(WARNING),
    )


def _complaint() -> Shape:
    members = {name: ANY for name in READERS}
    for name, inner in INNER.items():
        members[name] = Shape({each: ANY for each in inner})
    members["clocks"] = Shape(open=True)  # by the names that time_limits.dmn gives them
    return Shape(members)
