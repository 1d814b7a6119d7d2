"""What is the store in memory's own: copies, and one transaction at a time. What every store does: tests/store."""

from datetime import UTC, datetime

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.errors import Unavailable
from engine.memory import FilesInMemory, Store
from engine.runtime.clock import MovableClock
from tests.store.rows import a_complaint

CLOCK = MovableClock(datetime(2026, 11, 23, tzinfo=UTC))


def test_a_copy_goes_its_own_way() -> None:
    store = Store(CLOCK)
    with store.unit_of_work() as work:
        first = work.complaints.add(a_complaint())
    copied = Store(CLOCK, store.tables.copy())

    with copied.unit_of_work() as work:
        second = work.complaints.add(a_complaint(number="C-2", intake_key="2"))

    assert second.id == first.id + 1
    assert list(store.tables.rows["complaints"].values()) == [first]
    assert list(copied.tables.rows["complaints"].values()) == [first, second]


def test_a_transaction_inside_another_is_refused_and_not_waited_for() -> None:
    store = Store(CLOCK)

    with store.unit_of_work(SYSTEM), pytest.raises(Unavailable), store.unit_of_work(SYSTEM):
        pass
    with store.unit_of_work(SYSTEM) as work:
        assert work.complaints.find() == []


def test_an_undone_transaction_leaves_no_trace_in_any_table() -> None:
    store = Store(CLOCK)
    before = {name: dict(rows) for name, rows in store.tables.rows.items()}

    def fail_midway() -> None:
        with store.unit_of_work() as work:
            work.complaints.add(a_complaint())
            work.put_setting("demo", "yes")
            work.put_setting("demo", "no")
            work.remember("key", {})
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError):
        fail_midway()

    assert {name: dict(rows) for name, rows in store.tables.rows.items()} == before
    assert (dict(store.tables.settings), dict(store.tables.commands)) == ({}, {})
    assert len(store.tables.journal) == 0


def test_equal_files_are_kept_once() -> None:
    files = FilesInMemory()

    assert files.put(b"one", name="a.txt") == files.put(b"one", name="b.txt")
    assert len(files.kept) == 1
