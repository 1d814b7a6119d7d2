"""Every refusal names file, line, element and rule, and what runs is not refused."""

from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.rules import Problem, check_files
from engine.domain.errors import DefinitionRefused
from tests.builders.diagrams import (
    TERMINATE,
    boundary,
    diagram,
    each,
    end,
    error,
    escalation,
    event_subprocess,
    flow,
    flows,
    mapping,
    message,
    named_message,
    node,
    process,
    properties,
    script,
    service,
    signal,
    start,
    subprocess,
    timer,
    user,
    zeebe,
)
from tests.builders.running import Bank
from tests.builders.store import MovedStore

KNOWN: dict[str, Any] = {
    "operations": {"notices.send"},
    "forms": {"triage"},
    "roles": {"handler", "triage_officer"},
}
ROOTS = (
    named_message("M", "told", "=k")
    + named_message("NO_KEY", "told")
    + '<bpmn:error id="E" errorCode="X"/>\n'
    + '<bpmn:error id="NO_CODE"/>\n'
)


def problems(*parts: str, more: str = ROOTS, severity: str = "error") -> list[Problem]:
    """The problems of one process between a start and an end; the parts stand from line 5 on."""
    content = diagram(process("p", start(), *parts), more)
    return [found for found in check_files({"x.bpmn": content}, **KNOWN) if found.severity == severity]


def between(step: str, id: str = "step") -> tuple[str, ...]:
    """A step with its flows."""
    return step, end(), flows("start", id, "end")


