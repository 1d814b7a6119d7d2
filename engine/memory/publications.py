"""What starts and is heard beside the instances: buffered messages, start timers, version tags."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.domain.errors import ChangedMeanwhile, NotFound
from engine.domain.running import BufferedMessage, StartTimer, VersionTag
from engine.memory.json_values import as_json
from engine.memory.tables import Tables, matches


class MemoryPublications:
    """Kept messages, start timers and tags."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def add_message(self, message: BufferedMessage) -> BufferedMessage:
        """Keep a message; raises ChangedMeanwhile if one with its id was kept meanwhile."""
        known = self.messages(message.name, message.key)
        if message.message_id is not None and message.message_id in [each.message_id for each in known]:
            raise ChangedMeanwhile(reason=f"message {message.message_id}")
        id = self.tables.counters.next("messages")
        made = replace(message, id=id, variables=as_json(message.variables))
        self.tables.messages.put(id, made)
        return made

    def messages(self, name: str, key: str | Sequence[str]) -> list[BufferedMessage]:
        """The kept messages of this name and key, or of any of these keys, oldest first, expired ones too."""
        keys = [key] if isinstance(key, str) else key
        found = [each for each in self.tables.messages.values() if each.name == name and each.key in keys]
        return sorted(found, key=lambda each: (each.published_at, each.id))

    def save_message(self, message: BufferedMessage) -> None:
        """Write who heard it; raises NotFound."""
        if message.id not in self.tables.messages:
            raise NotFound()
        self.tables.messages.put(message.id, message)

    def drop_messages(self, *, expired_by: datetime) -> int:
        """Forget the messages whose time is over; how many."""
        over = [each.id for each in self.tables.messages.values() if each.expires_at <= expired_by]
        for id in over:
            self.tables.messages.drop(id)
        return len(over)

    def start_timers(self, **equals: Any) -> list[StartTimer]:
        """Start timers whose columns equal these values."""
        found = [timer for timer in self.tables.start_timers.values() if matches(timer, equals)]
        return sorted(found, key=lambda timer: (timer.process, timer.element))

    def due_start_timers(self, *, by: datetime, limit: int) -> list[StartTimer]:
        """Start timers that are due by then, earliest first."""
        due = [(timer.due_at, timer) for timer in self.start_timers() if timer.due_at is not None]
        return [timer for at, timer in sorted(due, key=lambda pair: pair[0]) if at <= by][:limit]

    def put_start_timer(self, timer: StartTimer) -> None:
        """Insert a start timer."""
        self.tables.start_timers.put((timer.process, timer.element), timer)

    def save_start_timer(self, timer: StartTimer) -> None:
        """Write a changed one under its version; raises ChangedMeanwhile."""
        key = (timer.process, timer.element)
        before = self.tables.start_timers.get(key)
        if before is None or before.version != timer.version:
            raise ChangedMeanwhile()
        if before != timer:
            self.tables.start_timers.put(key, replace(timer, version=timer.version + 1))

    def drop_start_timer(self, process: str, element: str) -> None:
        """Remove one; a missing one is no error."""
        self.tables.start_timers.drop((process, element))

    def put_tag(self, tag: VersionTag) -> None:
        """Insert, or say that a newer release has the tag."""
        self.tables.tags.put((tag.kind, tag.name, tag.tag), tag)

    def tagged(self, kind: str, name: str, tag: str) -> int | None:
        """The newest release that has this definition with this tag."""
        found = self.tables.tags.get((kind, name, tag))
        return None if found is None else found.release_id
