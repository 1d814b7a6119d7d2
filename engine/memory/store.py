"""The store in memory: opens units of work, one at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident

from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import Unavailable
from engine.domain.events import HistoryEvent
from engine.memory.tables import Tables
from engine.memory.unit_of_work import MemoryUnitOfWork
from engine.ports import Clockwork


class Store:
    """One database in memory: one transaction at a time, kept if it ends well, else forgotten."""

    def __init__(self, clock: Clockwork, tables: Tables | None = None) -> None:
        self.tables = tables or Tables()
        self.clock = clock
        self._lock = Lock()
        self._holder: int | None = None

    @contextmanager
    def unit_of_work(self, actor: Actor = SYSTEM) -> Iterator[MemoryUnitOfWork]:
        """The one transaction of a command; a second one inside it would wait for itself, and is Unavailable."""
        if self._holder == get_ident():
            raise Unavailable(reason="A transaction is open in this thread.")
        with self._lock:
            self._holder = get_ident()
            try:
                with self.tables.journal.undone_by_an_exception():
                    yield MemoryUnitOfWork(self.tables, self.clock.now(), actor)
            finally:
                self._holder = None
                self.tables.journal.forget()

    def events(self, kind: str | None = None) -> list[HistoryEvent]:
        """The history, or that of one kind."""
        return [event for event in self.tables.events if kind is None or event.kind == kind]
