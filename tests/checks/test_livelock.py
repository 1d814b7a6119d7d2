"""Rings that nothing leads out of, and those that are fine."""

import pytest

from tests.builders.checking import asked, only
from tests.builders.diagrams import (
    boundary,
    end,
    error,
    flow,
    flows,
    link,
    node,
    script,
    service,
    start,
    subprocess,
    user,
)

RING = start() + node("exclusiveGateway", "m") + script("a", "=1", "x") + script("b", "=2", "y")


def livelocks(*parts: str) -> list[str]:
    return [problem.message for problem in only(asked(*parts), "livelock")]


def test_a_ring_of_steps_that_never_wait_is_told_with_its_steps() -> None:
    assert livelocks(RING, flows("start", "m", "a", "b", "m")) == [
        "round and round it goes, and never waits or ends: m → a → b → m; draw a way out"
    ]


def test_a_branch_beside_the_ring_does_not_end_it() -> None:
    split = node("parallelGateway", "s") + end()

    assert len(livelocks(RING, split, flows("start", "m", "a", "s", "m"), flows("s", "end"))) == 1


def test_a_condition_that_always_holds_is_no_way_out() -> None:
    gateway = node("exclusiveGateway", "g", name="?", default="g_end") + end()
    wires = flows("start", "m", "a", "g", "end")

    assert len(livelocks(RING, gateway, wires, flow("g", "m", "=true"))) == 1
    assert livelocks(RING, gateway, wires, flow("g", "m", "=complaint.fraud")) == []


@pytest.mark.parametrize(
    "rest",
    [
        user("u"),
        node("intermediateCatchEvent", "u"),
        subprocess("u", start("s1") + user("v") + end("e1") + flows("s1", "v", "e1")),
    ],
)
def test_a_ring_that_waits_for_somebody_is_no_livelock(rest: str) -> None:
    assert livelocks(RING, rest, flows("start", "m", "a", "u", "m")) == []


def test_an_error_on_the_way_is_a_way_out() -> None:
    caught = service("s", "requests.redirect") + boundary("c", "s", error()) + end() + flows("c", "end")

    assert livelocks(RING, caught, flows("start", "m", "a", "s", "m")) == []


def test_each_ring_is_told_once_however_many_lead_to_it() -> None:
    more = node("exclusiveGateway", "g", name="?", default="g_m") + node("task", "n1") + node("task", "n2")
    wires = flows("start", "g", "m", "a", "m") + flow("g", "n1", "=complaint.fraud") + flows("n1", "n2", "n1")

    assert len(livelocks(RING, more, wires)) == 2


def test_a_ring_through_a_link_is_told_too() -> None:
    nodes = start() + script("x", "=1", "y") + node("intermediateThrowEvent", "leave", body=link("again"))
    nodes += node("intermediateCatchEvent", "arrive", body=link("again"))

    (problem,) = only(asked(nodes, flows("start", "x", "leave"), flows("arrive", "x")), "livelock")
    assert "leave → arrive" in problem.message
