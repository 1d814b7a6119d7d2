"""Tasks: who may take, put back, hand over and finish them, and who was faster."""

from dataclasses import replace
from typing import Any

import pytest

from engine.domain import task as rules
from engine.domain.actor import SYSTEM, customer_of
from engine.domain.errors import ChangedMeanwhile, NotAllowed, OnHold, TaskNotOpen
from engine.domain.organisation import Role
from engine.domain.task import TaskState
from tests.builders.cases import a_complaint, a_person, a_task

HANDLER = a_person(1, Role.HANDLER)
OTHER = a_person(2, Role.HANDLER)
HEAD = a_person(3, Role.HEAD)
OFFICE = a_person(4, Role.CONSUMER_PROTECTION, Role.HANDLER)


def test_a_free_task_is_claimed() -> None:
    claimed = rules.claim(a_task(), HANDLER, a_complaint())

    assert (claimed.state, claimed.assignee_id) == (TaskState.CLAIMED, 1)


def test_claiming_it_again_changes_nothing() -> None:
    claimed = rules.claim(a_task(), HANDLER, a_complaint())

    assert claimed is rules.claim(claimed, HANDLER, a_complaint())


def test_the_slower_one_is_told_who_was_faster() -> None:
    claimed = rules.claim(a_task(), HANDLER, a_complaint())

    with pytest.raises(TaskNotOpen, match="Person 1 was faster") as refused:
        rules.claim(claimed, OTHER, a_complaint(), "Person 1")

    assert refused.value.details == {"by": "Person 1", "state": "claimed"}


def test_a_done_task_says_who_did_it() -> None:
    done = a_task(state=TaskState.DONE, closed_by_id=2)

    with pytest.raises(TaskNotOpen, match="Person 2 was faster: this task is done"):
        rules.require_completable(done, HANDLER, a_complaint(), 1, "Person 2")


def test_a_task_of_another_role_or_unit_is_not_taken() -> None:
    for task in (a_task(role="approver"), a_task(unit_id=9), a_task(role="nobody")):
        with pytest.raises(NotAllowed):
            rules.claim(task, HANDLER, a_complaint())


def test_only_people_do_tasks() -> None:
    for actor in (SYSTEM, customer_of(1)):
        with pytest.raises(NotAllowed):
            rules.claim(a_task(), actor, a_complaint())


def test_four_eyes_need_two_people() -> None:
    task = a_task(excluded=(1,))

    with pytest.raises(NotAllowed, match="second pair of eyes"):
        rules.claim(task, HANDLER, a_complaint())
    assert rules.may_do(task, OTHER, a_complaint())


def test_nobody_works_on_a_complaint_about_themselves() -> None:
    with pytest.raises(NotAllowed, match="about themselves"):
        rules.claim(a_task(assignee_id=1), HANDLER, a_complaint(accused_id=1))


def test_a_restricted_complaint_is_worked_on_by_name_only() -> None:
    secret = a_complaint(restricted=True)

    with pytest.raises(NotAllowed, match="by name"):
        rules.claim(a_task(), HANDLER, secret)
    given = rules.hand_over(a_task(), OFFICE, HANDLER, secret)
    assert given.assignee_id == 1
    rules.require_completable(given, HANDLER, secret, given.version)


def test_the_holder_or_a_head_puts_a_task_back() -> None:
    claimed = rules.claim(a_task(), HANDLER, a_complaint())

    for actor in (HANDLER, HEAD):
        free = rules.put_back(claimed, actor, None)
        assert (free.state, free.assignee_id) == (TaskState.OPEN, None)
    with pytest.raises(NotAllowed, match="Only Person 1"):
        rules.put_back(claimed, OTHER, None, "Person 1")


def test_putting_back_a_free_task_changes_nothing() -> None:
    free = a_task()

    assert free is rules.put_back(free, OTHER, None)