@pytest.mark.parametrize(
    ("parts", "rule", "element", "line"),
    [
        (between(node("complexGateway", "step")), "unsupported", "step", 5),
        (between(node("adHocSubProcess", "step")), "ad-hoc", "step", 5),
        (between(node("task", "step", body="<bpmn:standardLoopCharacteristics/>")), "unsupported", "step", 5),
        (between(node("task", "step", isForCompensation="true")), "compensation", "step", 5),
        (between(node("task", "step", "<zeebe:executionListeners/>")), "unsupported", "step", 5),
        (between(node("intermediateCatchEvent", "step")), "unsupported", "step", 5),
        (between(node("intermediateCatchEvent", "step", body=error("E"))), "unsupported", "step", 5),
        (
            between(
                node(
                    "intermediateThrowEvent", "step", body='<bpmn:compensateEventDefinition activityRef="a"/>'
                )
            ),
            "compensation",
            "step",
            5,
        ),
        (
            between(node("intermediateThrowEvent", "step", body="<bpmn:linkEventDefinition/>")),
            "link",
            "step",
            5,
        ),
        (
            between(node("intermediateCatchEvent", "step", body=message("M") + timer("Duration", "PT1H"))),
            "unsupported",
            "step",
            5,
        ),
        (between(node("userTask", "step", name="Do")), "role", "step", 5),
        (between(user("step", role="nobody")), "role", "step", 5),
        (between(user("step", role="handler,triage_officer")), "role", "step", 5),
        (between(user("step", form="nothing")), "form", "step", 5),
        (between(node("serviceTask", "step")), "operation", "step", 5),
        (between(service("step", "notices.sned")), "operation", "step", 5),
        (between(node("scriptTask", "step")), "missing", "step", 5),
        (between(node("scriptTask", "step", zeebe("script", expression="=1"))), "script", "step", 5),
        (between(node("businessRuleTask", "step")), "missing", "step", 5),
        (
            between(
                node(
                    "businessRuleTask", "step", zeebe("calledDecision", decisionId="luck", resultVariable="r")
                )
            ),
            "decision",
            "step",
            5,
        ),
        (between(node("callActivity", "step")), "call", "step", 5),
        (between(node("callActivity", "step", zeebe("calledElement", processId="q"))), "call", "step", 5),
        (between(node("receiveTask", "step")), "message", "step", 5),
        (between(node("receiveTask", "step", messageRef="NO_KEY")), "message-key", "step", 5),
        (between(node("sendTask", "step")), "operation", "step", 5),
        (between(node("intermediateThrowEvent", "step", body=message("M"))), "operation", "step", 5),
        (between(node("intermediateCatchEvent", "step", body=signal("S"))), "signal", "step", 5),
        (
            between(node("intermediateCatchEvent", "step", body="<bpmn:timerEventDefinition/>")),
            "timer",
            "step",
            5,
        ),
        (between(node("intermediateCatchEvent", "step", body=timer("Duration", "soon"))), "timer", "step", 5),
        (
            between(node("intermediateCatchEvent", "step", body=timer("Cycle", "0 0 * * *"))),
            "timer",
            "step",
            5,
        ),
        (between(script("step", "=1 +", "x")), "feel", "step", 5),
        (between(script("step", "=frobnicate(1)", "x")), "function", "step", 5),
        (between(script("step", "=1", "complaint")), "reserved", "step", 5),
        (between(service("step", "notices.send", mapping([("=1", "now")]))), "reserved", "step", 5),
        (
            between(service("step", "notices.send", mapping([("=1", "complaint.grade")]))),
            "reserved",
            "step",
            5,
        ),
        (between(service("step", "notices.send", mapping([], [("=1", "complaint")]))), "reserved", "step", 5),
        (between(service("step", "notices.send", mapping([("=1", "a..b")]))), "mapping", "step", 5),
        (between(user("step", body=each("three"))), "multi-instance", "step", 5),
        (between(user("step", body=each("=l", outputCollection="o"))), "multi-instance", "step", 5),
        (between(user("step", body=each("=l", inputElement="complaint"))), "reserved", "step", 5),
        ((end(), flows("start", "nowhere")), "flow", "start_nowhere", 6),
        ((user("lost"), end(), flows("start", "end")), "unreachable", "lost", 5),
        ((user("step", name="Do"), end(), flows("start", "step", "start")), "flow", "start", 4),
        (
            (*between(user("step")), boundary("b", "elsewhere", timer("Duration", "PT1H"))),
            "boundary",
            "b",
            9,
        ),
        ((*between(user("step")), boundary("b", "step", error("NO_CODE"))), "error", "b", 9),
        ((*between(user("step")), boundary("b", "step", error("E"), interrupting=False)), "boundary", "b", 9),
        ((*between(user("step")), boundary("b", "step", timer("Cycle", "R/PT1H"))), "timer", "b", 9),
        (
            (*between(user("step")), boundary("b", "step", timer("Date", "=now"), properties(clock="any"))),
            "timer",
            "b",
            9,
        ),
        ((*between(user("step")), boundary("b", "step", TERMINATE)), "unsupported", "b", 9),
        (
            (
                node("exclusiveGateway", "g"),
                user("a"),
                user("b"),
                flows("start", "g", "a"),
                flow("g", "b", "=x"),
            ),
            "condition",
            "g_a",
            9,
        ),
        (
            (
                node("parallelGateway", "g"),
                user("a"),
                user("b"),
                flows("start", "g", "a"),
                flow("g", "b", "=x"),
            ),
            "condition",
            "g_b",
            10,
        ),
        (
            (node("exclusiveGateway", "g", default="away"), user("a"), flows("start", "g", "a")),
            "default",
            "g",
            5,
        ),
        (
            (node("eventBasedGateway", "g"), user("a"), user("b"), flows("start", "g", "a"), flows("g", "b")),
            "gateway",
            "g_a",
            9,
        ),
        ((user("u"), user("u"), flows("start", "u")), "duplicate", "u", 5),
        (between(subprocess("step", end("e"))), "start", "step", 5),
        (
            (*between(user("step")), event_subprocess("esp", "", end("e") + flows("esp_start", "e"))),
            "start",
            "esp_start",
            10,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_run_is_refused(parts: tuple[str, ...], rule: str, element: str, line: int) -> None:
    found = problems(*parts)

    assert (rule, element, line) in [(p.rule, p.element, p.line) for p in found]
    assert all(p.file == "x.bpmn" for p in found)


def test_a_process_without_a_start_is_refused() -> None:
    found = check_files({"x.bpmn": diagram(process("p", user("u")))})

    assert ("start", "p") in [(p.rule, p.element) for p in found]


@pytest.mark.parametrize("definition", [error("E"), escalation("X"), "<bpmn:conditionalEventDefinition/>"])
def test_an_error_an_escalation_or_a_condition_starts_no_process(definition: str) -> None:
    content = diagram(
        process("p", start(body=definition), end(), flows("start", "end")),
        '<bpmn:error id="E" errorCode="e"/><bpmn:escalation id="X" escalationCode="x"/>',
    )

    assert {p.rule for p in check_files({"x.bpmn": content}) if p.severity == "error"} == {"unsupported"}


def test_a_document_type_is_refused_before_anything_is_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'

    assert [(p.file, p.line, p.rule) for p in check_files({"x.bpmn": bomb})] == [("x.bpmn", 1, "xml")]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"<a/>", b"<?xml version='1.0'?>\n<a>\n<b></a>"])
def test_what_is_no_diagram_is_one_sentence(content: bytes) -> None:
    found = check_files({"x.bpmn": content})

    assert len(found) == 1
    assert found[0].rule == "xml"


def test_a_task_in_the_lane_of_another_role_is_refused() -> None:
    lanes = (
        '<bpmn:laneSet><bpmn:lane id="l" name="Triage officer"><bpmn:flowNodeRef>u</bpmn:flowNodeRef></bpmn:lane>'
        "</bpmn:laneSet>\n"
    )

    assert [(p.rule, p.element) for p in problems(lanes, *between(user("u"), "u"))] == [("lane", "u")]


def test_data_objects_annotations_and_pools_are_harmless() -> None:
    drawn = (
        '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="r" dataObjectRef="o"/>'
        '<bpmn:textAnnotation id="t"><bpmn:text>note</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="a" sourceRef="start" targetRef="t"/>\n'
    )
    linked = (
        '<bpmn:dataOutputAssociation id="x"><bpmn:targetRef>r</bpmn:targetRef></bpmn:dataOutputAssociation>'
    )

    assert problems(drawn, *between(user("u", body=linked), "u")) == []
    assert "data" in {
        p.rule for p in problems(drawn, *between(user("u", body=linked), "u"), severity="warning")
    }


def test_forms_operations_and_roles_are_not_checked_where_they_are_not_known() -> None:
    content = diagram(
        process("p", start(), user("u", role="anyone", form="any"), end(), flows("start", "u", "end"))
    )

    assert check_files({"x.bpmn": content}) == []


def test_what_a_file_refers_to_may_stand_in_the_files_around_it() -> None:
    caller = diagram(
        process(
            "p",
            start(),
            node("callActivity", "c", zeebe("calledElement", processId="q")),
            end(),
            flows("start", "c", "end"),
        )
    )
    called = diagram(process("q", start("s"), end("e"), flows("s", "e")))

    assert [p.rule for p in check_files({"x.bpmn": caller})] == ["call"]
    assert check_files({"x.bpmn": caller}, context={"y.bpmn": called}) == []


def test_a_decision_that_cannot_be_read_is_a_problem_of_its_own_file() -> None:
    found = check_files({"d.dmn": b"<definitions/>"})

    assert [p.file for p in found] == ["d.dmn"]


def test_doubtful_things_are_warnings() -> None:
    found = problems(
        node("exclusiveGateway", "g", default="g_b"),
        user("a"),
        user("b", name=" "),
        flows("start", "g"),
        flow("g", "a", "=x"),
        flow("g", "b"),
        severity="warning",
    )

    assert {p.rule for p in found} == {"label", "form", "implicit-end"}


def test_a_problem_reads_as_one_line() -> None:
    found = problems(*between(service("step", "notices.sned")))[0]

    assert str(found) == (
        "x.bpmn:5: step: operation: there is no operation 'notices.sned': did you mean 'notices.send'?"
    )


def test_a_release_with_an_error_is_never_half_run() -> None:
    store = MovedStore()

    with pytest.raises(DefinitionRefused) as refused:
        Bank(
            diagram(process("p", start(), end(), flows("start", "end"))),
            diagram(process("q", start("s"), service("bad", "nothing"), flows("s", "bad"))),
            store=store,
        )

    details = refused.value.details
    assert (details["file"], details["line"], details["element"], details["rule"]) == (
        "diagram-1.bpmn",
        5,
        "bad",
        "operation",
    )
    assert store.tables.releases == {}


def test_the_shipped_diagrams_and_decisions_have_no_errors() -> None:
    folder = Path(__file__).parents[2] / "workflows"
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".bpmn", ".dmn")}

    assert [str(p) for p in check_files(files) if p.severity == "error"] == []
