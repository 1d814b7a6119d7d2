"""The inbox, newest first: few tasks are sorted, many are walked in the order of an index, and both give the same."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.task import Task, TaskState
from engine.reads import Reads
from engine.reads.branches import Branches, Key, Wanted
from engine.reads.counting import LIMIT, UpTo
from engine.reads.reading import reading
from engine.store.store import Store
from tests.store.rows import NOW, Bank, a_bank, fill

FILTERS: dict[str, tuple[Wanted, Callable[[Task], bool]]] = {
    "all": (Wanted("role", sort="newest"), lambda task: True),
    "of a grade": (Wanted("role", grade="urgent", sort="newest"), lambda task: task.grade_rank == 2),
    "late": (
        Wanted("late", sort="newest"),
        lambda task: task.due_at is not None and task.due_at < NOW,
    ),
    "late, of a grade and a role": (
        Wanted("late", role="handler", grade="major", sort="newest"),
        lambda task: task.grade_rank == 3 and task.due_at is not None and task.due_at < NOW,
    ),
}


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


@pytest.fixture
def reads(store: Store) -> Reads:
    return Reads(store.reading, store.clock)


def age(task: Task) -> tuple[object, ...]:
    """The newest first; of those that opened together, by instance."""
    return NOW - task.opened_at, task.instance_id, task.token


def keys(tasks: list[Task]) -> list[Key]:
    return [(task.instance_id, task.token) for task in tasks]


@pytest.mark.parametrize("total", [LIMIT, LIMIT + 1], ids=["as if they were few", "as if they were many"])
def test_few_and_many_come_in_the_same_order(store: Store, bank: Bank, total: int) -> None:
    tasks = fill(store, bank, 120)

    with reading(store.reading, NOW, {}) as opened:
        branches = Branches(opened, bank.actor("hana"))
        found = {
            name: [task[:2] for task in branches.tasks(wanted, 60, UpTo(total))]
            for name, (wanted, _) in FILTERS.items()
        }

    expected = {name: keys(sorted(filter(fits, tasks), key=age))[:60] for name, (_, fits) in FILTERS.items()}
    assert found == expected
    assert all(found.values())


def test_more_than_are_counted_come_on_pages_without_gaps(store: Store, bank: Bank, reads: Reads) -> None:
    tasks = fill(store, bank, LIMIT + 50)

    pages = [
        reads.inbox(bank.actor("hana"), view="role", sort="newest", page=page, size=40) for page in (1, 2, 26)
    ]

    in_order = keys(sorted(tasks, key=age))
    assert [(row.instance_id, row.token) for page in pages for row in page.rows] == [
        *in_order[:80],
        *in_order[1000:1040],
    ]
    assert [page.total_up_to.is_capped for page in pages] == [True, True, True]


def test_ones_own_newest_first_and_of_a_role(store: Store, bank: Bank, reads: Reads) -> None:
    tasks = fill(store, bank)
    mine = [replace(task, state=TaskState.CLAIMED, assignee_id=bank.people["hana"].id) for task in tasks[::4]]
    with store.unit_of_work(SYSTEM) as work:
        for task in mine:
            work.tasks.save(task)
    hana = bank.actor("hana")

    own = reads.inbox(hana, view="mine", sort="newest", size=10, role="handler")
    late = reads.inbox(hana, view="late", sort="newest", size=40)

    is_late = [task for task in tasks if task.due_at is not None and task.due_at < NOW]
    assert [row.instance_id for row in own.rows] == [task.instance_id for task in sorted(mine, key=age)[:10]]
    assert [row.instance_id for row in late.rows] == [task.instance_id for task in sorted(is_late, key=age)]
    assert reads.inbox(hana, view="mine", sort="newest", role="approver").rows == ()
