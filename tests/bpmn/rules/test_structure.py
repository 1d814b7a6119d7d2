"""How a diagram hangs together: each fault is told once, at its place, with what is behind it."""

import pytest

from engine.checks import Problem
from tests.builders.checking import asked, line, said_of
from tests.builders.diagrams import (
    diagram,
    end,
    flow,
    flows,
    node,
    process,
    service,
    start,
    subprocess,
    user,
)

INNER = start("s") + node("task", "inside") + end("e") + flows("s", "inside", "e")


def errors(problems: list[Problem]) -> list[tuple[str, str, str]]:
    """Element, rule and message of what is no doubt."""
    return [(p.element, p.rule, p.message) for p in problems if p.severity == "error"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("lok", "its targetRef 'lok' is not a node of this process: did you mean 'look'?"),
        (
            "inside",
            "its targetRef 'inside' stands elsewhere: a flow cannot cross the border of a process or subprocess",
        ),
        ("M", "its targetRef 'M' is a message, and not a node of this process"),
    ],
)
def test_a_flow_that_leads_nowhere_says_why(target: str, message: str) -> None:
    nodes = start() + subprocess("sub", INNER) + user("look") + end()
    wires = flows("start", "sub", "look", "end") + flow("look", target, id="wrong")

    told = errors(asked(nodes, wires, roots='<bpmn:message id="M" name="m"/>'))

    assert ("wrong", "flow", message) in told


def test_an_element_nobody_knows_is_told_and_not_passed_over() -> None:
    told = errors(asked(line(node("task", "t")), node("sendTsk", "odd")))

    assert told == [("odd", "unsupported", "a sendTsk is nothing that can run here")]


def test_everything_that_is_only_drawn_may_stand_in_a_process() -> None:
    drawn = "".join(
        f'<bpmn:{tag} id="{tag}"/>'
        for tag in ("dataObject", "dataStoreReference", "textAnnotation", "association", "group", "property")
    )

    assert (
        asked(line(node("task", "t")), drawn, "<bpmn:documentation/><bpmn:auditing/><bpmn:monitoring/>") == []
    )


def test_a_process_without_an_id_is_refused() -> None:
    content = diagram(process("p", line(node("task", "t")))).replace(b'id="p"', b"")

    assert [(rule, message) for _, rule, message in errors(said_of(content))] == [
        ("id", "the process has no id: nothing could start or call it")
    ]


def test_an_empty_condition_is_told_once_and_nothing_is_concluded_from_it() -> None:
    nodes = (
        start()
        + node("exclusiveGateway", "g", name="?", default="g_b")
        + node("task", "a")
        + node("task", "b")
    )
    wires = flows("start", "g", "b", "end") + flows("a", "end") + end()
    empty = flow("g", "a", name="A") + flow("g", "b", name="B", id="g_b2")
    told = asked(
        nodes, wires.replace('id="g_b"', 'id="g_b" name="B"'), empty.replace("></bpmn:sequenceFlow>", "/>")
    )

    assert [(p.element, p.rule) for p in told] == [("g_a", "condition"), ("g_b2", "condition")]


def test_a_start_event_that_leads_nowhere_is_doubtful() -> None:
    told = asked(line(node("task", "t")), start("second"))

    assert [(p.element, p.rule, p.severity) for p in told] == [("second", "implicit-end", "warning")]


def test_a_drawing_for_camunda_7_is_told_once() -> None:
    content = diagram(process("p", line(user("u"), service("s", "plan.offer"))))
    seven = content.replace(
        b"<bpmn:definitions ", b'<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    )
    written = seven.replace(b'<bpmn:userTask id="u"', b'<bpmn:userTask id="u" camunda:assignee="li"')

    assert [(p.element, p.rule, p.severity) for p in said_of(written) if p.rule == "dialect"] == [
        ("u", "dialect", "warning")
    ]
    assert [p for p in said_of(seven) if p.rule == "dialect"] == []
