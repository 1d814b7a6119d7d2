"""Gateways: exclusive, inclusive, parallel, event-based."""

from tests.bpmn.conformance.variant import SIGNAL, Variant, branch, drawing
from tests.builders.diagrams import (
    end,
    flow,
    flows,
    message,
    named_message,
    node,
    signal,
    start,
    timer,
    user,
)

M = named_message("M", "note", '="k"')
N = named_message("N", "other", '="k"')


def choice(kind: str) -> bytes:
    """A gateway with two conditions and a default."""
    return drawing(
        start()
        + node(kind, "g", default="g_c", name="Which?")
        + "".join(node("task", id) + end(f"{id}_end") + flows(id, f"{id}_end") for id in "abc")
        + flows("start", "g")
        + flow("g", "a", "=n > 1")
        + flow("g", "b", "=n > 2")
        + flow("g", "c")
    )


def both(kind: str, join: str) -> bytes:
    """Two user tasks between two gateways."""
    return drawing(
        start()
        + node(kind, "fork", name="Which?")
        + user("a")
        + user("b")
        + node(join, "join")
        + end()
        + flows("start", "fork")
        + (flow("fork", "a", "=n > 0") + flow("fork", "b", "=n > 1") if kind == "inclusiveGateway" else "")
        + (flows("fork", "a") + flows("fork", "b") if kind == "parallelGateway" else "")
        + flows("a", "join", "end")
        + flows("b", "join")
    )


RACE = drawing(
    start()
    + node("eventBasedGateway", "first")
    + node("intermediateCatchEvent", "told", body=message("M"))
    + node("receiveTask", "asked", messageRef="N")
    + node("intermediateCatchEvent", "short", body=timer("Duration", "PT1H"))
    + node("intermediateCatchEvent", "long", body=timer("Duration", "P1D"))
    + node("intermediateCatchEvent", "heard", body=signal("S"))
    + flows("start", "first")
    + "".join(
        end(f"{id}_end") + flows("first", id, f"{id}_end")
        for id in ("told", "asked", "short", "long", "heard")
    ),
    roots=M + N + SIGNAL,
)

VARIANTS = [
    Variant(
        "exclusive gateway",
        "the first condition that holds",
        choice("exclusiveGateway"),
        path=["start", "g", "a", "a_end"],
        begin={"n": 3},
    ),
    Variant(
        "exclusive gateway",
        "the default",
        choice("exclusiveGateway"),
        path=["start", "g", "c", "c_end"],
        begin={"n": 0},
    ),
    Variant(
        "exclusive gateway",
        "no way is an incident",
        drawing(
            start()
            + node("exclusiveGateway", "g", name="Which?")
            + end("a")
            + end("b")
            + flows("start", "g")
            + flow("g", "a", "=n > 1")
            + flow("g", "b", "=n > 2")
        ),
        path=["start"],
        incidents=["g: gateway.no_way"],
        begin={"n": 0},
    ),
    Variant(
        "exclusive gateway",
        "joining lets every token pass",
        both("parallelGateway", "exclusiveGateway"),
        [("do", "a"), ("do", "b")],
        ["start", "fork", "a", "join", "end", "b", "join", "end"],
    ),
    Variant(
        "inclusive gateway",
        "every condition that holds",
        choice("inclusiveGateway"),
        path=["start", "g", "a", "b", "a_end", "b_end"],
        begin={"n": 3},
    ),
    Variant(
        "inclusive gateway",
        "the default",
        choice("inclusiveGateway"),
        path=["start", "g", "c", "c_end"],
        begin={"n": 0},
    ),
    Variant(
        "inclusive gateway",
        "joins what was split",
        both("inclusiveGateway", "inclusiveGateway"),
        [("do", "b"), ("do", "a")],
        ["start", "fork", "b", "a", "join", "end"],
        begin={"n": 2},
    ),
    Variant(
        "inclusive gateway",
        "joins one of two",
        both("inclusiveGateway", "inclusiveGateway"),
        [("do", "a")],
        ["start", "fork", "a", "join", "end"],
        begin={"n": 1},
    ),
    Variant(
        "parallel gateway",
        "splits and joins",
        both("parallelGateway", "parallelGateway"),
        [("do", "b"), ("do", "a")],
        ["start", "fork", "b", "a", "join", "end"],
    ),
    Variant(
        "parallel gateway",
        "in a loop waits for both in every round",
        drawing(
            start()
            + node("exclusiveGateway", "round")
            + node("parallelGateway", "fork")
            + user("a")
            + user("b")
            + node("parallelGateway", "join")
            + node("exclusiveGateway", "again", default="again_end", name="Again?")
            + end()
            + flows("start", "round", "fork", "a", "join", "again", "end")
            + flows("fork", "b", "join")
            + flow("again", "round", "=more")
        ),
        [("do", "a", {"more": True}), ("do", "b"), ("do", "b", {"more": False}), ("do", "a")],
        [
            *("start", "round", "fork", "a", "b", "join", "again"),
            *("round", "fork", "b", "a", "join", "again", "end"),
        ],
    ),
    *[
        Variant("event-based gateway", f"{what} wins", RACE, [step], ["start", "first", id, f"{id}_end"])
        for what, id, step in [
            ("a message", "told", ("tell", "note")),
            ("a receive task", "asked", ("tell", "other")),
            ("the shorter of two timers", "short", ("wait", {"hours": 1})),
            ("a signal", "heard", ("tell_signal", "news")),
        ]
    ],
    Variant(
        "event-based gateway",
        "in a loop arms its events anew",
        drawing(
            start()
            + node("exclusiveGateway", "round")
            + node("eventBasedGateway", "first")
            + node("intermediateCatchEvent", "told", body=message("M"))
            + node("intermediateCatchEvent", "late", body=timer("Duration", "PT1H"))
            + flows("start", "round", "first", "told", "round")
            + flows("first", "late"),
            branch("late", user("after")),
            roots=M,
        ),
        [("wait", {"minutes": 50}), ("tell", "note"), ("wait", {"minutes": 50}), ("wait", {"minutes": 10})],
        ["start", "round", "first", "told", "round", "first", "late"],
        open=["after"],
    ),
]
