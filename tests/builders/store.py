"""The store in memory with a clock that tests move by setting `store.now`."""

from datetime import UTC, datetime

from engine.memory import Store, Tables
from engine.runtime.clock import MovableClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class MovedStore(Store):
    """`store.now += timedelta(days=1)` lets a day pass."""

    def __init__(self, now: datetime = START, tables: Tables | None = None) -> None:
        self.hands = MovableClock(now)
        super().__init__(self.hands, tables)

    @property
    def now(self) -> datetime:
        """The present moment; setting it moves the clock."""
        return self.hands.now()

    @now.setter
    def now(self, moment: datetime) -> None:
        self.hands.move_to(moment)
