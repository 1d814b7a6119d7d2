"""What is thrown should be caught, what is waited for should be sent."""

import pytest

from engine.checks import Problem
from tests.builders.checking import asked, line, only, said_of, short
from tests.builders.diagrams import (
    boundary,
    diagram,
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
    service,
    signal,
    start,
    subprocess,
    zeebe,
)

ROOTS = (
    '<bpmn:error id="E" errorCode="X"/><bpmn:error id="F" errorCode="Y"/>'
    '<bpmn:error id="R" errorCode="three_rounds"/><bpmn:escalation id="L" escalationCode="Z"/>'
    '<bpmn:signal id="S" name="found"/><bpmn:signal id="T" name="fuond"/>'
)
FAILS = start("s1") + end("e1", error("E")) + flows("s1", "e1")


def said(*parts: str) -> list[Problem]:
    return only(asked(*parts, roots=ROOTS), "catch", "signal", "message")


def caught_by(event: str) -> str:
    """A subprocess that ends with the error X, with an event on its edge."""
    return line(subprocess("sub", FAILS)) + boundary("b", "sub", event) + node("task", "t") + flows("b", "t")


def test_an_error_nobody_catches_is_told_where_it_is_thrown() -> None:
    (problem,) = said(line(subprocess("sub", FAILS)))

    assert (problem.rule, problem.element, problem.severity) == ("catch", "e1", "warning")
    assert problem.message.startswith("nobody catches the error 'X': it would become an incident")


@pytest.mark.parametrize("event", [error("E"), error()])
def test_an_error_is_caught_by_its_code_or_with_all_others(event: str) -> None:
    assert said(caught_by(event)) == []


def test_an_event_that_waits_for_another_error_catches_nothing_and_never_happens() -> None:
    assert short(said(caught_by(error("F")))) == [("catch", "e1"), ("catch", "b")]


def test_an_event_subprocess_around_catches_but_not_what_it_throws_itself() -> None:
    inside = node("task", "t") + end("e2", error("E")) + flows("esp_start", "t", "e2")
    around = event_subprocess("esp", error("E"), inside)
    plain = event_subprocess("esp", error("E"), end("e2") + flows("esp_start", "e2"))

    assert said(line(subprocess("sub", FAILS)), plain) == []
    assert short(said(line(subprocess("sub", FAILS)), around)) == [("catch", "e2")]


def test_an_escalation_without_a_catcher_does_nothing() -> None:
    (problem,) = said(line(node("intermediateThrowEvent", "x", body=escalation("L"))))

    assert "nobody catches the escalation 'Z': nothing would happen" in problem.message


def calling(*events: str) -> bytes:
    """A process that calls one which ends with the error X."""
    call = node("callActivity", "c", zeebe("calledElement", processId="q"), name="c")
    return diagram(process("p", line(call), *events), process("q", FAILS), ROOTS)


def test_an_error_may_be_caught_by_whoever_calls() -> None:
    on_call = boundary("b", "c", error("E")) + node("task", "t") + flows("b", "t")

    assert only(said_of(calling(on_call)), "catch") == []
    assert short(only(said_of(calling()), "catch")) == [("catch", "e1")]


def test_an_operation_throws_what_it_declares() -> None:
    lines = mapping([("=1", "request_id"), ('="another"', "verdict")])

    def with_event(code: str) -> str:
        event = boundary("b", "s", error(code)) + node("task", "t") + flows("b", "t")
        return line(service("s", "requests.redirect", lines)) + event

    assert said(with_event("R")) == []
    (problem,) = said(with_event("E"))
    assert problem.message == "nothing inside throws the error 'X': this event never happens"


def test_what_an_unknown_operation_throws_is_not_guessed_at() -> None:
    event = boundary("b", "s", error("E")) + node("task", "t") + flows("b", "t")

    assert said(line(service("s", "=complaint.nature")) + event) == []


def test_processes_that_call_each_other_for_ever_end_the_search() -> None:
    call = node("callActivity", "c", zeebe("calledElement", processId="p"), name="c")
    event = boundary("b", "c", error("E")) + node("task", "t") + flows("b", "t")

    assert short(said(line(call), event)) == [("catch", "b")]


