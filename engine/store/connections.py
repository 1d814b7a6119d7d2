"""Open connections of the driver, lent to one transaction after another without the work a pool does at every turn.

SQLAlchemy's pool opens them and counts them; the few that are kept open here are only asked whether they still live
when they were idle for a while.
"""

import contextlib
import time
from collections import deque
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection

from engine.store.pipeline import Line

STALE_SECONDS = 30.0
"""After so long a server or a firewall may have closed an idle connection; and so long nobody needed it."""


class Lent:
    """One connection in the hands of one transaction: the driver's own connection, and the one cursor SQLite's is used by.

    Python's sqlite3 resets a statement when a cursor goes that ran it, even where another cursor runs it at that
    moment in another thread; so cursors never go while their connection lives.
    """

    __slots__ = ("cursor", "driver", "idle_since", "pooled")

    def __init__(self, pooled: PoolProxiedConnection) -> None:
        self.pooled = pooled
        driver: Any = pooled.driver_connection
        self.driver = driver
        self.cursor: Any = driver.cursor()
        self.idle_since = 0.0


def line_of(pooled: PoolProxiedConnection, begin: str = "BEGIN") -> Line:
    """The line of a connection to PostgreSQL: its server knows names of statements as long as the connection lives."""
    found: Line | None = pooled.info.get("line")
    if found is None:
        driver: Any = pooled.driver_connection
        found = pooled.info["line"] = Line(driver, begin)
    return found


class Connections:
    """The connections of one database for writing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asks_when_stale = engine.dialect.name != "sqlite"
        self._idle: deque[Lent] = deque()

    def lend(self) -> Lent:
        """A connection outside of any transaction; raises the driver's error, or that all of them are in use."""
        while self._idle:
            try:
                lent = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if not self._asks_when_stale or time.monotonic() - lent.idle_since < STALE_SECONDS:
                return lent
            if _lives(lent):
                return lent
            self.lose(lent)
        return Lent(self._engine.raw_connection())

    def take_back(self, lent: Lent) -> None:
        """It is outside of any transaction again. The newest are lent first, and what nobody needs goes to the pool."""
        lent.idle_since = time.monotonic()
        self._idle.append(lent)
        if self._asks_when_stale:
            with contextlib.suppress(IndexError):  # another thread was faster
                if lent.idle_since - self._idle[0].idle_since > STALE_SECONDS:
                    self._idle.popleft().pooled.close()

    def lose(self, lent: Lent) -> None:
        """It does not work any more; those that were idle meanwhile may be as dead, so none of them is lent again."""
        for each in (lent, *self._taken()):
            with contextlib.suppress(Exception):
                each.pooled.invalidate()
            with contextlib.suppress(Exception):
                each.pooled.close()

    def close(self) -> None:
        """Close all that are idle."""
        for lent in self._taken():
            lent.pooled.close()

    def _taken(self) -> list[Lent]:
        taken = []
        with contextlib.suppress(IndexError):
            while True:
                taken.append(self._idle.pop())
        return taken


def _lives(lent: Lent) -> bool:
    try:
        lent.cursor.execute("SELECT 1")
        lent.driver.rollback()
    except Exception:  # whatever it is: the connection cannot be used
        return False
    return True
