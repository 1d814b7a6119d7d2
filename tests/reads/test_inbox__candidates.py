"""Tasks that name people: in their inboxes and counts whatever their roles, once, and in nobody else's."""

from typing import Any

import pytest

from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import NotFound
from engine.domain.organisation import Role
from engine.domain.task import Task, claim
from engine.reads import Reads
from engine.store.store import Store
from tests.store.rows import Bank, a_bank, a_complaint, a_task, an_instance


@pytest.fixture
def bank(store: Store) -> Bank:
    return a_bank(store)


@pytest.fixture
def reads(store: Store) -> Reads:
    return Reads(store.reading, store.clock)


def put(store: Store, bank: Bank, *logins: str, **values: Any) -> Task:
    """A free task that names these people, of a complaint received in the west."""
    with store.unit_of_work(SYSTEM) as work:
        number = work.complaints.next_number(2026)
        west = bank.units["WEST"].id
        complaint = work.complaints.add(a_complaint(number=number, intake_key=number, receiving_unit_id=west))
        instance = work.processes.add(an_instance(bank.release, complaint_id=complaint.id))
        named = tuple(bank.people[login].id for login in logins)
        task = a_task(instance, **{"role": "", "candidates": named, **values})
        work.tasks.add(task)
        return task


def free(reads: Reads, actor: Actor, **how: Any) -> list[int]:
    """The instances of the free tasks in the inbox; its count is the length of the list."""
    page = reads.inbox(actor, view="role", **how)
    assert page.total_up_to == len(page.rows)
    return [row.instance_id for row in page.rows]


@pytest.mark.parametrize("how", [{}, {"sort": "due"}, {"sort": "newest"}, {"text": "C-2026"}])
def test_a_task_is_in_the_inboxes_of_the_people_it_names(
    store: Store, bank: Bank, reads: Reads, how: dict[str, Any]
) -> None:
    task = put(store, bank, "hana", "cora")

    assert [free(reads, bank.actor(login), **how) for login in ("hana", "cora", "hugo", "cleo")] == [
        [task.instance_id],
        [task.instance_id],
        [],
        [],
    ]


def test_who_is_named_and_has_the_role_finds_it_once(store: Store, bank: Bank, reads: Reads) -> None:
    west = bank.units["WEST"].id
    task = put(store, bank, "hugo", "hana", role=Role.HANDLER.value, unit_id=west)

    assert free(reads, bank.actor("hugo")) == [task.instance_id]
    assert free(reads, bank.actor("hana")) == [task.instance_id]
    assert reads.inbox(bank.actor("hugo"), view="role").counts.role == 1


def test_a_candidate_sees_the_task_and_its_complaint_and_others_do_not(
    store: Store, bank: Bank, reads: Reads
) -> None:
    task = put(store, bank, "hana")

    view = reads.task(bank.actor("hana"), task.instance_id, task.token)

    assert view.claimable
    assert view.number == reads.cases(bank.actor("hana")).rows[0].number
    with pytest.raises(NotFound):
        reads.task(bank.actor("carl"), task.instance_id, task.token)


def test_a_claimed_task_is_no_longer_in_the_inboxes_of_the_others(
    store: Store, bank: Bank, reads: Reads
) -> None:
    task = put(store, bank, "hana", "cora")

    with store.unit_of_work(SYSTEM) as work:
        found = work.tasks.get(task.instance_id, task.token)
        assert found.complaint_id is not None
        work.tasks.save(claim(found, bank.actor("hana"), work.complaints.get(found.complaint_id)))

    assert free(reads, bank.actor("cora")) == []
    assert reads.inbox(bank.actor("hana"), view="mine").counts.mine == 1


def test_it_can_be_handed_over_to_the_people_it_names(store: Store, bank: Bank, reads: Reads) -> None:
    named = put(store, bank, "hana", "cora")
    both = put(store, bank, "cora", role=Role.HANDLER.value, unit_id=bank.units["WEST"].id)

    assert [person.login for person in reads.able_to(named)] == ["cora", "hana"]
    assert [person.login for person in reads.able_to(both)] == ["cora", "hugo"]
