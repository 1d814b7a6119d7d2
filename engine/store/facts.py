"""Facts written beside the rows: history, outbox, answers of commands, settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.events import HistoryEvent
from engine.domain.running import OutboxMessage, OutboxState
from engine.store import tables
from engine.store.column_types import UtcDateTime
from engine.store.rows import Memory, StoredRows
from engine.store.statements import first
from engine.store.wire import Wire


class AppendedRows(StoredRows[Any]):
    """Rows that are only ever appended: gathered in order, written in one go."""

    def __init__(self, wire: Wire, row_class: type[Any]) -> None:
        super().__init__(wire, row_class)
        self.appended: list[Any] = []

    def append(self, row: Any) -> None:
        """One more."""
        self.appended.append(row)
        if self.found:
            self.found.clear()

    def remember(self) -> Memory:
        """What is in memory now, for a savepoint."""
        return super().remember(), list(self.appended)

    def restore(self, memory: Memory) -> None:
        """Be as at the savepoint."""
        rows, self.appended = memory
        super().restore(rows)

    def forget(self) -> None:
        """Hold nothing in memory."""
        super().forget()
        self.appended = []

    def flush(self) -> None:
        """Write what waits."""
        super().flush()
        if self.appended:
            to_row = self.shape.to_row
            self.wire.write_many(
                self.prepared("append", self._append), [to_row(row)[:-1] for row in self.appended]
            )
            self.appended = []

    def _append(self) -> ClauseElement:
        """The column `id` comes last in these tables, and the database gives it."""
        values = self._values()
        del values["id"]
        return insert(self.shape.table).values(values).inline()


class HistoryRows(AppendedRows):
    """The history inside the open transaction."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire, HistoryEvent)


class OutboxRows(AppendedRows):
    """The outbox inside the open transaction; a key is there once."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire, OutboxMessage)

    def due(self, by: datetime, limit: int) -> list[OutboxMessage]:
        """Waiting messages that are due, oldest first; those another transaction holds are skipped."""
        values = (OutboxState.WAITING.value, self.shape.to_column("due_at", by), limit)
        return self.ask(self.prepared("due", self._due), values)

    def by_message_key(self, key: str) -> OutboxMessage | None:
        """The message with this key."""
        return next(iter(self.find(key=key)), None)

    def _due(self) -> ClauseElement:
        table = tables.outbox.c
        due = (
            select(*self.columns())
            .where(table.state == bindparam("waiting"), table.due_at <= bindparam("by", type_=UtcDateTime))
            .order_by(table.due_at, table.id)
        )
        return first(due, "limit").with_for_update(skip_locked=True)

    def _append(self) -> ClauseElement:
        values = self._values()
        del values["id"]
        dialect_insert = sqlite.insert if self.wire.dialect == "sqlite" else postgresql.insert
        return (
            dialect_insert(self.shape.table)
            .values(values)
            .inline()
            .on_conflict_do_nothing(index_elements=["key"])
        )
