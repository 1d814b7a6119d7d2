"""Permissions: who sees how much of a complaint, and who may do what."""

import pytest

from engine.domain.actor import SYSTEM, customer_of
from engine.domain.errors import NotAllowed, NotFound
from engine.domain.organisation import Role
from engine.domain.permissions import POLICY, SEES_CASES, Action, Sight, may, require, sight
from tests.builders.cases import a_complaint, a_person

COMPLAINT = a_complaint(receiving_unit_id=4, handling_unit_id=2)


def test_every_action_has_a_line_in_the_policy() -> None:
    assert set(Action) == set(POLICY)


def test_a_unit_sees_its_own_complaints_and_those_below_it() -> None:
    above = a_person(1, Role.HANDLER, covers=(1, 2, 4))
    beside = a_person(2, Role.HANDLER, covers=(7,))

    assert sight(above, COMPLAINT) == Sight.WHOLE
    assert sight(beside, COMPLAINT) == Sight.NOTHING


def test_a_contributor_sees_only_what_was_asked() -> None:
    contributor = a_person(1, Role.CONTRIBUTOR, covers=(9,))

    assert sight(contributor, COMPLAINT) == Sight.NOTHING
    assert sight(contributor, COMPLAINT, asked=[9]) == Sight.ASKED


def test_the_accused_sees_no_more_than_the_status() -> None:
    about = a_complaint(accused_id=1, restricted=True, first_owner_id=1)

    assert sight(a_person(1, Role.CONSUMER_PROTECTION, covers=(1,)), about) == Sight.STATUS


def test_a_restricted_complaint_is_seen_by_name_only() -> None:
    secret = a_complaint(restricted=True)

    assert sight(a_person(1, Role.HANDLER), secret) == Sight.NOTHING
    assert sight(a_person(1, Role.HANDLER), secret, named=[1]) == Sight.WHOLE
    assert sight(a_person(2, Role.CONSUMER_PROTECTION), secret) == Sight.WHOLE


def test_the_first_owner_keeps_sight_wherever_the_complaint_goes() -> None:
    owner = a_person(5, Role.FIRST_OWNER, covers=(99,))

    assert sight(owner, a_complaint(first_owner_id=5)) == Sight.WHOLE


def test_a_customer_sees_and_moves_only_their_own() -> None:
    assert may(customer_of(1), Action.WITHDRAW, a_complaint(id=1))
    assert not may(customer_of(1), Action.WITHDRAW, a_complaint(id=2))
    assert not may(customer_of(1), Action.RAISE_GRADE, a_complaint(id=1))


def test_what_is_out_of_sight_is_not_found_and_what_is_in_sight_may_be_refused() -> None:
    with pytest.raises(NotFound):
        require(a_person(1, Role.HANDLER, covers=(77,)), Action.RAISE_GRADE, COMPLAINT)
    with pytest.raises(NotAllowed):
        require(a_person(1, Role.QUALITY_OFFICER, covers=(2,)), Action.RAISE_GRADE, COMPLAINT)


def test_redress_itself_may_do_all() -> None:
    assert all(may(SYSTEM, action, COMPLAINT) for action in Action)


@pytest.mark.parametrize("role", sorted(set(Role) - SEES_CASES))
def test_roles_without_cases_see_none(role: Role) -> None:
    assert sight(a_person(1, role, covers=(2, 4)), COMPLAINT) == Sight.NOTHING


def test_actions_without_a_complaint_go_by_role_alone() -> None:
    assert may(a_person(1, Role.ADMINISTRATOR), Action.RETRY_INCIDENT)
    assert not may(a_person(1, Role.HANDLER), Action.RETRY_INCIDENT)
