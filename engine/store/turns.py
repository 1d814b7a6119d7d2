"""How SQLite's commands share transactions: it has one writer, and most of what that does is waiting for the disk.

Commands take turns on one connection, and those that wait for a turn while another one works join its transaction,
each behind a savepoint of its own. They are done, all at once, when it is on the disk; one that fails takes back what
it wrote itself, and nothing else.
"""

import sqlite3
from _thread import LockType, allocate_lock
from collections import deque

from engine.domain.errors import Unavailable
from engine.store.connections import Connections, Lent
from engine.store.database import TURN_SECONDS
from engine.store.transactions import NOT_REACHED, commit, lend, roll_back
from engine.store.wire import Wire

MOST_TOGETHER = 64
"""Commands that share one commit: a bound on how long the first of them waits."""


class Group:
    """One transaction, and the commands that are done in it and wait for its commit."""

    __slots__ = ("cursor", "error", "lent", "waiting")

    def __init__(self, lent: Lent) -> None:
        self.lent = lent
        self.cursor = lent.cursor
        self.waiting: list[LockType] = []
        self.error: BaseException | None = None

    def over(self, error: BaseException | None) -> None:
        """Wake all who wait; with an error, to tell them that nothing was kept."""
        self.error = error
        for lock in self.waiting:
            lock.release()


class Member:
    """The part one command has in a shared transaction; `joined` if others were in it before."""

    __slots__ = ("_turns", "group", "joined", "wire")

    def __init__(self, turns: "Turns", group: Group, *, joined: bool) -> None:
        self._turns = turns
        self.group = group
        self.joined = joined
        self.wire = Wire(group.cursor)

    def keep(self) -> None:
        """Make it last, with the others."""
        self.wire.end()
        self._turns.keep(self)

    def undo(self) -> None:
        """Take back what this command wrote; what those before it wrote is kept."""
        self.wire.end()
        self._turns.undo(self)


class Turns:
    """The writers of one database in this process, one at a time."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._door = allocate_lock()  # guards the three below
        self._queue: deque[LockType] = deque()
        self._taken = False
        self._group: Group | None = None

    def begin(self) -> Member:
        """Wait for the turn, and join the transaction that is open, or open one; raises Unavailable."""
        self._take()
        group = self._group
        if group is None:
            return Member(self, self._opened(), joined=False)
        self._execute(group, "SAVEPOINT command")
        return Member(self, group, joined=True)

    def close(self) -> None:
        """Let idle connections go."""
        self._connections.close()

    def keep(self, member: Member) -> None:
        """A command is done: whoever waits for the turn will commit, or else this one does, for all."""
        group = member.group
        if member.joined:
            self._execute(group, "RELEASE command")
        mine = allocate_lock()
        mine.acquire()
        if not self._handed_on(group, mine):
            self._commit(group)
            return
        mine.acquire()
        if group.error is not None:
            raise Unavailable(reason=str(group.error)) from group.error

    def undo(self, member: Member) -> None:
        """A command failed: its writes are taken back; those before it are kept, if the database still holds them."""
        group = member.group
        if not member.joined:
            self._end(group, None)
            return
        try:
            group.cursor.execute("ROLLBACK TO command")
            group.cursor.execute("RELEASE command")
            if not self._handed_on(group):
                self._commit(group)
        except sqlite3.Error as error:  # told to those who wait: this command has an error of its own
            self._end(group, error)

    def _take(self) -> None:
        with self._door:
            if not self._taken:
                self._taken = True
                return
            mine = allocate_lock()
            mine.acquire()
            self._queue.append(mine)
        if mine.acquire(timeout=TURN_SECONDS):
            return
        with self._door:
            if mine in self._queue:
                self._queue.remove(mine)
                raise Unavailable(reason="other commands took too long")

    def _give(self) -> None:
        with self._door:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False

    def _handed_on(self, group: Group, mine: LockType | None = None) -> bool:
        """Give the turn to the next in the queue, who takes care of the group; False if nobody should."""
        with self._door:
            if not self._queue or len(group.waiting) >= MOST_TOGETHER:
                return False
            if mine is not None:
                group.waiting.append(mine)
            self._queue.popleft().release()
            return True

    def _opened(self) -> Group:
        try:
            lent = lend(self._connections)
            try:
                lent.cursor.execute("BEGIN IMMEDIATE")
            except BaseException:
                roll_back(self._connections, lent)
                raise
        except BaseException as error:
            self._give()
            if isinstance(error, NOT_REACHED):
                raise Unavailable(reason=str(error)) from error
            raise
        self._group = group = Group(lent)
        return group

    def _execute(self, group: Group, text: str) -> None:
        """A savepoint's statement; it fails only when the transaction is gone, and that is told to all in it."""
        try:
            group.cursor.execute(text)
        except sqlite3.Error as error:
            self._end(group, error)
            raise Unavailable(reason=str(error)) from error

    def _commit(self, group: Group) -> None:
        try:
            commit(group.lent)
        except BaseException as error:
            self._end(group, error)
            raise
        self._group = None
        self._connections.take_back(group.lent)
        self._give()
        group.over(None)

    def _end(self, group: Group, error: BaseException | None) -> None:
        if self._group is not group:
            return  # ended already
        self._group = None
        roll_back(self._connections, group.lent)
        self._give()
        group.over(error)
