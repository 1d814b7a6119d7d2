"""Who reaches which instance, what a reason is, and acts and filters as they are written down."""

import pytest

from engine.domain.actor import SYSTEM, customer_of
from engine.domain.errors import NotAllowed, NotFound, ValueRefused
from engine.domain.organisation import Role
from engine.domain.permissions import Action
from engine.domain.running import InstanceState
from engine.domain.steering import (
    ALIVE,
    Act,
    Verb,
    Wanted,
    Why,
    act_of,
    correcting,
    reach,
    reaches,
    reason_of,
    require_reach,
    to_json,
    wanted_of,
)
from tests.builders.cases import a_complaint, a_person

ADMIN = a_person(7, Role.ADMINISTRATOR, covers=(1, 2))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"receiving_unit_id": 1}, True),
        ({"receiving_unit_id": 3}, False),
        ({"receiving_unit_id": 3, "handling_unit_id": 2}, True),  # any of its units counts
        ({"receiving_unit_id": 3, "lead_department_id": 2}, True),
        ({"accused_id": 7}, False),
        ({"accused_id": 8}, True),
        ({"restricted": True}, False),
        ({"restricted": True, "first_owner_id": 7}, True),
        ({"restricted": True, "first_owner_id": 7, "accused_id": 7}, False),
    ],
)
def test_an_administrator_reaches_the_cases_of_their_units(
    changes: dict[str, object], expected: bool
) -> None:
    assert reaches(reach(ADMIN, Action.STEER), a_complaint(**changes)) is expected


def test_who_sees_restricted_cases_steers_them_too() -> None:
    both = a_person(7, Role.ADMINISTRATOR, Role.CONSUMER_PROTECTION)

    assert reaches(reach(both, Action.STEER), a_complaint(restricted=True))


def test_what_belongs_to_no_complaint_is_reached_by_everybody_who_steers() -> None:
    assert reaches(reach(ADMIN, Action.STEER), None)


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        (Action.SEE_INSTANCES, {Role.ADMINISTRATOR, Role.PROCESS_DESIGNER}),
        (Action.STEER, {Role.ADMINISTRATOR}),
        (Action.MIGRATE, {Role.ADMINISTRATOR}),
    ],
)
def test_other_roles_reach_nothing(action: Action, roles: set[Role]) -> None:
    reaching = set()
    for role in Role:
        try:
            reach(a_person(7, role), action)
        except NotAllowed:
            continue
        reaching.add(role)

    assert reaching == roles


def test_a_customer_steers_nothing_and_redress_itself_everything() -> None:
    with pytest.raises(NotAllowed):
        reach(customer_of(1), Action.STEER)
    assert reaches(reach(SYSTEM, Action.STEER), a_complaint(restricted=True, accused_id=7))


def test_what_is_out_of_reach_is_not_found() -> None:
    with pytest.raises(NotFound):
        require_reach(ADMIN, Action.STEER, a_complaint(receiving_unit_id=9))
    with pytest.raises(NotAllowed):
        require_reach(a_person(7, Role.HANDLER), Action.STEER, a_complaint())


@pytest.mark.parametrize(("text", "expected"), [("  it is\n down ", "it is down"), ("系统故障", "系统故障")])
def test_a_reason_is_a_few_words(text: str, expected: str) -> None:
    assert reason_of(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "x", "n/a", "x" * 2001])
def test_what_says_nothing_or_too_much_is_no_reason(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        reason_of(text)

    assert refused.value.details["field"] == "reason"


@pytest.mark.parametrize(
    "act",
    [
        Act(Verb.SUSPEND),
        Act(Verb.SET, values={"a": [1, {"b": None}]}, scope=3),
        Act(Verb.ADD_TOKEN, element="x", inside=0, flow="f"),
        Act(Verb.MIGRATE, release_id=2, mapping={"p": {"a": "b", "c": ""}}),
        Act(Verb.RETRY, code="x.y"),
    ],
    ids=lambda act: act.verb,
)
def test_an_act_is_read_as_it_was_written(act: Act) -> None:
    assert act_of(to_json(act)) == act


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(states=()),
        Wanted(process="p", release_id=1, element="u", states=(InstanceState.ENDED,)),
        Wanted(grade="major", unit="SH", numbers=("C-1", "C-2"), code="x", bulk=4),
    ],
)
def test_a_filter_is_read_as_it_was_written(wanted: Wanted) -> None:
    assert wanted_of(to_json(wanted)) == wanted


def test_unless_said_otherwise_the_living_are_meant() -> None:
    assert Wanted().states == ALIVE == (InstanceState.RUNNING, InstanceState.SUSPENDED)


@pytest.mark.parametrize(
    ("act", "action"),
    [(Verb.SUSPEND, Action.STEER), (Verb.MIGRATE, Action.MIGRATE), (Verb.TAKE_BACK, Action.MIGRATE)],
)
def test_an_act_says_what_one_must_be_allowed_to(act: Verb, action: Action) -> None:
    assert Act(act).action is action


def test_the_grade_is_corrected_by_those_who_raise_it() -> None:
    assert correcting("grade") is Action.RAISE_GRADE
    assert correcting("product") is Action.CORRECT_FACTS


def test_an_event_says_why_and_in_which_job() -> None:
    assert Why("down").detail == {"reason": "down"}
    assert Why("down", 3).detail == {"reason": "down", "bulk": 3}
