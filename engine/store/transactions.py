"""Transactions of the driver, as units of work are given them. Only here they are made to last.

On PostgreSQL every command has a connection and a transaction of its own; how SQLite's share theirs stands in `turns`.
"""

import sqlite3
from typing import Protocol

import psycopg
from sqlalchemy import exc

from engine.domain.errors import Unavailable
from engine.store.connections import Connections, Lent, line_of
from engine.store.pipeline import Pipeline
from engine.store.wire import Wire

NOT_REACHED = (
    exc.TimeoutError,
    exc.OperationalError,
    psycopg.OperationalError,
    sqlite3.OperationalError,
)


class Transaction(Protocol):
    """The transaction of one command. Exactly one of `keep` and `undo` ends it; then its wire leads nowhere."""

    @property
    def wire(self) -> Wire:
        """What its statements go over."""

    def keep(self) -> None:
        """Make it last; when this returns, it is on the disk. Raises what the driver raises, and then nothing was kept."""

    def undo(self) -> None:
        """Take back everything the command wrote."""


class Transactions(Protocol):
    """What begins them."""

    def begin(self) -> Transaction:
        """A new transaction; raises Unavailable."""

    def close(self) -> None:
        """Let idle connections go."""


def lend(connections: Connections) -> Lent:
    """A connection outside of any transaction; raises Unavailable."""
    try:
        return connections.lend()
    except NOT_REACHED as error:
        raise Unavailable(reason=str(error)) from error


def commit(lent: Lent) -> None:
    """Make what was written on a connection last."""
    lent.driver.commit()


def roll_back(connections: Connections, lent: Lent) -> None:
    """Take back what was written on a connection, and give the connection back."""
    try:
        lent.driver.rollback()
    except Exception:
        # The connection is lost, and with it the transaction: it must not be given out again.
        connections.lose(lent)
    else:
        connections.take_back(lent)


class Alone:
    """Each command on a connection of its own; its transaction begins with the first statement."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def begin(self) -> "Single":
        """A new transaction; raises Unavailable."""
        return Single(self._connections, lend(self._connections))

    def close(self) -> None:
        """Let idle connections go."""
        self._connections.close()


class Single:
    """A transaction nobody else has a part in."""

    __slots__ = ("_connections", "_lent", "wire")

    def __init__(self, connections: Connections, lent: Lent) -> None:
        self._connections = connections
        self._lent = lent
        self.wire = Pipeline(line_of(lent.pooled))

    def keep(self) -> None:
        """Make it last, with what still waits to be sent."""
        try:
            self.wire.finish("COMMIT")
        except BaseException:
            self.undo()
            raise
        self.wire.end()
        self._connections.take_back(self._lent)

    def undo(self) -> None:
        """Take back everything."""
        self.wire.end()
        roll_back(self._connections, self._lent)
