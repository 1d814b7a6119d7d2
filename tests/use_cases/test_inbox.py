"""The inbox: claimed by one, finished once, and the slower one is told who was faster."""

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.actor import Actor
from engine.domain.errors import ChangedMeanwhile, NotAllowed, NotFound, TaskNotOpen, ValueRefused
from engine.domain.task import Task, TaskState
from engine.use_cases import inbox
from forms.checking import Answers
from tests.builders.cases import a_task
from tests.builders.house import House

ANSWERS = Answers({"finding.outcome": "upheld"}, "investigate", "hash")


@pytest.fixture
def house() -> House:
    return House()


def task_in(house: House, **changes: Any) -> Task:
    complaint = house.complaint()
    task = a_task(complaint_id=complaint.id, unit_id=house.units["OPS"].id, **changes)
    with house.work() as work:
        work.tasks.add(task)
    return task


def stored(house: House) -> Task:
    with house.work() as work:
        found: Task = work.tasks.get(1, 1)
        return found


def two_handlers(house: House) -> tuple[Actor, Actor]:
    one = house.somebody("handler", "OPS")
    return one, house.somebody("handler", "OPS", but=[one.person_id])


def test_the_second_claim_is_told_who_was_faster(house: House) -> None:
    task_in(house)
    one, other = two_handlers(house)
    inbox.claim(house.ports, one, 1, 1)

    with pytest.raises(TaskNotOpen, match=one.name):
        inbox.claim(house.ports, other, 1, 1)

    assert one.person_id == stored(house).assignee_id
    inbox.claim(house.ports, one, 1, 1)
    assert house.kinds().count("task.claimed") == 1


def test_a_task_is_finished_with_its_answers_once(house: House) -> None:
    task_in(house)
    one, other = two_handlers(house)
    inbox.save_draft(house.ports, one, 1, 1, {"finding.outcome": "up"})

    inbox.complete(house.ports, one, 1, 1, ANSWERS, version=1)

    assert [ANSWERS.values] == house.engine.completed
    assert (TaskState.DONE, one.person_id) == (stored(house).state, stored(house).closed_by_id)
    with house.work() as work:
        assert work.tasks.draft(1, 1, one.person_id) is None
    with pytest.raises(TaskNotOpen, match=f"{one.name} was faster: this task is done"):
        inbox.complete(house.ports, other, 1, 1, ANSWERS, version=1)


def test_answers_to_another_form_or_another_edition_of_it_are_refused(house: House) -> None:
    task_in(house)
    one, _ = two_handlers(house)

    with pytest.raises(ChangedMeanwhile):
        inbox.complete(house.ports, one, 1, 1, ANSWERS, version=1, form_hash="newer")
    with pytest.raises(ChangedMeanwhile):
        inbox.complete(house.ports, one, 1, 1, Answers({}, "triage", "hash"), version=1)
    assert house.engine.completed == []


def test_what_the_process_refuses_leaves_the_task_and_the_draft(house: House) -> None:
    task_in(house)
    one, _ = two_handlers(house)
    inbox.save_draft(house.ports, one, 1, 1, {"a": "b"})
    house.engine.raises = ValueRefused("An amount is zero or more.", field="complaint.amount")

    with pytest.raises(ValueRefused):
        inbox.complete(house.ports, one, 1, 1, ANSWERS)

    assert stored(house).is_open
    with house.work() as work:
        assert work.tasks.draft(1, 1, one.person_id).typed == {"a": "b"}


def test_a_task_put_back_is_free_again(house: House) -> None:
    task_in(house)
    one, other = two_handlers(house)
    inbox.claim(house.ports, one, 1, 1)

    with pytest.raises(NotAllowed):
        inbox.put_back(house.ports, other, 1, 1)
    inbox.put_back(house.ports, one, 1, 1)

    inbox.claim(house.ports, other, 1, 1)
    assert other.person_id == stored(house).assignee_id


def test_a_head_hands_a_task_over_by_login(house: House) -> None:
    task_in(house)
    one, other = two_handlers(house)
    head = house.somebody("head", "OPS")

    inbox.hand_over(house.ports, head, 1, 1, str(one.login))

    assert one.person_id == stored(house).assignee_id
    with pytest.raises(ValueRefused):
        inbox.hand_over(house.ports, head, 1, 1, "nobody")
    with pytest.raises(NotAllowed):
        inbox.hand_over(house.ports, other, 1, 1, str(other.login))


def test_people_of_other_units_neither_take_nor_draft(house: House) -> None:
    task_in(house)
    stranger = house.somebody("handler", "LEGAL")

    with pytest.raises(NotFound):
        inbox.claim(house.ports, stranger, 1, 1)
    with pytest.raises(NotFound):
        inbox.save_draft(house.ports, stranger, 1, 1, {})


def test_a_head_moves_no_task_of_a_complaint_about_themselves(house: House) -> None:
    task = task_in(house)
    one, other = two_handlers(house)
    head = house.somebody("head", "OPS")
    inbox.claim(house.ports, one, 1, 1)
    with house.work() as work:
        work.complaints.save(replace(work.complaints.get(task.complaint_id), accused_id=head.person_id))

    with pytest.raises(NotAllowed):
        inbox.put_back(house.ports, head, 1, 1)
    with pytest.raises(NotAllowed):
        inbox.hand_over(house.ports, head, 1, 1, str(other.login))
    assert one.person_id == stored(house).assignee_id


def test_who_has_a_task_of_a_restricted_complaint_is_told_to_nobody_else(house: House) -> None:
    task = task_in(house)
    one, other = two_handlers(house)
    head = house.somebody("head", "OPS")
    inbox.claim(house.ports, one, 1, 1)
    with house.work() as work:
        work.complaints.save(replace(work.complaints.get(task.complaint_id), restricted=True))

    for stranger in (other, head):
        with pytest.raises(NotFound):
            inbox.put_back(house.ports, stranger, 1, 1)
        with pytest.raises(NotFound):
            inbox.claim(house.ports, stranger, 1, 1)
        with pytest.raises(NotFound):
            inbox.hand_over(house.ports, stranger, 1, 1, str(other.login))
    assert one.person_id == stored(house).assignee_id