def test_a_task_is_handed_over_by_its_holder_or_a_head_to_somebody_who_may_do_it() -> None:
    claimed = rules.claim(a_task(), HANDLER, a_complaint())

    assert rules.hand_over(claimed, HANDLER, OTHER, a_complaint()).assignee_id == 2
    assert rules.hand_over(claimed, HEAD, OTHER, a_complaint()).assignee_id == 2
    with pytest.raises(NotAllowed):
        rules.hand_over(claimed, OTHER, OTHER, a_complaint())
    with pytest.raises(NotAllowed):
        rules.hand_over(claimed, HANDLER, HEAD, a_complaint())


def test_answers_to_an_older_version_are_refused_unless_the_task_is_ones_own() -> None:
    moved_on = a_task(version=3)

    with pytest.raises(ChangedMeanwhile):
        rules.require_completable(moved_on, HANDLER, a_complaint(), 2)
    mine = replace(moved_on, state=TaskState.CLAIMED, assignee_id=1)
    rules.require_completable(mine, HANDLER, a_complaint(), 2)


def test_a_task_somebody_else_holds_is_not_finished() -> None:
    claimed = rules.claim(a_task(), HANDLER, a_complaint())

    with pytest.raises(TaskNotOpen):
        rules.require_completable(claimed, OTHER, a_complaint(), claimed.version, "Person 1")


def test_a_candidate_does_the_task_whatever_their_roles() -> None:
    task = a_task(role="", candidates=(7,))

    claimed = rules.claim(task, a_person(7, Role.ANALYST), a_complaint())

    assert claimed.assignee_id == 7
    with pytest.raises(NotAllowed, match="for the people it names"):
        rules.claim(task, HANDLER, a_complaint())


def test_candidates_are_besides_the_role() -> None:
    task = a_task(candidates=(7,))

    assert [rules.may_do(task, person, a_complaint()) for person in (a_person(7), HANDLER, a_person(8))] == [
        True,
        True,
        False,
    ]


def test_a_candidate_is_bound_by_four_eyes_by_the_accusation_and_by_restriction() -> None:
    task, candidate = a_task(candidates=(7,)), a_person(7)

    assert not rules.may_do(a_task(candidates=(7,), excluded=(7,)), candidate, a_complaint())
    assert not rules.may_do(task, candidate, a_complaint(accused_id=7))
    assert not rules.may_do(task, candidate, a_complaint(restricted=True))


def on_hold(**changes: Any) -> rules.Task:
    """A task of a case on hold."""
    return rules.suspended(a_task(**changes))


def test_on_hold_nobody_takes_or_completes_a_task() -> None:
    task = on_hold(state=TaskState.CLAIMED, assignee_id=1)

    for act in (
        lambda: rules.claim(task, HANDLER, a_complaint()),
        lambda: rules.put_back(task, HANDLER, a_complaint()),
        lambda: rules.hand_over(task, HANDLER, OTHER, a_complaint()),
        lambda: rules.require_completable(task, HANDLER, a_complaint(), task.version),
        lambda: rules.require_open(task),
    ):
        with pytest.raises(OnHold):
            act()
    rules.require_undone(task)
    assert not task.is_open
    assert not task.is_closed


def test_a_task_comes_back_to_its_holder_or_to_its_role() -> None:
    assert rules.resumed(on_hold()).state is TaskState.OPEN
    assert rules.resumed(on_hold(state=TaskState.CLAIMED, assignee_id=1)).state is TaskState.CLAIMED


def test_the_holders_own_page_may_be_older_but_not_than_the_task_itself() -> None:
    """Claiming counts a version, and the page from before is good; a migration makes it another task."""
    task = a_task(state=TaskState.CLAIMED, assignee_id=1, version=4, oldest_version=3)

    rules.require_completable(task, HANDLER, a_complaint(), 3)
    with pytest.raises(ChangedMeanwhile):
        rules.require_completable(task, HANDLER, a_complaint(), 2)
