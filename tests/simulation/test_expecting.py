"""What a scenario expects: what is not so is told with what was expected, what there is instead, and where."""

from typing import Any

import pytest

from engine.simulation.expecting import fits, same, written
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    node,
    process,
    script,
    signal,
    start,
    timer,
    user,
)
from tests.builders.scenarios import missed, played, played_over, told

PAID = {
    "p.bpmn": diagram(
        process(
            "p",
            start(),
            script("pay", '={amount: 30, to: ["a", "b"], on: date("2026-11-23")}', "paid"),
            user("work"),
            end(),
            flows("start", "pay", "work", "end"),
        )
    )
}


@pytest.mark.parametrize(
    ("expected", "reason"),
    [
        ("tasks: [work]", None),
        ("tasks: []", "tasks: expected none, but found work"),
        ("tasks: [work, work]", "tasks: expected work, work, but found work"),
        ("values: {paid: {amount: 30}}", None),
        ("values: {paid.amount: 30.00}", None),
        ("values: {paid.amount: 31}", "values: expected paid.amount to be 31, but it is 30"),
        ("values: {paid.amount: '30'}", "values: expected paid.amount to be '30', but it is 30"),
        ("values: {paid.to: [a, b]}", None),
        ("values: {paid.to: [b, a]}", "values: expected paid.to to be ['b', 'a'], but it is ['a', 'b']"),
        ("values: {paid.on: 2026-11-23}", None),
        ("values: {paid.by: null}", None),
        ("values: {lost: 3}", "values: expected lost to be 3, but it is null"),
        ("values: {paid.amount: true}", "values: expected paid.amount to be true, but it is 30"),
        ("holds: [paid.amount < 31, 'count(paid.to) = 2']", None),
        ("holds: [paid.amount > 30]", "holds: expected 'paid.amount > 30' to be true, but it is false"),
        ("holds: [lost > 30]", "holds: expected 'lost > 30' to be true, but it is null"),
        ("holds: ['count(']", "'count(' cannot be read: "),
        ("path: [start, pay]", None),
        ("path: [p.pay]", None),
        ("path: [[pay, start]]", None),
        ("path: [pay, start]", "path: expected start to be passed after pay, but nothing was"),
        (
            "path: [start, end]",
            "path: expected end to be passed after start, but the last were pay",
        ),
        ("never: [end]", None),
        ("never: [start, p.pay]", "never: start was passed; never: p.pay was passed"),
        ("ended: false", None),
        ("ended: true", "ended: expected the process to be over, but it still is at work"),
        ("incidents: []", None),
        ("incidents: [pay]", "incidents: expected pay, but found none"),
        ("notices: [closed]", "notices: expected closed, but found none"),
        ("mails: [Hello]", "mails: expected Hello, but sent were none"),
        ("alerted: [head]", "alerted: expected head, but found none"),
        ("happened: [escalated]", "happened: expected 'escalated', but the history has none"),
        ("clocks: {triage: running}", "clocks: expected triage to be running, but it is not there"),
        ("clocks: {triage: not there}", None),
    ],
)
def test_what_is_expected_while_it_runs(expected: str, reason: str | None) -> None:
    found = missed(f"steps:\n- expect:\n    {expected}", PAID)

    if reason is None:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith(f"5: {reason}")


def test_several_things_that_are_not_so_are_told_together() -> None:
    found = missed("tasks: []\nvalues: {paid.amount: 1}", PAID)

    assert found == [
        "2: tasks: expected none, but found work; values: expected paid.amount to be 1, but it is 30"
    ]


def test_variables_are_seen_after_the_end_too() -> None:
    assert missed("steps:\n- answer: work\nvalues: {paid: {amount: 30}}\nended: true", PAID) == []
    assert missed("steps:\n- answer: work\nended: false", PAID) == [
        "2: ended: expected the process to go on, but it is over"
    ]


