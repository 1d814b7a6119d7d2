"""What may happen in a scenario, each through the use case that does it in the bank."""

from collections.abc import Mapping
from typing import Any

import pytest
from marshmallow import fields

from engine.domain.running import Job
from engine.operations.registry import Inputs, outside_operation
from engine.simulation.bank import Town
from engine.simulation.reading import read_scenarios
from engine.simulation.running import run_in
from tests.builders.diagrams import (
    boundary,
    diagram,
    end,
    error,
    flows,
    mapping,
    message,
    node,
    process,
    signal,
    start,
    timer,
    user,
    zeebe,
)
from tests.builders.scenarios import missed, played, told

CASE = """
answers:
  complaint: {text: Lost., customer_name: Li, contact_by: phone, customer_phone: 13800000000}
  triage: {triage.verdict: complaint, complaint.nature: other}
scenarios:
- name: x
  start: {form: complaint, unit: SH-XH}
  steps:
"""
CAUGHT = (
    '<bpmn:message id="m" name="paid"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=number"/></bpmn:extensionElements></bpmn:message>'
    '<bpmn:signal id="g" name="gong"/><bpmn:error id="e" name="full" errorCode="full"/>'
)


def after(*steps: str) -> list[str]:
    """What is said of a complaint that waits at triage, after these steps; the first stands in line 9."""
    return told(played(CASE + "".join(f"  - {step}\n" for step in steps)))


def waiting_for(definition: str) -> dict[str, bytes]:
    """A process that waits for this event."""
    caught = node("intermediateCatchEvent", "caught", body=definition)
    return {"p.bpmn": diagram(process("p", start(), caught, end(), flows("start", "caught", "end")), CAUGHT)}


def operating(**retries: str) -> dict[str, bytes]:
    """A process with one operation, and a way for its error "full"."""
    alert = zeebe("taskDefinition", type="people.alert", **retries)
    given = mapping([('=["head"]', "roles"), ('="late"', "event")])
    parts = (
        start(),
        node("serviceTask", "do", alert, given, name="do"),
        boundary("was_full", "do", error("e")),
        end(),
        end("other"),
        flows("start", "do", "end"),
        flows("was_full", "other"),
    )
    return {"p.bpmn": diagram(process("p", *parts), CAUGHT)}


def failing(fault: str, *steps: str, retries: str = "1") -> list[str]:
    """What is said of the operation when it fails before it was ever done; the first step stands in line 7."""
    case = f"scenarios:\n- name: x\n  before:\n  - {fault}\n  start: {{process: p, complaint: {{text: x}}}}\n  steps:\n"
    return told(played(case + "".join(f"  - {step}\n" for step in steps), operating(retries=retries)))


# the customer


def test_a_customer_informs_and_withdraws() -> None:
    assert after("inform: A photograph.", "expect: {tasks: [review_information, triage]}") == []
    assert (
        after("withdraw: Solved.", "expect: {ended: true, values: {complaint: {outcome: withdrawn}}}") == []
    )
    assert after("{inform: '', refused: [text]}") == []


def test_somebody_at_the_bank_does_it_for_the_customer_if_their_role_allows_it() -> None:
    assert after("{inform: A call., as: customer_care}", "expect: {path: [confirm_information]}") == []
    assert after("{inform: A call., as: analyst}") == ["9: refused: Your role does not allow this here."]


def test_a_customer_answers_only_an_open_offer() -> None:
    assert after("offer: accepted") == ["9: refused: There is no open offer to answer."]


def test_a_customer_rates_what_is_closed() -> None:
    closed = "withdraw: Solved."

    assert after("rate: 5") == ["9: refused: Please rate us when your complaint is closed."]
    assert (
        after(closed, "{rate: 2, because: Slow.}", "expect: {values: {complaint: {satisfaction: 2}}}") == []
    )
    assert after(closed, "{rate: 9, refused: true}") == []


# consumer protection


def test_a_grade_is_raised_with_a_reason() -> None:
    raised = "{raise to: major, because: The press asks.}"

    assert after("answer: triage", raised, "expect: {values: {complaint: {grade: major}}}") == []
    assert after("answer: triage", "{raise to: majro, because: x}") == [
        "10: refused: There is no grade named majro."
    ]


def test_departments_are_asked_only_while_they_work_together() -> None:
    assert after("invite: CARDS")[0].startswith("9: refused: ")
    assert after("let go: CARDS") == ["9: nothing is asked of 'CARDS' now"]
    assert after("nudge: CARDS") == ["9: nothing is asked of 'CARDS' now"]


@pytest.mark.parametrize(
    "step", ["inform: x", "withdraw: x", "offer: accepted", "rate: 3", "invite: IT", "nudge: IT"]
)
def test_what_is_about_a_complaint_needs_one(step: str) -> None:
    assert missed(f"steps:\n- {step}") == ["5: this step needs a complaint, and the scenario has none"]


# time


def test_time_goes_by_and_to_a_moment() -> None:
    late = waiting_for(timer("Duration", "PT2H"))

    assert missed("steps:\n- wait: 2 hours\nended: true", late) == []
    assert missed("steps:\n- wait: 1 hour\nended: true", late) != []
    assert missed("steps:\n- wait until: 2026-11-23 11:30\nended: true", late) == []
    assert missed("at: 2026-11-24 08:00\nsteps:\n- wait until: 2026-11-23 11:30", late) == [
        "6: it is 2026-11-24T00:00:00+00:00 already; time does not go back"
    ]


# what comes from outside


