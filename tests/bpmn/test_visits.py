"""What a running process tells of its way: elements when they are done, flows when they are taken, variables at its end."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.bpmn.definitions import Definitions
from tests.builders.diagrams import (
    boundary,
    diagram,
    each,
    end,
    error,
    flow,
    flows,
    message,
    named_message,
    node,
    process,
    script,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.running import Bank


class Told:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.elements: list[str] = []
        self.flows: list[str] = []
        self.ends: list[Mapping[str, Any]] = []
        self.processes: set[str] = set()

    def passed(self, process: str, element: str, flows: Sequence[str]) -> None:
        self.elements.append(element)
        self.flows += flows
        self.processes.add(process)

    def ended(self, process: str, variables: Mapping[str, Any]) -> None:
        self.ends.append(variables)


def told_of(*parts: str, more: str = "") -> tuple[Bank, Told]:
    told = Told()
    bank = Bank(diagram(process("p", *parts), more), visits=told)
    bank.start()
    return bank, told


def test_elements_come_when_they_are_done_and_only_the_flows_that_are_taken() -> None:
    nodes = (
        start() + user("a") + node("exclusiveGateway", "g", name="?", default="g_no") + end("yes") + end("no")
    )
    bank, told = told_of(nodes, flows("start", "a", "g", "no"), flow("g", "yes", "=big"))

    assert (told.elements, told.flows) == (["start"], ["start_a"])
    bank.do("a", big=True)
    assert told.elements == ["start", "a", "g", "yes"]
    assert told.flows == ["start_a", "a_g", "g_yes"]
    assert told.ends == [{"big": True}]


def test_a_gateway_of_events_is_passed_on_the_way_of_what_happened() -> None:
    nodes = start() + node("eventBasedGateway", "g") + node("intermediateCatchEvent", "m", body=message("M"))
    nodes += node("intermediateCatchEvent", "t", body=timer("Duration", "PT1H")) + end()
    wires = flows("start", "g", "m", "end") + flows("g", "t", "end")
    bank, told = told_of(nodes, wires, more=named_message("M", "told", "=1"))

    bank.tell("told", "1")

    assert told.elements == ["start", "g", "m", "end"]
    assert told.flows == ["start_g", "g_m", "m_end"]


def test_items_are_told_one_by_one_and_then_the_activity_around_them() -> None:
    inside = start("s") + script("x", "=1", "y") + end("e") + flows("s", "x", "e")
    _, told = told_of(
        start(), subprocess("sub", inside, loop=each("=[1, 2]")), end(), flows("start", "sub", "end")
    )

    assert told.elements == ["start", "s", "s", "x", "x", "e", "e", "sub", "sub", "sub", "end"]


def test_an_end_that_throws_is_passed_and_the_event_that_catches() -> None:
    inside = start("s") + end("fails", error("E")) + flows("s", "fails")
    event = boundary("b", "sub", error("E")) + end("caught") + flows("b", "caught")
    nodes = start() + subprocess("sub", inside) + end() + flows("start", "sub", "end")
    _, told = told_of(nodes, event, more='<bpmn:error id="E" errorCode="X"/>')

    assert told.elements == ["start", "s", "fails", "b", "caught"]


def test_a_called_process_tells_its_own_name() -> None:
    called = process("q", start("s"), end("e"), flows("s", "e"))
    call = node("callActivity", "c", zeebe("calledElement", processId="q"), name="c")
    told = Told()
    bank = Bank(diagram(process("p", start(), call, end(), flows("start", "c", "end")), called), visits=told)
    bank.start()

    assert told.processes == {"p", "q"}
    assert len(told.ends) == 1


def test_all_flows_of_a_process_are_known_those_inside_too() -> None:
    inside = start("s") + end("e") + flows("s", "e")
    content = diagram(
        process(
            "p", start(), subprocess("sub", inside, loop=each("=[1]")), end(), flows("start", "sub", "end")
        )
    )

    found = Definitions(1, {"x.bpmn": content}).flows("p")

    assert [(flow.id, flow.source, flow.target) for flow in found] == [
        ("start_sub", "start", "sub"),
        ("sub_end", "sub", "end"),
        ("s_e", "s", "e"),
    ]
