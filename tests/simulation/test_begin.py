"""How a scenario begins."""

import pytest

from tests.builders.diagrams import diagram, end, flows, process, signal, start, timer, user
from tests.builders.scenarios import played, told

LI = "customer_name: Li, contact_by: phone, customer_phone: 13800000000"


def begun(start: str, more: str = "") -> list[str]:
    """What is said of a scenario that begins like this, over the processes that ship."""
    return told(played(f"scenarios:\n- name: x\n  start: {{{start}}}\n{more}"))


def test_a_form_registers_a_complaint_as_a_channel_would() -> None:
    start = f"form: complaint, unit: SH-XH, channel: app, with: {{text: Lost., {LI}}}"
    expected = (
        "  values: {complaint: {channel: app, text: Lost., customer: {name: Li}, receiving_unit: SH-XH}}\n"
    )

    assert begun(start, expected + "  happened: [complaint.received]\n  tasks: [triage]\n") == []


def test_staff_register_a_complaint_for_a_customer_in_their_own_unit() -> None:
    start = f"form: staff_complaint, as: first_owner, with: {{channel: hotline, text: Lost., {LI}}}"

    assert begun(start, "  values: {complaint: {channel: hotline, receiving_unit: CARE}}\n") == []


def test_usual_answers_may_be_those_of_the_form_it_begins_with() -> None:
    words = """
    answers:
      complaint: {text: Lost., customer_name: Li, contact_by: phone, customer_phone: 13800000000}
    scenarios:
    - name: x
      start: {form: complaint, unit: SH-XH, with: {text: Stolen.}}
      values: {complaint: {text: Stolen., customer: {name: Li}}}
    """

    assert told(played(words)) == []


def test_a_process_begins_with_variables_and_a_complaint_with_facts() -> None:
    start = (
        "process: p, unit: INTL-LON, channel: email, with: {x: {y: 3}},"
        " complaint: {text: Lost., amount: 30.50, currency: GBP, grade: urgent, vulnerable: true, accused: wang.na}"
    )
    expected = (
        "  values: {x: {y: 3}, complaint: {amount: 30.5, grade: urgent, vulnerable: true, accused: wang.na,"
        " regime: UK, channel: email}}\n"
    )

    assert begun(start, expected) == []


def test_a_process_without_facts_is_about_no_complaint() -> None:
    assert begun("process: p", "  values: {complaint: null}\n  tasks: [work]\n") == []


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("form: complaint, unit: SH-XH", "the form 'complaint' refuses the answers: text: Please answer"),
        ("form: complaint, with: {txt: x}", "the form 'complaint' asks no 'txt': did you mean 'text'?"),
        (
            f"form: complaint, with: {{text: x, {LI}}}, unit: SH-XX",
            "refused: ",
        ),
        ("form: staff_complaint, as: boss", "there is nobody who is 'boss': write a role or a login"),
        ("process: p, complaint: {amuont: 3}", "refused: complaint.amuont is not something"),
        ("process: p, complaint: {grade: high}", "refused: "),
        ("process: p, complaint: {amount: much}", "complaint.amount is a number"),
        ("process: p, complaint: {text: 3}", "complaint.text is written in words"),
        ("process: p, complaint: {text: ''}", "refused: Please tell us what happened."),
        ("process: p, complaint: {regime: FR}", "complaint.regime is one of: CN, UK, US"),
        ("process: p, complaint: {contact_by: bird}", "complaint.contact_by is one of: email, phone, post"),
        ("process: p, complaint: {text: x}, channel: drum", "channel is one of: mobile_bank, "),
        ("process: p, message: hello", "refused: "),
    ],
)
def test_a_beginning_that_cannot_be_is_told(start: str, reason: str) -> None:
    found = begun(start)

    assert len(found) == 1
    assert found[0].startswith(f"3: {reason}")


def test_a_process_that_needs_a_complaint_says_so_when_it_has_none() -> None:
    (reason,) = begun("process: limits")

    assert reason.startswith("2: something could not go on; incident at set_clocks: ")


STARTS = {
    "p.bpmn": diagram(
        process(
            "p",
            start("at_nine", timer("Cycle", "R/PT2H")),
            start("at_gong", signal("g")),
            user("work"),
            end(),
            flows("at_nine", "work", "end"),
            flows("at_gong", "work"),
        ),
        '<bpmn:signal id="g" name="gong"/>',
    )
}


def begun_by(start: str, more: str = "") -> list[str]:
    """What is said of a process that starts by itself."""
    return told(played(f"scenarios:\n- name: x\n  start: {{process: p, {start}}}\n{more}", STARTS))


def test_a_process_starts_by_its_timer_when_its_time_has_come() -> None:
    passed = "  path: [p.at_nine]\n  never: [p.at_gong]\n  tasks: [work]\n"

    assert begun_by("after: 2 hours", passed) == []
    assert begun_by("after: 1 hour") == ["3: 'p' did not start"]
    assert begun_by("after: 2 hours", f"  at: 2030-01-07 09:00\n{passed}") == []


def test_a_process_starts_by_a_signal() -> None:
    assert begun_by("signal: gong", "  path: [p.at_gong]\n  tasks: [work]\n") == []
    assert begun_by("signal: bell") == ["3: 'p' did not start"]


def test_the_way_is_that_of_the_last_start() -> None:
    words = """
    scenarios:
    - name: x
      before:
      - {process: p}
      start: {process: p}
      path: [start, start]
    """

    assert told(played(words)) == ["3: path: expected start to be passed after start, but nothing was"]


def test_what_was_before_is_there_and_the_scenario_is_about_the_last() -> None:
    words = """
    answers:
      complaint: {text: Lost., customer_name: Li, contact_by: email, customer_email: a@example.org}
    scenarios:
    - name: x
      before:
      - {form: complaint, unit: SH-XH}
      - {form: complaint, unit: SH-XH}
      start: {form: complaint, unit: SH-XH}
      tasks: [triage]
      notices: [received]
      mails: [C-2026-000003]
      path: [receive_complaint]
      values: {complaint: {number: C-2026-000003}}
    """

    assert told(played(words)) == []
