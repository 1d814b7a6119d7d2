"""SQLite's commands share transactions: together on the disk, apart in what they wrote."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from engine.domain.errors import Unavailable
from engine.store import turns
from engine.store.connections import Connections
from engine.store.database import writing_engine
from engine.store.turns import Member, Turns

Work = Callable[[Member], object]


class Register:
    """A table of names, written to by commands that take turns."""

    def __init__(self, file: Path) -> None:
        self.engine = writing_engine(f"sqlite:///{file}")
        self.turns = Turns(Connections(self.engine))
        self.people = ThreadPoolExecutor(32)
        self.seen: list[str] = []
        self.told: list[str] = []
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE name (name TEXT PRIMARY KEY)")
            connection.execute("CREATE TABLE page (name TEXT REFERENCES name (name))")
        self.file = file

    def command(self, work: Work) -> None:
        """One command: what it writes is kept if it ends well."""
        member = self.turns.begin()
        member.group.lent.driver.set_trace_callback(self.told.append)
        try:
            work(member)
        except BaseException:
            member.undo()
            raise
        member.keep()

    def write(self, name: str) -> Work:
        """Write a name."""
        return lambda member: member.group.cursor.execute("INSERT INTO name VALUES (?)", (name,))

    def together(self, *works: Work) -> list[Future[None]]:
        """Commands that all come while another one works, in this order."""
        hold, begun = Event(), Event()

        def first(member: Member) -> None:
            begun.set()
            hold.wait(10)

        futures = [self.people.submit(self.command, first)]
        begun.wait(10)
        for count, work in enumerate(works, 1):
            futures.append(self.people.submit(self.command, work))
            while len(self.turns._queue) < count:
                pass
        hold.set()
        for future in futures:
            future.exception(10)
        return futures[1:]

    @property
    def names(self) -> list[str]:
        """What is on the disk."""
        with sqlite3.connect(self.file) as connection:
            return [row[0] for row in connection.execute("SELECT name FROM name ORDER BY name")]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    made = Register(tmp_path / "names.db")
    yield made
    made.people.shutdown()
    made.turns.close()
    made.engine.dispose()


def fail(member: Member) -> None:
    member.group.cursor.execute("INSERT INTO name VALUES ('never')")
    raise RuntimeError("no")


def break_the_commit(member: Member) -> None:
    """What SQLite finds out only when it commits."""
    member.group.cursor.execute("PRAGMA defer_foreign_keys = ON")
    member.group.cursor.execute("INSERT INTO page VALUES ('nobody')")


def give_up(member: Member) -> None:
    """SQLite takes back the whole transaction by itself, as it does when the disk is full."""
    member.group.cursor.execute("ROLLBACK")
    raise sqlite3.OperationalError("database or disk is full")


def test_commands_that_wait_for_one_another_share_one_commit(register: Register) -> None:
    register.together(*[register.write(name) for name in "abcdef"])

    assert register.names == list("abcdef")
    assert register.told.count("COMMIT") == 1


def test_a_command_alone_is_on_the_disk_when_it_is_done(register: Register) -> None:
    register.command(register.write("a"))

    assert register.names == ["a"]
    assert "SAVEPOINT command" not in register.told


def test_one_that_fails_takes_back_what_it_wrote_and_nothing_else(register: Register) -> None:
    before, failed, after = register.together(register.write("a"), fail, register.write("b"))

    assert isinstance(failed.exception(), RuntimeError)
    assert (before.exception(), after.exception()) == (None, None)
    assert register.names == ["a", "b"]


def test_one_that_fails_last_leaves_nobody_waiting(register: Register) -> None:
    before, failed = register.together(register.write("a"), fail)

    assert isinstance(failed.exception(), RuntimeError)
    assert before.exception() is None
    assert register.names == ["a"]


def test_a_commit_that_fails_is_told_to_everybody_in_it(register: Register) -> None:
    futures = register.together(register.write("a"), break_the_commit, register.write("b"))

    assert all(future.exception() is not None for future in futures)
    assert isinstance(futures[0].exception(), Unavailable)
    assert register.names == []
    register.command(register.write("later"))
    assert register.names == ["later"]


def test_a_transaction_the_database_gave_up_is_told_to_everybody_in_it(register: Register) -> None:
    before, failed, after = register.together(register.write("a"), give_up, register.write("b"))

    assert isinstance(before.exception(), Unavailable)
    assert isinstance(failed.exception(), sqlite3.OperationalError)
    assert after.exception() is None
    assert register.names == ["b"]


def test_no_more_than_so_many_share_a_commit(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST_TOGETHER", 2)

    register.together(*[register.write(name) for name in "abcdef"])

    assert register.names == list("abcdef")
    assert register.told.count("COMMIT") == 3


def test_who_waits_too_long_for_a_turn_is_told_so(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.01)
    member = register.turns.begin()

    with pytest.raises(Unavailable):
        register.command(register.write("a"))
    member.keep()

    register.command(register.write("b"))
    assert register.names == ["b"]


def test_of_many_at_once_every_one_that_ended_well_is_kept_and_no_other(register: Register) -> None:
    def work(number: int) -> bool:
        try:
            register.command(fail if number % 3 == 0 else register.write(f"{number:04}"))
        except RuntimeError:
            return False
        return True

    ended_well = list(register.people.map(work, range(600)))

    assert register.names == [f"{number:04}" for number, well in enumerate(ended_well) if well]
    assert sum(ended_well) == 400
