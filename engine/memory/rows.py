"""Rows that are known by an id of their own, and the register of complaints among them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Generic, TypeVar

from engine.domain.complaint import Complaint
from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.memory.tables import Tables, matches

T = TypeVar("T")

UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "complaints": (("number",), ("intake_key",)),
    "units": (("code",),),
    "people": (("login",),),
    "grants": (("person_id", "role", "unit_id"),),
    "volumes": (("complaint_id", "number"), ("previous_link",)),
}
"""The columns of each kind that no two rows share."""


class MemoryRows(Generic[T]):
    """Rows of one kind."""

    def __init__(self, tables: Tables, kind: str) -> None:
        self.tables = tables
        self.kind = kind
        self.rows = tables.rows[kind]

    def get(self, id: int) -> T:
        """The row with this id; raises NotFound."""
        found: T | None = self.rows.get(id)
        if found is None:
            raise NotFound()
        return found

    def find(self, **equals: Any) -> list[T]:
        """Rows whose columns equal these values, by ascending id."""
        return [row for _, row in sorted(self.rows.items()) if matches(row, equals)]

    def add(self, row: T) -> T:
        """Insert; returns the row with its id; raises ChangedMeanwhile where another has what must be unique."""
        self._require_unique(row)
        id = self.tables.counters.next(self.kind)
        made: T = replace(row, id=id)  # type: ignore[type-var]
        self.rows.put(id, made)
        return made

    def save(self, row: T) -> T:
        """Write a changed row under its version; an unchanged one keeps its version. Raises ChangedMeanwhile."""
        changed: Any = row
        before: Any = self.get(changed.id)
        if hasattr(changed, "version"):
            if before.version != changed.version:
                raise ChangedMeanwhile()
            if before == changed:
                return row
            changed = replace(changed, version=changed.version + 1)
        self.rows.put(changed.id, changed)
        saved: T = changed
        return saved

    def _require_unique(self, row: Any) -> None:
        for columns in UNIQUE.get(self.kind, ()):
            values = [getattr(row, name) for name in columns]
            for other in self.rows.values():
                if [getattr(other, name) for name in columns] == values:
                    raise ChangedMeanwhile(reason=f"{self.kind}: {', '.join(columns)}")


class MemoryComplaints(MemoryRows[Complaint]):
    """The register of complaints."""

    def lock(self, id: int) -> Complaint:
        """The row; the whole store is this transaction's alone."""
        return self.get(id)

    def by_number(self, number: str) -> Complaint | None:
        """The complaint with this public number."""
        return next(iter(self.find(number=number)), None)

    def by_intake_key(self, key: str) -> Complaint | None:
        """The complaint this message made earlier, if it did."""
        return next(iter(self.find(intake_key=key)), None)

    def next_number(self, year: int) -> str:
        """The next free number of the year, without gaps."""
        return f"C-{year}-{self.tables.counters.next(('number', year)):06d}"