def test_a_message_reaches_who_waits_for_it_with_its_key() -> None:
    paid = waiting_for(message("m"))
    case = "scenarios:\n- name: x\n  start: {process: p, with: {number: '7'}}\n  steps:\n  - STEP\n  ended: true\n"

    assert told(played(case.replace("STEP", "{message: paid, key: 7}"), paid)) == []
    assert told(played(case.replace("STEP", "{message: paid, key: 8}"), paid)) == [
        "5: nobody waits for it; waited for: paid"
    ]


def test_a_message_carries_values() -> None:
    words = """
    scenarios:
    - name: x
      start: {process: p, with: {number: '7'}}
      steps:
      - {message: paid, key: 7, with: {amount: 3}}
      values: {amount: 3}
    """

    assert told(played(words, waiting_for(message("m")))) == []


def test_a_signal_reaches_everybody() -> None:
    assert missed("steps:\n- signal: gong\nended: true", waiting_for(signal("g"))) == []
    assert missed("steps:\n- signal: bell", waiting_for(signal("g"))) == [
        "5: nobody waits for it; waited for: signal: gong"
    ]


def test_a_signal_carries_values() -> None:
    assert (
        missed("steps:\n- signal: gong\n  with: {loud: true}\nvalues: {loud: true}", waiting_for(signal("g")))
        == []
    )


def test_a_message_is_kept_for_who_waits_later() -> None:
    first = user("first")
    late = node("intermediateCatchEvent", "caught", body=message("m"))
    parts = (start(), first, late, end(), flows("start", "first", "caught", "end"))
    later = {"p.bpmn": diagram(process("p", *parts), CAUGHT)}
    case = """
    scenarios:
    - name: x
      start: {process: p, with: {number: '7'}}
      steps:
      - {message: paid, key: 7, kept for: 2 hours}
      - wait: LENGTH
      - answer: first
      ended: true
    """

    assert told(played(case.replace("LENGTH", "1 hour"), later)) == []
    assert told(played(case.replace("LENGTH", "3 hours"), later)) == [
        "3: ended: expected the process to be over, but it still is at caught"
    ]


class Score(Inputs):
    """What the check gives."""

    score = fields.Integer()


@outside_operation("credit.check", output=Score)
def _check_credit(job: Job, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Never done in a simulation: a step says what becomes of it."""
    raise AssertionError("done for real")


def working_outside(*steps: str) -> list[str]:
    """What is said of a process with one operation that works outside; the first step stands in line 5."""
    parts = (
        start(),
        node("serviceTask", "do", zeebe("taskDefinition", type="credit.check"), name="do"),
        boundary("was_full", "do", error("e")),
        end(),
        end("other"),
        flows("start", "do", "end"),
        flows("was_full", "other"),
    )
    town = Town({"p.bpmn": diagram(process("p", *parts), CAUGHT)}, {"credit.check": _check_credit})
    case = "scenarios:\n- name: x\n  start: {process: p}\n  steps:\n" + "".join(
        f"  - {step}\n" for step in steps
    )
    scenarios, _ = read_scenarios(case.encode(), "cases.yaml")
    return told(run_in(town, scenarios))


def test_work_outside_waits_until_a_step_says_what_becomes_of_it() -> None:
    done = "{job: credit.check, with: {score: 700}}"

    assert (
        working_outside("wait: 30 days", "expect: {ended: false}", done, "expect: {values: {score: 700}}")
        == []
    )
    assert working_outside("{job: credit.check, error: full}", "expect: {path: [was_full, other]}") == []
    assert working_outside("{job: credit.check, failed: true, because: No line.}") == [
        "2: something could not go on; incident at do: credit.check: No line."
    ]


def test_a_job_that_does_not_wait_is_told() -> None:
    assert working_outside("job: credit.check", "job: credit.check") == [
        "6: no job of 'credit.check' waits; waiting: none"
    ]
    assert working_outside("job: credit.chek") == [
        "5: there is no operation 'credit.chek': did you mean 'credit.check'?"
    ]
    assert working_outside("fail: credit.check") == [
        "5: 'credit.check' works outside: say what becomes of it with `job`, when it waits"
    ]


# what breaks


def test_an_operation_fails_and_is_tried_again_by_hand() -> None:
    stands, gone = "expect: {incidents: [do], ended: false}", "expect: {incidents: [], ended: true}"

    assert failing("fail: people.alert", stands, "retry: do", gone) == []
    assert failing("{fail: people.alert, times: 2}", stands, "retry: do", stands, "retry: do", gone) == []
    assert failing("{fail: people.alert, because: No line.}", "expect: {incidents: []}") == [
        "7: incidents: expected none, but found do; incident at do: people.alert: No line."
    ]


def test_an_operation_is_tried_again_when_its_time_comes() -> None:
    assert (
        failing("{fail: people.alert, times: 2}", "wait: 1 day", "expect: {ended: true}", retries="3") == []
    )


def test_an_operation_fails_with_an_error_the_diagram_catches() -> None:
    assert failing("{fail: people.alert, error: full}", "expect: {path: [was_full, other]}") == []


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (["retry: do"], "7: no incident stands at 'do'"),
        (["fail: people.alrt"], "7: there is no operation 'people.alrt': did you mean 'people.alert'?"),
        (["retry: od"], "7: there is no element 'od'"),
    ],
)
def test_what_is_not_there_can_neither_fail_nor_be_tried_again(steps: list[str], reason: str) -> None:
    (found,) = failing("bank: pays", *steps)

    assert found.startswith(reason)


def test_only_who_may_tries_again() -> None:
    assert failing("fail: people.alert", "{retry: do, as: analyst, refused: true}", "retry: do") == []
