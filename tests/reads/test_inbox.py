"""The inbox: the most urgent first, pages without gaps, counts that stop."""

from dataclasses import replace
from itertools import pairwise

import pytest

from engine.domain.actor import SYSTEM
from engine.domain.organisation import Role
from engine.domain.task import Task, TaskState
from engine.reads import Reads, branches
from engine.reads.counting import UpTo
from engine.store.store import Store
from tests.store.rows import NOW, Bank, a_bank, a_task, an_instance, fill


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


@pytest.fixture
def reads(store: Store) -> Reads:
    return Reads(store.reading, store.clock)


def urgency(task: Task) -> tuple[object, ...]:
    """The order people work in."""
    return -task.grade_rank, task.due_at is None, task.due_at or NOW, task.instance_id, task.token


@pytest.mark.parametrize("few_units", [0, 100])
def test_the_most_urgent_come_first_on_pages_without_gaps(
    store: Store, bank: Bank, reads: Reads, few_units: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(branches, "FEW_UNITS_BY_DIALECT", {"sqlite": few_units, "postgresql": few_units})
    tasks = fill(store, bank)
    pages = [reads.inbox(bank.actor("hana"), view="role", page=page, size=25) for page in (1, 2, 3, 4)]

    shown = [(row.instance_id, row.token) for page in pages for row in page.rows]

    assert [(task.instance_id, task.token) for task in sorted(tasks, key=urgency)] == shown
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert pages[0].total_up_to == 60


def test_by_due_date_and_by_age(store: Store, bank: Bank, reads: Reads) -> None:
    fill(store, bank)

    due = [row.due_at for row in reads.inbox(bank.actor("hana"), view="role", sort="due", size=100).rows]
    opened = [
        row.opened_at for row in reads.inbox(bank.actor("hana"), view="role", sort="newest", size=100).rows
    ]

    assert due == sorted(due, key=lambda at: (at is None, at or NOW))
    assert all(newer >= older for newer, older in pairwise(opened))


def test_late_tasks_are_those_past_their_date_by_the_clock(store: Store, bank: Bank, reads: Reads) -> None:
    tasks = fill(store, bank)
    expected = {task.instance_id for task in tasks if task.due_at is not None and task.due_at < NOW}

    page = reads.inbox(bank.actor("hana"), view="late", size=100)

    assert {row.instance_id for row in page.rows} == expected
    assert page.counts.late == len(expected)


def test_filters_narrow_rows_and_total_alike(store: Store, bank: Bank, reads: Reads) -> None:
    tasks = fill(store, bank)
    hana = bank.actor("hana")

    major = reads.inbox(hana, view="role", grade="major", size=100)
    words = reads.inbox(hana, view="role", text="KEPT my card", size=100)

    assert len(major.rows) == major.total_up_to == len([task for task in tasks if task.grade_rank == 3])
    assert len(words.rows) == words.total_up_to == 60
    assert reads.inbox(hana, view="role", text="100% wrong").rows == ()
    assert reads.inbox(hana, view="role", role="approver").total_up_to == 0
    assert reads.inbox(hana, view="role", role="handler").total_up_to == 60


def test_a_claimed_task_moves_to_its_holder_alone(store: Store, bank: Bank, reads: Reads) -> None:
    fill(store, bank, 3)
    hana = bank.people["hana"].id
    with store.unit_of_work(SYSTEM) as work:
        task = work.tasks.find()[0]
        work.tasks.save(replace(task, state=TaskState.CLAIMED, assignee_id=hana))

    mine = reads.inbox(bank.actor("hana"), view="mine")

    assert [(row.instance_id, row.assignee_name, row.claimable) for row in mine.rows] == [
        (task.instance_id, "Hana", False)
    ]
    assert (mine.counts.mine, mine.counts.role) == (1, 2)
    assert reads.inbox(bank.actor("hugo")).counts.mine == 0


def test_whoever_did_the_step_before_sees_the_task_but_cannot_claim_it(
    store: Store, bank: Bank, reads: Reads
) -> None:
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.tasks.add(a_task(instance, excluded=(bank.people["hana"].id,)))

    assert [row.claimable for row in reads.inbox(bank.actor("hana"), view="role").rows] == [False]
    assert [row.claimable for row in reads.inbox(bank.actor("hugo"), view="role").rows] == [True]


def test_a_first_owner_watches_what_others_do_with_their_complaint(
    store: Store, bank: Bank, reads: Reads
) -> None:
    fill(store, bank, 4)
    with store.unit_of_work(SYSTEM) as work:
        complaint = work.complaints.get(1)
        work.complaints.save(replace(complaint, first_owner_id=bank.people["finn"].id))

    page = reads.inbox(bank.actor("finn"), view="watch")

    assert len(page.rows) == page.counts.watch == 4
    assert page.counts.role == 0


def test_tasks_without_a_complaint_are_in_the_inbox_too(store: Store, bank: Bank, reads: Reads) -> None:
    with store.unit_of_work(SYSTEM) as work:
        instance = work.processes.add(an_instance(bank.release))
        work.tasks.add(a_task(instance, role=Role.APPROVER.value))
        work.tasks.add(a_task(instance, 2))

    (row,) = reads.inbox(bank.actor("hana"), view="role").rows

    assert (row.token, row.number, row.summary, row.grade) == (2, None, "", None)


def test_a_count_past_the_limit_says_so() -> None:
    assert [str(UpTo(count)) for count in (0, 999, 1000, 1001)] == ["0", "999", "1000", "1000+"]
    assert [f"{UpTo(count)}" for count in (7, 2000)] == ["7", "1000+"]
