"""Steering asks who may, why, and writes down what was done; a second time is a quiet no."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.domain.actor import SYSTEM, Actor, customer_of
from engine.domain.errors import NotAllowed, NotFound, OnHold, OutOfOrder, ValueRefused
from engine.domain.running import InstanceState
from engine.domain.steering import Act, Result, Told, Verb
from engine.runtime.clock import MovableClock
from engine.use_cases import incidents, steering
from tests.builders.steered_house import CHANGED, SteeredHouse

WHY = "The core system is down."
EVERY_ACT = [
    Act(Verb.SUSPEND),
    Act(Verb.RESUME),
    Act(Verb.CANCEL),
    Act(Verb.RETRY),
    Act(Verb.SET, values={"y": 1}),
    Act(Verb.ADD_TOKEN, element="v"),
    Act(Verb.CANCEL_TOKEN, token=2),
    Act(Verb.TERMINATE, element="u"),
    Act(Verb.MOVE, element="u", to="v"),
    Act(Verb.MIGRATE, release_id=2),
    Act(Verb.TAKE_BACK),
]


@pytest.fixture
def house(sqlite_url: str, clock: MovableClock) -> Iterator[SteeredHouse]:
    opened = SteeredHouse(sqlite_url, clock)
    opened.release()
    yield opened
    opened.close()


@pytest.fixture
def admin(house: SteeredHouse) -> Actor:
    return house.somebody("administrator")


def steer(house: SteeredHouse, actor: Actor, instance: int, verb: Verb, **given: Any) -> Told:
    return steering.steer(house.ports, actor, instance, Act(verb, **given), WHY)


def test_an_administrator_puts_a_case_on_hold_and_lets_it_go_on(house: SteeredHouse, admin: Actor) -> None:
    complaint, instance = house.case()

    assert steer(house, admin, instance, Verb.SUSPEND) == Told(
        Result.DONE, f"Instance {instance} is on hold."
    )
    assert steer(house, admin, instance, Verb.SUSPEND).result is Result.NOT_NEEDED
    assert steer(house, admin, instance, Verb.RESUME).result is Result.DONE
    assert steer(house, admin, instance, Verb.RESUME).result is Result.NOT_NEEDED

    assert [event for event in house.events(complaint.id) if event["kind"].startswith("process.")][1:] == [
        {"kind": "process.suspended", "by": admin.name, "element": None, "reason": WHY},
        {"kind": "process.resumed", "by": admin.name, "element": None, "reason": WHY},
    ]


@pytest.mark.parametrize("act", EVERY_ACT, ids=lambda act: act.verb)
def test_every_act_needs_a_role_a_reach_and_a_reason(house: SteeredHouse, act: Act) -> None:
    house.release(CHANGED)
    complaint, instance = house.case("SH")
    handler, elsewhere = house.somebody("handler", unit="SH"), house.somebody("administrator", unit="INTL")
    before = house.row(instance), house.task(instance), house.events(complaint.id)

    with pytest.raises(NotAllowed):
        steering.steer(house.ports, handler, instance, act, WHY)
    with pytest.raises(NotAllowed):
        steering.steer(house.ports, customer_of(complaint.id), instance, act, WHY)
    with pytest.raises(NotFound):
        steering.steer(house.ports, elsewhere, instance, act, WHY)
    with pytest.raises(ValueRefused, match="in a few words why"):
        steering.steer(house.ports, SYSTEM, instance, act, " x ")

    assert (house.row(instance), house.task(instance), house.events(complaint.id)) == before


def test_the_administrator_of_the_unit_reaches_it(house: SteeredHouse) -> None:
    _, instance = house.case("SH-XH")

    assert (
        steer(house, house.somebody("administrator", unit="SH"), instance, Verb.SUSPEND).result is Result.DONE
    )


def test_a_restricted_case_is_steered_by_those_who_see_such(house: SteeredHouse, admin: Actor) -> None:
    _, instance = house.case(restricted=True)
    both = house.somebody("administrator", "consumer_protection")

    with pytest.raises(NotFound):
        steer(house, admin, instance, Verb.SUSPEND)
    assert steer(house, both, instance, Verb.SUSPEND).result is Result.DONE


def test_nobody_steers_a_case_about_themselves(house: SteeredHouse, admin: Actor) -> None:
    _, instance = house.case(accused_id=admin.person_id)

    with pytest.raises(NotFound):
        steer(house, admin, instance, Verb.CANCEL)


def test_an_unknown_instance_is_not_found(house: SteeredHouse, admin: Actor) -> None:
    with pytest.raises(NotFound):
        steer(house, admin, 999, Verb.SUSPEND)


def test_cancelling_twice_is_a_quiet_no(house: SteeredHouse, admin: Actor) -> None:
    _, instance = house.case()

    assert steer(house, admin, instance, Verb.CANCEL).result is Result.DONE
    assert steer(house, admin, instance, Verb.CANCEL).result is Result.NOT_NEEDED
    assert house.row(instance).state is InstanceState.CANCELLED


def test_what_is_stuck_is_tried_again_with_a_changed_variable(house: SteeredHouse, admin: Actor) -> None:
    complaint, instance = house.case()
    house.do(instance, x=2)

    nothing = steer(house, admin, instance, Verb.RETRY, code="other.code")
    still = steer(house, admin, instance, Verb.RETRY)
    mended = steer(house, admin, instance, Verb.RETRY, values={"x": 1})

    assert nothing.result is Result.NOT_NEEDED
    assert still.sentence == "1 tried again, 0 went on, 1 still stuck."
    assert mended.sentence == "1 tried again, 1 went on, 0 still stuck."
    assert house.task(instance).element == "v"
    retried = [event for event in house.events(complaint.id) if event["kind"] == "incident.retried"]
    assert [(event["by"], event["element"], event["reason"]) for event in retried] == [
        (admin.name, "g", WHY)
    ] * 2
    (changed,) = [event for event in house.events(complaint.id) if event["kind"] == "variable.set"]
    assert (changed["before"], changed["after"]) == (2, 1)


def test_an_incident_on_hold_waits(house: SteeredHouse, admin: Actor) -> None:
    _, instance = house.case()
    house.do(instance, x=2)
    steer(house, admin, instance, Verb.SUSPEND)
    with house.work() as work:
        (incident,) = work.processes.incidents(instance_id=instance)

    with pytest.raises(OnHold):
        steer(house, admin, instance, Verb.RETRY)
    with pytest.raises(OnHold):
        incidents.retry(house.ports, admin, incident.id, WHY)


def test_an_incident_is_tried_again_with_a_reason_and_by_those_who_reach_the_case(
    house: SteeredHouse, admin: Actor
) -> None:
    complaint, instance = house.case("SH")
    house.do(instance, x=2)
    with house.work() as work:
        (incident,) = work.processes.incidents(instance_id=instance)
    elsewhere = house.somebody("process_designer", unit="INTL")

    with pytest.raises(NotFound):
        incidents.retry(house.ports, elsewhere, incident.id, WHY)
    with pytest.raises(ValueRefused, match="in a few words why"):
        incidents.retry(house.ports, admin, incident.id, " ")
    incidents.retry(house.ports, admin, incident.id, WHY)

    retried = [event for event in house.events(complaint.id) if event["kind"] == "incident.retried"]
    assert [(event["by"], event["reason"]) for event in retried] == [(admin.name, WHY)]


def test_what_was_tried_again_by_itself_is_nobodys_act(house: SteeredHouse) -> None:
    complaint, instance = house.case()
    house.do(instance, x=2)
    with house.work() as work:
        (incident,) = work.processes.incidents(instance_id=instance)

    assert incidents.retry_one(house.ports, SYSTEM, incident)

    assert "incident.retried" not in [event["kind"] for event in house.events(complaint.id)]


def test_values_are_told_to_those_who_see_the_case(house: SteeredHouse, admin: Actor) -> None:
    _, instance = house.case(variables={"y": "secret"})
    seeing = house.somebody("administrator", "handler")

    blind = steer(house, admin, instance, Verb.SET, values={"y": 1})
    told = steer(house, seeing, instance, Verb.SET, values={"y": 2})

    assert blind.detail == {}
    assert told.detail == {"before": {"y": 1}}


def test_the_complaint_changes_by_its_own_rules_and_for_those_who_may(
    house: SteeredHouse, admin: Actor
) -> None:
    complaint, instance = house.case()
    triaging = house.somebody("administrator", "triage_officer")

    with pytest.raises(NotAllowed, match=r"change complaint\.grade"):
        steer(house, admin, instance, Verb.SET, values={"complaint.grade": "major"})
    with pytest.raises(ValueRefused, match="Please choose one of"):
        steer(house, triaging, instance, Verb.SET, values={"complaint.grade": "huge"})
    steer(
        house, triaging, instance, Verb.SET, values={"complaint.grade": "major", "complaint.product": "card"}
    )

    with house.work() as work:
        changed = work.complaints.get(complaint.id)
    assert (changed.grade, changed.product) == ("major", "card")
    assert house.task(instance).grade_rank == 3
    (graded,) = [event for event in house.events(complaint.id) if event["kind"] == "complaint.graded"]
    assert graded["by"] == triaging.name


def test_a_key_makes_an_act_once(house: SteeredHouse, admin: Actor) -> None:
    _, instance = house.case()
    act = Act(Verb.ADD_TOKEN, element="v")

    first = steering.steer(house.ports, admin, instance, act, WHY, key="k")
    second = steering.steer(house.ports, admin, instance, act, WHY, key="k")

    assert (first.result, second.result) == (Result.DONE, Result.NOT_NEEDED)
    assert first.sentence == second.sentence
    with house.work() as work:
        assert len(work.tasks.find(instance_id=instance, element="v")) == 1
    with pytest.raises(NotAllowed):
        steering.steer(house.ports, house.somebody("handler"), instance, act, WHY, key="k")


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (Act(Verb.ADD_TOKEN), "element"),
        (Act(Verb.TERMINATE), "element"),
        (Act(Verb.MOVE, element="u"), "to"),
        (Act(Verb.CANCEL_TOKEN), "token"),
        (Act(Verb.SET), "values"),
    ],
    ids=lambda given: given.verb if isinstance(given, Act) else given,
)
def test_what_is_not_said_is_asked_for(house: SteeredHouse, admin: Actor, act: Act, field: str) -> None:
    _, instance = house.case()

    with pytest.raises(ValueRefused) as refused:
        steering.steer(house.ports, admin, instance, act, WHY)

    assert refused.value.details["field"] == field


def test_a_migration_is_planned_done_and_taken_back(house: SteeredHouse, admin: Actor) -> None:
    complaint, instance = house.case()
    new = house.release(CHANGED)
    designer = house.somebody("process_designer")
    before = house.row(instance), house.task(instance)

    without = steering.plan_migration(house.ports, designer, instance, None, {})
    planned = steering.plan_migration(house.ports, designer, instance, None, {"p": {"u": "u2"}})
    with pytest.raises(OutOfOrder, match="say with the mapping where it goes"):
        steer(house, admin, instance, Verb.MIGRATE)
    assert (house.row(instance), house.task(instance)) == before
    done = steer(house, admin, instance, Verb.MIGRATE, mapping={"p": {"u": "u2"}})
    again = steer(house, admin, instance, Verb.MIGRATE, mapping={"p": {"u": "u2"}})
    back = steer(house, admin, instance, Verb.TAKE_BACK)

    assert not without.is_possible
    assert planned.is_possible
    assert done.detail == {"steps": [step.sentence for step in planned.steps]}
    assert again.sentence == f"Instance {instance} is on release {new} already."
    assert back.sentence == f"Instance {instance} is back on release 1, as it was."
    assert (house.row(instance), house.task(instance)) == before
    kinds = [event["kind"] for event in house.events(complaint.id)]
    assert kinds[-2:] == ["process.migrated", "process.migration_taken_back"]


def test_a_designer_plans_and_does_not_migrate(house: SteeredHouse) -> None:
    _, instance = house.case()
    house.release(CHANGED)
    designer = house.somebody("process_designer")

    with pytest.raises(NotAllowed):
        steer(house, designer, instance, Verb.MIGRATE, mapping={"p": {"u": "u2"}})
    with pytest.raises(NotAllowed):
        steering.plan_migration(house.ports, house.somebody("handler"), instance, None, {})


def test_an_instance_without_a_complaint_is_steered_by_any_administrator(house: SteeredHouse) -> None:
    with house.work() as work:
        instance = house.engine.start(work, "p").id

    assert (
        steer(house, house.somebody("administrator", unit="INTL"), instance, Verb.SUSPEND).result
        is Result.DONE
    )


def test_what_is_no_mapping_and_no_text_is_refused_and_changes_nothing(
    house: SteeredHouse, admin: Actor
) -> None:
    complaint, instance = house.case()
    new = house.release(CHANGED)
    before = house.row(instance), house.task(instance), house.events(complaint.id)
    mapping: Any = {"p": {"u": ["u2"]}}

    with pytest.raises(ValueRefused, match="no element"):
        steer(house, admin, instance, Verb.MIGRATE, release_id=new, mapping=mapping)
    with pytest.raises(ValueRefused, match="no element"):
        steering.plan_migration(house.ports, admin, instance, new, mapping)
    with pytest.raises(ValueRefused, match="half a character"):
        steer(house, admin, instance, Verb.SET, values={"y": "\ud800"})

    assert (house.row(instance), house.task(instance), house.events(complaint.id)) == before