def test_an_incident_nobody_expected_fails_a_scenario_that_says_nothing_of_it() -> None:
    result = played_over(
        "scenarios:\n- name: x\n  start: {process: p}\n- name: y\n  start: {process: p}\n  incidents: [sum]\n",
        start(),
        node("exclusiveGateway", "sum", name="?"),
        end(),
        flow("start", "sum"),
        flow("sum", "end", "=lost > 3"),
        flow("sum", "start_again", "=lost < 3"),
        user("start_again"),
        flow("start_again", "end"),
    )

    assert (result.passed, result.failed) == (1, 1)
    assert told(result)[0].startswith("2: something could not go on; incident at sum: ")


def test_a_path_may_come_by_an_element_twice() -> None:
    loop = {
        "p.bpmn": diagram(
            process(
                "p",
                start(),
                user("work"),
                boundary("late", "work", timer("Duration", "PT1H")),
                end(),
                flows("start", "work", "end"),
                flows("late", "work"),
            )
        )
    }
    assert missed("steps:\n- wait: 3 hours\npath: [late, late, late]", loop) == []
    assert missed("steps:\n- wait: 2 hours\npath: [late, late, late]", loop) == [
        "2: path: expected late to be passed after late, but nothing was"
    ]


def test_what_happened_is_counted() -> None:
    case = "scenarios:\n- name: x\n  start: {process: p, complaint: {text: x}}\n  happened: "

    assert told(played(case + "[complaint.received]")) == []
    assert told(played(case + "[complaint.received, complaint.received]")) == [
        "2: happened: expected 'complaint.received' 2 times, but the history has complaint.received, process.started,"
        " task.opened"
    ]


def test_mails_are_expected_by_parts_of_them() -> None:
    case = """
    scenarios:
    - name: A case
      start:
        form: complaint
        unit: SH-XH
        with: {text: It is broken, customer_name: Li, contact_by: email, customer_email: li@example.org}
      mails: MAILS
    """

    assert told(played(case.replace("MAILS", "[We have your complaint]"))) == []
    assert told(played(case.replace("MAILS", "[{to: li@example.org, body: C-2026-000001}]"))) == []
    (reason,) = told(played(case.replace("MAILS", "[{to: wang@example.org}]")))
    assert reason.endswith("but sent were to li@example.org: We have your complaint C-2026-000001")


@pytest.mark.parametrize(
    ("found", "wanted", "alike"),
    [
        (1, 1, True),
        (1.5, 1.5, True),
        (1, True, False),
        (True, 1, False),
        ("1", 1, False),
        (None, None, True),
        (None, False, False),
        ([1, [2]], [1, [2]], True),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
    ],
)
def test_values_are_the_same_by_kind_and_value(found: Any, wanted: Any, alike: bool) -> None:
    assert same(found, wanted) is alike


@pytest.mark.parametrize(
    ("found", "wanted", "fitting"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([{"a": 1, "b": 2}], [{"b": 2}], True),
        ([{"a": 1}, {"a": 2}], [{"a": 1}], False),
        ("x", "x", True),
    ],
)
def test_an_answer_fits_by_what_is_written_of_it(found: Any, wanted: Any, fitting: bool) -> None:
    assert fits(found, wanted) is fitting


def test_values_are_shown_as_an_author_writes_them() -> None:
    assert [written(value) for value in (None, True, 3, "x")] == ["null", "true", "3", "'x'"]


def test_what_a_process_ended_with_is_its_own_even_if_another_ended_later() -> None:
    signals = '<bpmn:signal id="S" name="s"/>\n'
    throws = (
        start() + script("count", "=3", "found") + end("end", signal("S")) + flows("start", "count", "end")
    )
    other = process(
        "q", start("q1", signal("S")), script("no", "=7", "found"), end("q2"), flows("q1", "no", "q2")
    )
    files = {"p.bpmn": diagram(process("p", throws), signals, other)}

    assert missed("path: [no]\nvalues: {found: 3}\nended: true", files) == []
