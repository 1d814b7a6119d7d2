"""What stands in a diagram without FEEL must be readable, and must be meant."""

import pytest

from engine.checks import Problem
from tests.builders.checking import asked, line, only
from tests.builders.diagrams import (
    each,
    headers,
    mapping,
    message,
    named_message,
    node,
    properties,
    script,
    service,
    user,
    zeebe,
)

RULES = ("timer", "value", "mapping", "plain", "property", "message-key")
CATCH = node("intermediateCatchEvent", "c", body=message("M"), name="C")


def told(step: str, roots: str = "") -> list[Problem]:
    """What is said of the plain values of one step."""
    return only(asked(line(step), roots=roots), *RULES)


@pytest.mark.parametrize(
    ("step", "rule", "words"),
    [
        (user("u", zeebe("taskSchedule", dueDate="PT4H")), "timer", "the due date 'PT4H' cannot be read"),
        (user("u", zeebe("taskSchedule", followUpDate="soon")), "timer", "the follow-up date 'soon'"),
        (user("u", zeebe("priorityDefinition", priority="very")), "value", "the priority 'very'"),
        (service("s", "plan.offer", retries="many"), "value", "'many' is no whole number"),
        (service("s", "plan.offer", headers(retryBackoff="5 minutes")), "timer", "write a duration as PT15M"),
    ],
)
def test_what_cannot_be_read_when_it_runs_is_an_error(step: str, rule: str, words: str) -> None:
    (problem,) = told(step)

    assert (problem.rule, problem.severity, problem.line) == (rule, "error", 5)
    assert words in problem.message


@pytest.mark.parametrize(
    "step",
    [
        user("u", zeebe("taskSchedule", dueDate="2026-12-31T17:00:00+08:00", followUpDate="2026-12-30")),
        user("u", zeebe("taskSchedule", dueDate='=now + duration("PT4H")')),
        user("u", zeebe("priorityDefinition", priority="80")),
        service("s", "plan.offer", headers(retryBackoff="PT5M"), retries="2"),
        service("s", "plan.offer", headers(retryBackoff="=complaint.wait"), retries="=complaint.tries"),
        user("u", properties(unit="HO", not_by="=[]", colour="red")),
    ],
)
def test_what_can_be_read_is_not_told(step: str) -> None:
    assert told(step) == []


@pytest.mark.parametrize(
    ("step", "rule", "message"),
    [
        (
            script("s", "complaint.amount * 2", "x"),
            "plain",
            "the script is the text 'complaint.amount * 2' every time; begin it with '=' if it is FEEL",
        ),
        (
            node("task", "t", body=each("=[1]", outputCollection="o", outputElement="r")),
            "plain",
            "outputElement is the text 'r' every time; begin it with '=' if it is FEEL",
        ),
        (
            service("s", "complaint.withdraw", mapping([("", "reason")])),
            "mapping",
            "the input 'reason' is given no value",
        ),
        (
            user("u", properties(notby="=[]")),
            "property",
            "nothing reads the property 'notby': did you mean 'not_by'?",
        ),
    ],
)
def test_what_is_hardly_meant_is_doubtful(step: str, rule: str, message: str) -> None:
    (problem,) = told(step)

    assert (problem.rule, problem.severity) == (rule, "warning")
    assert problem.message == message


def test_a_key_without_feel_is_the_same_for_everybody() -> None:
    (problem,) = told(CATCH, named_message("M", "withdrawn", "complaint.id"))

    assert (problem.rule, problem.severity, problem.element) == ("message-key", "warning", "M")
    assert told(CATCH, named_message("M", "withdrawn", "=string(complaint.id)")) == []


@pytest.mark.parametrize("name", ["2x", "a=b", "[x]", "null", "a.2b"])
def test_a_mapping_writes_to_a_name_that_can_be_read_again(name: str) -> None:
    (problem,) = told(script("s", "=1", "x").replace('resultVariable="x"', f'resultVariable="{name}"'))

    assert (problem.rule, problem.severity) == ("mapping", "error")


@pytest.mark.parametrize("name", ["x", "a.b", "first name", "pre-bureau risk", "金额", "_", "x2"])
def test_names_may_be_all_that_feel_can_say(name: str) -> None:
    assert told(node("task", "t", mapping([("=1", name)]))) == []
