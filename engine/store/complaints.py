"""The register of complaints: numbers without gaps, and each message once."""

from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.complaint import Complaint
from engine.store.advisory import hold
from engine.store.rows import StoredRows
from engine.store.tables import number_series
from engine.store.wire import Wire
from engine.store.word_index import WordIndex, texts_of


class ComplaintRows(StoredRows[Complaint]):
    """The complaints inside the open transaction."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire, Complaint)
        self._words = WordIndex(wire)

    def add(self, row: Complaint) -> Complaint:
        """Insert now, for the id; its words are found from now on."""
        added = super().add(row)
        self._words.changed(None, added)
        return added

    def save(self, row: Complaint) -> Complaint:
        """Write under its version; raises ChangedMeanwhile. Archived, it is no longer found by its words."""
        before = self.by_key(row.id)
        saved = super().save(row)
        self._words.changed(before, saved)
        return saved

    def keep_findable(self, id: int) -> None:
        """It gets a task: an archived one is found by its words again."""
        complaint = self.look(id)
        if complaint is not None and complaint.archived_at is not None:
            self._words.put(id, texts_of(complaint))

    def by_number(self, number: str) -> Complaint | None:
        """The complaint with this public number."""
        return next(iter(self.find(number=number)), None)

    def by_intake_key(self, key: str) -> Complaint | None:
        """The complaint this message made earlier, if it did; the same message meanwhile waits for this transaction."""
        hold(self.wire, f"intake {key}")
        return next(iter(self.find(intake_key=key)), None)

    def next_number(self, year: int) -> str:
        """The next number of the year; the series is held until the transaction ends, so it has no gaps."""
        (last,) = self.wire.insert(self.prepared("next number", self._next_number), (year, 1))
        return f"C-{year}-{last:06d}"

    def _next_number(self) -> ClauseElement:
        dialect_insert: Any = sqlite.insert if self.wire.dialect == "sqlite" else postgresql.insert
        statement = dialect_insert(number_series).values(year=bindparam("to_year"), last=bindparam("to_last"))
        counted: ClauseElement = statement.on_conflict_do_update(
            index_elements=["year"], set_={"last": number_series.c.last + statement.excluded.last}
        ).returning(number_series.c.last)
        return counted
