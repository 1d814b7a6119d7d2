"""Everything the store in memory holds: plain tables of frozen rows, read freely and written through the unit of work."""

from __future__ import annotations

from typing import Any

from engine.domain.events import HistoryEvent
from engine.domain.running import (
    BufferedMessage,
    CommandDone,
    Incident,
    Instance,
    OutboxMessage,
    Release,
    Scope,
    StartTimer,
    Subscription,
    Timer,
    VersionTag,
)
from engine.domain.steering import BulkItem
from engine.domain.task import Draft, Task
from engine.domain.working_time import Calendar
from engine.memory.journal import Counters, Journal, Log, Table

KINDS = (
    "complaints",
    "information",
    "attachments",
    "requests",
    "clocks",
    "plans",
    "answers",
    "notices",
    "volumes",
    "people",
    "grants",
    "units",
)
"""The kinds of rows that are known by an id of their own: `ports.UnitOfWork` has one attribute for each."""

STEERING_KINDS = ("held_messages", "migrations", "bulks")
"""Those that `ports.Steering` keeps."""


class Tables:
    """The tables, and the journal that undoes what an open transaction wrote."""

    def __init__(self) -> None:
        journal = self.journal = Journal()
        self.rows: dict[str, Table[int, Any]] = {kind: Table(journal) for kind in KINDS + STEERING_KINDS}
        self.tasks = Table[tuple[int, int], Task](journal)
        self.drafts = Table[tuple[int, int, int], Draft](journal)
        self.instances = Table[int, Instance](journal)
        self.scopes = Table[tuple[int, int], Scope](journal)
        self.timers = Table[tuple[int, int], Timer](journal)
        self.subscriptions = Table[tuple[int, int], Subscription](journal)
        self.incidents = Table[int, Incident](journal)
        self.bulk_items = Table[tuple[int, int], BulkItem](journal)
        self.messages = Table[int, BufferedMessage](journal)
        self.start_timers = Table[tuple[str, str], StartTimer](journal)
        self.tags = Table[tuple[str, str, str], VersionTag](journal)
        self.releases = Table[int, Release](journal)
        self.events = Log[HistoryEvent](journal)
        self.outbox = Table[int, OutboxMessage](journal)
        self.calendars = Table[str, Calendar](journal)
        self.commands = Table[str, CommandDone](journal)
        self.settings = Table[str, str](journal)
        self.counters = Counters(journal)

    def copy(self) -> Tables:
        """Tables of their own with the same rows; rows are frozen and shared."""
        made = Tables()
        for kind, rows in self.rows.items():
            made.rows[kind].update(rows)
        for name, table in vars(self).items():
            if isinstance(table, Table):
                getattr(made, name).update(table)
        made.events.extend(self.events)
        made.counters.copy_of(self.counters)
        return made


def matches(row: Any, equals: dict[str, Any]) -> bool:
    """Whether the columns of a row equal these values; a tuple, list or set means any of them."""
    for name, wanted in equals.items():
        found = getattr(row, name)
        many = isinstance(wanted, (tuple, list, set, frozenset))
        if found not in wanted if many else found != wanted:
            return False
    return True
