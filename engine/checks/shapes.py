"""What is known of a value before anything runs: which members it may have, or that it may have any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """The members a value may have; `open`: any besides. A list has the members of its items, as in FEEL's paths."""

    members: Mapping[str, Shape] = field(default_factory=dict)
    open: bool = False

    def __or__(self, other: Shape) -> Shape:
        return _joined(self, other, DEEPEST)

    def member(self, name: str) -> Shape | None:
        """The shape of a member; None where there is none."""
        return self.members.get(name, ANY if self.open else None)


ANY = Shape(open=True)
"""A value nothing is known of: plain ones, too, for dates and durations have members."""

NOTHING = Shape()
"""null, or a context without entries."""


def of_names(names: Mapping[str, Any]) -> Shape:
    """The shape of a context with these names; a name inside a name is written as a mapping, None is a plain value."""
    return Shape({name: ANY if inner is None else of_names(inner) for name, inner in names.items()})


def of_keys(keys: Iterable[str]) -> dict[str, Shape]:
    """The variables that answers under dotted keys become: `a.b` is the member b of a."""
    found: dict[str, Shape] = {}
    for key in keys:
        root, *path = key.split(".")
        found[root] = found.get(root, NOTHING) | nested(path, ANY)
    return found


def nested(path: list[str], shape: Shape) -> Shape:
    """A context in a context in a context, with this shape in the innermost."""
    return reduce(lambda inner, name: Shape({name: inner}), reversed(path), shape)


def joined(shapes: Iterable[Shape]) -> Shape:
    """What a value may be that is one of these."""
    return reduce(lambda one, other: one | other, shapes, NOTHING)


def _joined(one: Shape, other: Shape, depth: int) -> Shape:
    if one is other or other is NOTHING:
        return one
    if one is NOTHING:
        return other
    if not depth:
        return ANY
    members = dict(one.members)
    for name, inner in other.members.items():
        members[name] = _joined(members[name], inner, depth - 1) if name in members else inner
    return Shape(members, one.open or other.open)
