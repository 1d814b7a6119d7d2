"""What an inbox page costs: it depends on what the page shows, not on how many tasks the bank has open."""

from collections.abc import Iterator

import pytest

from engine.reads import Reads
from engine.reads.branches import Branches, Sort, Wanted
from engine.reads.counting import LIMIT, UpTo
from engine.reads.reading import reading
from engine.reads.words import with_words
from engine.runtime.clock import MovableClock
from engine.store.store import Store
from tests.builders.steps import Steps
from tests.store.rows import NOW, Bank, a_bank, fill

FEW, MORE = 300, 600


@pytest.fixture
def store(sqlite_url: str, clock: MovableClock) -> Iterator[Store]:
    opened = Store(sqlite_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


@pytest.mark.parametrize("sort", ["urgency", "due", "newest"])
def test_who_has_no_tasks_is_told_so_without_a_look_at_those_of_others(
    store: Store, bank: Bank, sort: Sort
) -> None:
    steps, reads = Steps(store.reading), Reads(store.reading, store.clock)

    def look() -> int:
        with steps.counted() as counted:
            pages = [
                reads.inbox(bank.actor("cora"), view=view, sort=sort) for view in ("role", "mine", "late")
            ]
        assert not any(page.rows for page in pages)
        return counted[0]

    fill(store, bank, FEW)
    look()
    among_few = look()
    fill(store, bank, MORE, first=FEW)
    among_more = look()

    assert among_few > 0
    assert among_more <= among_few * 1.05


@pytest.mark.parametrize("sort", ["urgency", "newest"])
def test_the_first_of_many_are_found_without_a_look_at_the_rest(store: Store, bank: Bank, sort: Sort) -> None:
    steps = Steps(store.reading)

    def look() -> int:
        with reading(store.reading, NOW, {}) as opened, steps.counted() as counted:
            branches = Branches(opened, bank.actor("hana"))
            found = list(branches.tasks(Wanted("role", sort=sort), 10, UpTo(LIMIT + 1)))
        assert len(found) == 10
        return counted[0]

    fill(store, bank, FEW)
    look()
    among_few = look()
    fill(store, bank, MORE, first=FEW)
    among_more = look()

    assert among_few > 0
    assert among_more <= among_few * 1.5


def test_a_rare_word_is_looked_up_not_looked_for(store: Store, bank: Bank) -> None:
    steps = Steps(store.reading)

    def look() -> int:
        with reading(store.reading, NOW, {}) as opened, steps.counted() as counted:
            actor, wanted = bank.actor("hana"), Wanted("role", text="zeppelin")
            branches, many = Branches(opened, actor), UpTo(LIMIT + 1)
            found, _ = with_words(opened, actor, branches, wanted, "zeppelin", many)
        assert found == []
        return counted[0]

    fill(store, bank, FEW)
    look()
    among_few = look()
    fill(store, bank, MORE, first=FEW)
    among_more = look()

    assert among_few > 0
    assert among_more <= among_few * 1.5
