"""Copies of frozen rows, made quickly: a completion changes several wide ones.

Rows are frozen dataclasses that keep their fields in a dictionary, so a copy is one update of it: what
`dataclasses.replace` does, at a quarter of the time.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

T = TypeVar("T")
_new = object.__new__


def evolve(row: T, **changes: Any) -> T:
    """A copy with these fields changed; a name that is no field is a mistake of the caller's."""
    before = row.__dict__
    copy = _new(type(row))
    fields = copy.__dict__
    fields.update(before)
    fields |= changes
    assert len(fields) == len(before), f"{type(row).__name__} has no {sorted(fields.keys() - before.keys())}"
    return copy


def filled(kind: type[T], fields: Iterable[tuple[str, Any]]) -> T:
    """A row of all its fields, in their order."""
    row = _new(kind)
    row.__dict__.update(fields)
    return row