def test_signals_need_one_who_throws_and_one_who_waits() -> None:
    throws = node("intermediateThrowEvent", "x", body=signal("S"))
    catches = node("intermediateCatchEvent", "y", body=signal("S"))

    assert said(line(throws, catches)) == []
    assert [problem.message for problem in said(line(throws))] == ["no process waits for the signal 'found'"]
    misspelt = said(line(throws, catches.replace('"S"', '"T"')))
    assert [problem.message for problem in misspelt] == [
        "no process waits for the signal 'found': did you mean 'fuond'?",
        "no process throws the signal 'fuond': did you mean 'found'?",
    ]


def waiting(name: str, *parts: str) -> list[Problem]:
    roots = named_message("M", name, "=string(complaint.id)")
    return only(
        asked(line(node("intermediateCatchEvent", "m", *parts, body=message("M"))), roots=roots), "message"
    )


def test_a_message_nothing_sends_is_told_with_the_one_meant() -> None:
    (problem,) = waiting("withdrwan")

    assert (problem.element, problem.severity) == ("m", "warning")
    assert problem.message.startswith(
        "nothing in Redress sends the message 'withdrwan': did you mean 'withdrawn'?"
    )


@pytest.mark.parametrize("name", ["withdrawn", "complaint received", "=complaint.nature"])
def test_a_message_of_the_house_is_sent(name: str) -> None:
    assert waiting(name) == []


def test_a_message_from_outside_says_what_comes_with_it() -> None:
    assert waiting("from a shop", properties(variables="")) == []


def test_errors_of_two_gates_are_told_each() -> None:
    ends = start("s1") + node("exclusiveGateway", "g", name="?", default="g_e1")
    ends += end("e1", error("E")) + end("e2", error("F")) + flows("s1", "g", "e1") + flow("g", "e2", "=true")

    assert short(said(line(subprocess("sub", ends)))) == [("catch", "e1"), ("catch", "e2")]


def publishing(name: str, *parts: str) -> str:
    """A process "q" that publishes a message."""
    sends = node("sendTask", "send", zeebe("publishMessage", correlationKey="=1"), *parts, messageRef="Q")
    return process("q", start("s"), sends, end("e"), flows("s", "send", "e"))


def between(sent: str, awaited: str) -> list[Problem]:
    """What is said of a process that publishes and one that waits."""
    caught = line(node("intermediateCatchEvent", "m", body=message("M")))
    roots = named_message("M", awaited, "=string(complaint.id)") + named_message("Q", sent)
    return only(said_of(diagram(process("p", caught), publishing(sent), roots)), "message")


def test_a_message_one_process_publishes_and_another_waits_for_is_sent() -> None:
    assert between("report ready", "report ready") == []
    assert between("report ready", '="report " + complaint.nature') == []


def test_a_message_that_is_published_for_nobody_is_told() -> None:
    assert [(problem.element, problem.message) for problem in between("report raedy", "report ready")] == [
        (
            "m",
            "nothing in Redress sends the message 'report ready': did you mean 'report raedy'?; if it comes from "
            "outside, name what comes with it in a property 'variables' (it may be empty)",
        ),
        ("send", "no process waits for the message 'report raedy': did you mean 'report ready'?"),
    ]


def test_a_code_that_is_worked_out_may_be_any() -> None:
    thrown = '<bpmn:error id="W" errorCode="=complaint.nature"/>'
    inside = start("s1") + end("e1", error("W")) + flows("s1", "e1")
    caught = boundary("b", "sub", error("E")) + end("other") + flows("b", "other")

    assert only(asked(line(subprocess("sub", inside)), roots=ROOTS + thrown), "catch") == []
    assert only(asked(line(subprocess("sub", inside)), caught, roots=ROOTS + thrown), "catch") == []


def test_an_operation_that_the_engine_does_itself_throws_what_it_declares() -> None:
    roots = '<bpmn:error id="N" errorCode="multi_instance.not_running"/>'
    task = service("add", "multi_instance.add", mapping([('="x"', "element"), ("=1", "item")]))
    caught = boundary("b", "add", error("N")) + end("other") + flows("b", "other")

    assert only(asked(line(task), caught, roots=roots), "catch") == []
