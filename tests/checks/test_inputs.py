"""What operations and decisions need must be seen from their task, and what is given must be taken."""

import pytest

from engine.checks import Problem
from tests.builders.checking import a_form, a_table, asked, line, only
from tests.builders.diagrams import (
    boundary,
    end,
    event_subprocess,
    flows,
    headers,
    mapping,
    message,
    named_message,
    node,
    service,
    timer,
    user,
    zeebe,
)

FILES = {**a_form("ask", "reason"), **a_table("luck", ("role", "complaint.amount"), ("win",))}
RULE = zeebe("calledDecision", decisionId="luck", resultVariable="luck")


def said(*parts: str, roots: str = "") -> list[Problem]:
    return only(asked(*parts, roots=roots, files=FILES), "input")


def test_an_operation_needs_its_required_inputs() -> None:
    (problem,) = said(line(service("s", "complaint.merge")))

    assert (problem.severity, problem.element) == ("error", "s")
    assert (
        problem.message == "the operation 'complaint.merge' needs 'duplicate_of'; give it by an input mapping"
    )


@pytest.mark.parametrize(
    "parts",
    [
        service("s", "complaint.merge", mapping([('="C-1"', "duplicate_of")])),
        service("s", "complaint.merge", headers(duplicate_of="C-1")),
        # what it may do without
        service("s", "complaint.withdraw"),
        # which operation is not known
        service("s", "=complaint.nature"),
    ],
)
def test_mappings_and_headers_give_them(parts: str) -> None:
    assert said(line(parts)) == []


def test_a_variable_of_the_name_is_enough_even_the_word_of_a_message() -> None:
    assert said(line(user("ask", form="ask"), service("s", "requests.cancel_open"))) == []

    roots = named_message("M", "raised", "=string(complaint.id)")
    inside = service("s", "complaint.raise") + end("e") + flows("esp_start", "s", "e")
    assert said(line(node("task", "t")), event_subprocess("esp", message("M"), inside), roots=roots) == []


def test_a_decision_needs_every_name_it_reads() -> None:
    (problem,) = said(line(node("businessRuleTask", "r", RULE)))

    assert (problem.severity, problem.element) == ("error", "r")
    assert problem.message.startswith("the decision 'luck' reads 'role', and nothing")
    assert said(line(node("businessRuleTask", "r", RULE, mapping([('="x"', "role")])))) == []


def test_what_nobody_takes_is_doubtful() -> None:
    (problem,) = said(
        line(service("s", "complaint.merge", mapping([('="C-1"', "duplicate_of"), ("=1", "resaon")])))
    )

    assert (problem.severity, problem.line) == ("warning", 5)
    assert problem.message == "the operation 'complaint.merge' takes no 'resaon'"


def test_a_misspelt_input_is_told_with_the_one_meant() -> None:
    found = said(line(service("s", "complaint.merge", mapping([("=1", "duplicat_of")]))))

    assert [problem.message for problem in found] == [
        "the operation 'complaint.merge' needs 'duplicate_of'; give it by an input mapping",
        "the operation 'complaint.merge' takes no 'duplicat_of': did you mean 'duplicate_of'?",
    ]


def test_an_input_that_another_text_of_the_task_reads_is_taken() -> None:
    lines = mapping([('="C-1"', "duplicate_of"), ("=2", "hours"), ("=3", "more")], [("=more", "kept")])
    due = boundary("b", "s", timer("Duration", '=duration("PT" + string(hours) + "H")'))
    drawn = due + node("task", "t") + flows("b", "t")

    assert said(line(service("s", "complaint.merge", lines)), drawn) == []


def test_an_item_that_joins_needs_its_element() -> None:
    found = said(line(service("s", "multi_instance.add", mapping([("=1", "item")]))))

    assert [problem.message for problem in found] == [
        "the operation 'multi_instance.add' needs 'element'; give it by an input mapping"
    ]


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        ("[]", "roles", "Not a valid list."),
        ('="head"', "roles", "Not a valid list."),
        ("=3", "event", "Not a valid string."),
    ],
)
def test_what_an_operation_refuses_every_time_is_told(source: str, name: str, words: str) -> None:
    given = {"roles": '=["head"]', "event": "late", name: source}

    (problem,) = said(line(service("s", "people.alert", mapping([(text, to) for to, text in given.items()]))))

    assert (problem.severity, problem.element) == ("error", "s")
    assert problem.message == f"the operation 'people.alert' refuses {source} for {name!r}: {words}"


def test_what_depends_on_something_may_be_right() -> None:
    lines = mapping([("=complaint.roles", "roles"), ("=null", "event")])

    assert said(line(service("s", "people.alert", lines))) == []


def test_a_text_without_its_marks_is_read_as_a_name_and_the_marks_are_offered() -> None:
    ((file, content),) = a_table("luck", ("complaint.amount",), ("win",)).items()
    files = {file: content.replace(b"<text>1</text>", b"<text>high</text>")}

    (problem,) = only(asked(line(node("businessRuleTask", "r", RULE)), files=files), "input")

    assert problem.message.endswith('or write it in quotation marks if it is a text: "high"')
