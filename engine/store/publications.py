"""What starts and is heard beside the instances: buffered messages, start timers, version tags."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, delete, select
from sqlalchemy.sql.expression import ClauseElement

from engine.domain.running import BufferedMessage, StartTimer, VersionTag
from engine.store import tables
from engine.store.column_types import UtcDateTime
from engine.store.rows import Makers, RowsTogether, StoredRows
from engine.store.statements import first

MESSAGE, START = tables.buffered_message.c, tables.start_timer.c
OLDEST_FIRST = (MESSAGE.published_at, MESSAGE.id)


class PublicationRows(RowsTogether):
    """These rows inside the open transaction."""

    _messages: StoredRows[BufferedMessage]
    _start_timers: StoredRows[StartTimer]
    _tags: StoredRows[VersionTag]
    MADE: ClassVar[Makers] = {
        "_messages": lambda wire: StoredRows(wire, BufferedMessage, order=OLDEST_FIRST),
        "_start_timers": lambda wire: StoredRows(wire, StartTimer),
        "_tags": lambda wire: StoredRows(wire, VersionTag),
    }

    def add_message(self, message: BufferedMessage) -> BufferedMessage:
        """Keep a message; raises ChangedMeanwhile if one with its id was kept meanwhile."""
        return self._messages.add(message)

    def messages(self, name: str, key: str | Sequence[str]) -> list[BufferedMessage]:
        """The kept messages of this name and key, or of any of these keys, oldest first, expired ones too."""
        return self._messages.find(name=name, key=key)

    def save_message(self, message: BufferedMessage) -> None:
        """Write who heard it."""
        self._messages.save(message)

    def drop_messages(self, *, expired_by: datetime) -> int:
        """Forget the messages whose time is over; how many."""
        rows = self._messages
        rows.flush()
        rows.forget()
        by = rows.shape.to_column("expires_at", expired_by)
        return rows.wire.count(rows.prepared("drop expired", _expired), (by,))

    def start_timers(self, **equals: Any) -> list[StartTimer]:
        """Start timers whose columns equal these values."""
        return self._start_timers.find(**equals)

    def due_start_timers(self, *, by: datetime, limit: int) -> list[StartTimer]:
        """Start timers that are due by then, earliest first."""
        rows = self._start_timers
        statement = rows.prepared("due", lambda: _due(rows.columns()))
        return rows.ask(statement, (rows.shape.to_column("due_at", by), limit))

    def put_start_timer(self, timer: StartTimer) -> None:
        """Insert a start timer."""
        self._start_timers.put(timer)

    def save_start_timer(self, timer: StartTimer) -> None:
        """Write a changed one under its version; raises ChangedMeanwhile."""
        self._start_timers.save(timer)

    def drop_start_timer(self, process: str, element: str) -> None:
        """Remove one; a missing one is no error."""
        self._start_timers.drop((process, element))

    def put_tag(self, tag: VersionTag) -> None:
        """Insert, or say that a newer release has the tag."""
        self._tags.look((tag.kind, tag.name, tag.tag))
        self._tags.put(tag)

    def tagged(self, kind: str, name: str, tag: str) -> int | None:
        """The newest release that has this definition with this tag."""
        found = self._tags.look((kind, name, tag))
        return None if found is None else found.release_id


def _expired() -> ClauseElement:
    return delete(tables.buffered_message).where(MESSAGE.expires_at <= bindparam("by", type_=UtcDateTime))


def _due(columns: Sequence[Any]) -> ClauseElement:
    due = select(*columns).where(START.due_at <= bindparam("by", type_=UtcDateTime)).order_by(START.due_at)
    return first(due, "limit")
