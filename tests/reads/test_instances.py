"""Instances as those who steer them see them: where tokens stand, what they wait for, and values only of one's own cases."""

from collections.abc import Iterator

import pytest

from engine.domain.actor import SYSTEM, Actor
from engine.domain.errors import NotAllowed, NotFound, ValueRefused
from engine.domain.running import InstanceState
from engine.domain.steering import Act, Verb, Wanted
from engine.runtime.clock import MovableClock
from engine.use_cases import steering
from tests.bpmn.steering.test_migrating import CALLED, CALLED_NEW, calling
from tests.builders.diagrams import (
    boundary,
    diagram,
    each,
    event_subprocess,
    flow,
    flows,
    message,
    named_message,
    node,
    process,
    properties,
    service,
    start,
    subprocess,
    timer,
    user,
)
from tests.builders.steered_house import SteeredHouse


@pytest.fixture
def house(database_url: str, clock: MovableClock) -> Iterator[SteeredHouse]:
    opened = SteeredHouse(database_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def admin(house: SteeredHouse) -> Actor:
    return house.somebody("administrator")


EVERYTHING = diagram(
    process(
        "p",
        start(),
        user("u"),
        boundary("late", "u", timer("Duration", "PT1H")),
        node(
            "boundaryEvent",
            "bound",
            properties(clock="handling"),
            body="<bpmn:timerEventDefinition/>",
            attachedToRef="u",
        ),
        subprocess("sub", start("s") + node("receiveTask", "r", messageRef="M") + flows("s", "r")),
        user("many", body=each("=[1, 2]", inputElement="n")),
        service("outside", "look_up"),
        node("exclusiveGateway", "stuck"),
        node("parallelGateway", "join"),
        event_subprocess("esp", message("M"), user("in") + flows("esp_start", "in")),
        *(flows("start", each) for each in ("u", "sub", "many", "outside", "stuck", "join")),
        *(
            flow("stuck", "x", "=false"),
            user("x"),
            flows("late", "x"),
            flows("bound", "x"),
            flows("u", "join"),
        ),
    ),
    named_message("M", "note", '="k"'),
)


def test_every_token_says_where_it_stands_and_what_it_waits_for(house: SteeredHouse, admin: Actor) -> None:
    house.release(EVERYTHING)
    _, instance = house.case(variables={"y": 1})

    view = house.reads.instance(house.somebody("administrator", "handler"), instance)

    waits = {(token.element, token.part, token.inside): token.waits for token in view.tokens}
    sub = next(token.token for token in view.tokens if token.element == "sub")
    assert waits == {
        ("esp", "start", 0): "message 'note' for k",
        ("u", "", 0): "task of handler (open)",
        ("late", "", 0): "time, 2026-11-23 02:30 UTC",
        ("bound", "", 0): "clock handling, no moment yet",
        ("sub", "", 0): "what is inside",
        ("r", "", sub): "message 'note' for k",
        ("many", "", 0): "items: 0 done, 0 let go, of 2",
        ("many", "item", 0): "task of handler (open)",
        ("outside", "", 0): f"job outside, job-{instance}-6-1",
        ("stuck", "", 0): "stuck, gateway.no_way: No condition holds, and there is no default flow.",
        ("join", "", 0): "other tokens",
    }
    assert view.row.elements == ("bound", "join", "late", "many", "outside", "r", "stuck", "sub", "u")
    assert view.row.incidents == ("gateway.no_way",)
    assert {token.host for token in view.tokens if token.part == "item"} == {
        next(token.token for token in view.tokens if token.element == "many" and not token.part)
    }


def test_keys_and_reasons_are_for_those_who_see_the_case_too(house: SteeredHouse, admin: Actor) -> None:
    house.release(EVERYTHING)
    _, instance = house.case()

    waits = {token.element: token.waits for token in house.reads.instance(admin, instance).tokens}

    assert (waits["r"], waits["stuck"]) == ("message 'note'", "stuck, gateway.no_way")


def test_values_and_past_are_for_those_who_see_the_case(house: SteeredHouse, admin: Actor) -> None:
    house.release()
    _, instance = house.case(variables={"y": 1})
    seeing = house.somebody("administrator", "handler")

    (blind,) = house.reads.instance(admin, instance).scopes
    (told,) = house.reads.instance(seeing, instance).scopes

    assert (blind.names, blind.values) == (("y",), None)
    assert (told.names, told.values) == (("y",), {"y": 1})
    assert house.reads.instance(admin, instance).events == ()
    assert [event.kind for event in house.reads.instance(seeing, instance).events] == [
        "process.started",
        "task.opened",
    ]


def test_of_one_without_a_complaint_what_was_done_by_hand_is_told(house: SteeredHouse, admin: Actor) -> None:
    house.release()
    with house.work() as work:
        instance = house.engine.start(work, "p").id
    for act in (
        Act(Verb.SUSPEND),
        Act(Verb.RESUME),
        Act(Verb.SET, values={"y": 1}),
        Act(Verb.MOVE, element="u", to="v"),
    ):
        steering.steer(house.ports, admin, instance, act, "by hand now")

    assert [(event.kind, event.actor) for event in house.reads.instance(admin, instance).events] == [
        (kind, admin.name)
        for kind in ("process.suspended", "process.resumed", "variable.set", "token.added", "token.cancelled")
    ]


def test_what_is_on_hold_says_so(house: SteeredHouse, admin: Actor) -> None:
    house.release(EVERYTHING)
    _, instance = house.case()
    steering.steer(house.ports, admin, instance, Act(Verb.SUSPEND), "on hold now")
    steering.steer(house.ports, admin, instance, Act(Verb.ADD_TOKEN, element="x"), "for later")
    with house.work() as work:
        house.engine.publish(work, "note", "k")

    view = house.reads.instance(admin, instance)

    assert (view.row.state, view.held) == (InstanceState.SUSPENDED, 1)
    added = next(token for token in view.tokens if token.element == "x")
    assert added.waits == "goes on when the case resumes"


def test_out_of_reach_nothing_is_found_listed_or_counted(house: SteeredHouse) -> None:
    house.release()
    here = house.case("SH")[1]
    there = house.case("INTL")[1]
    of_branch = house.somebody("process_designer", unit="SH")
    handler = house.somebody("handler", unit="SH")

    assert [row.id for row in house.reads.instances(of_branch, Wanted())] == [here]
    assert house.reads.count_instances(of_branch, Wanted()) == 1
    assert house.reads.instance(of_branch, here).row.id == here
    for unknown in (there, 999):
        with pytest.raises(NotFound):
            house.reads.instance(of_branch, unknown)
    for question in (
        lambda: house.reads.instances(handler, Wanted()),
        lambda: house.reads.count_instances(handler, Wanted()),
        lambda: house.reads.instance(handler, here),
        lambda: house.reads.instance(handler, 999),
        lambda: house.reads.bulks(handler),
    ):
        with pytest.raises(NotAllowed):
            question()


def test_pages_follow_one_another(house: SteeredHouse) -> None:
    house.release()
    ids = house.cases(5)

    first = house.reads.instances(SYSTEM, Wanted(), limit=2)
    second = house.reads.instances(SYSTEM, Wanted(), after=first[-1].id, limit=2)

    assert [row.id for row in (*first, *second)] == ids[:4]
    assert house.reads.count_instances(SYSTEM, Wanted()) == 5
    with pytest.raises(ValueRefused, match="no unit"):
        house.reads.instances(SYSTEM, Wanted(unit="NOWHERE"))


def test_a_called_process_of_another_release_says_so(house: SteeredHouse, admin: Actor) -> None:
    house.release(diagram(calling("u"), CALLED))
    _, instance = house.case()
    second = house.release(diagram(calling("u"), CALLED_NEW))
    house.do(instance)

    view = house.reads.instance(admin, instance)

    assert {(token.element, token.process, token.release_id) for token in view.tokens} == {
        ("call", "p", 1),
        ("in_child", "child", second),
    }
