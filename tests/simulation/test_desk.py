"""People at work in a scenario: the right person, the form as the desk shows and checks it."""

import pytest

from engine.simulation.desk import typed
from engine.simulation.play import Unplayable
from forms.definitions import read_form
from tests.builders.checking import a_form
from tests.builders.diagrams import diagram, end, flows, process, properties, start, user
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


def after(*steps: str) -> list[str]:
    """What is said of a complaint that waits at triage, after these steps; the first stands in line 9."""
    return told(played(CASE + "".join(f"  - {step}\n" for step in steps)))


def test_a_form_is_answered_over_what_it_shows_by_itself() -> None:
    assert after("answer: triage", "expect: {values: {complaint: {people_affected: 1, nature: other}}}") == []


def test_what_the_form_shows_already_is_answered_by_leaving_it() -> None:
    words = """
    answers:
      triage: {triage.verdict: complaint}
    scenarios:
    - name: x
      start: {process: intake, unit: SH-XH, complaint: {text: The clerk was rude., vulnerable: true}}
      steps:
      - answer: triage
      values: {complaint: {nature: service_attitude, vulnerable: true}}
    """

    assert told(played(words)) == []


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("answer: investigate", "no task 'investigate' waits; waiting: triage"),
        ("{answer: triage, of: OPS}", "no task 'triage' of OPS waits; waiting: triage"),
        ("{answer: triage, with: {triage.verdit: x}}", "the form 'triage' asks no 'triage.verdit': did you"),
        (
            "{answer: triage, with: {triage: {verdict: mybe}}}",
            "the form 'triage' of 'triage' refuses the answers: triage.verdict: ",
        ),
        (
            "{answer: triage, as: executive}",
            "nobody who is 'executive' may do 'triage': it is for triage_off",
        ),
        ("{answer: triage, as: emperor}", "nobody who is 'emperor' may do 'triage'"),
        ("{answer: triage, refused: true}", "this should have been refused, and was not"),
        (
            "{answer: triage, with: {triage: {verdict: mybe}}, refused: [complaint.media]}",
            "the form 'triage' of 'triage' refuses the answers: triage.verdict: ",
        ),
        ("go on until: consolidate", "the form 'investigate' of 'investigate' refuses the answers: "),
    ],
)
def test_what_people_cannot_do_is_told(step: str, reason: str) -> None:
    found = after(step)

    assert len(found) == 1
    assert found[0].startswith(f"9: {reason}")


@pytest.mark.parametrize(
    "step",
    [
        "{answer: triage, with: {triage: {verdict: mybe}}, refused: true}",
        "{answer: triage, with: {triage: {verdict: mybe}}, refused: [triage.verdict]}",
        "{answer: triage, as: executive, refused: true}",
    ],
)
def test_what_should_be_refused_is_and_leaves_no_trace(step: str) -> None:
    assert after(step, "expect: {tasks: [triage], never: [triage]}") == []


def test_people_go_on_until_an_element_waits() -> None:
    assert after("go on until: investigate", "expect: {tasks: [investigate], path: [triage]}") == []
    assert after("go on until: triage", "expect: {never: [triage]}") == []


def test_a_task_without_a_form_is_just_done() -> None:
    assert missed("steps:\n- answer: work\n  as: handler\nended: true") == []
    assert missed("steps:\n- answer: work\n  with: {x: 1}") == ["5: the form 'none' asks no 'x'"]


def test_what_nobody_here_may_do_is_told() -> None:
    elsewhere = {
        "p.bpmn": diagram(
            process(
                "p",
                start(),
                user("work", properties(unit="SH-XH"), role="coordinator"),
                end(),
                flows("start", "work", "end"),
            )
        )
    }

    assert missed("steps:\n- answer: work", elsewhere) == [
        "5: nobody here may do 'work': it is for coordinator at SH-XH, without those it excludes"
    ]


def test_people_do_not_work_for_ever() -> None:
    loop = {"p.bpmn": diagram(process("p", start(), user("work"), flows("start", "work", "work")))}

    assert missed("steps:\n- go on until: nothing waits", loop) == [
        "5: people worked on 200 tasks, and it is not over"
    ]


def test_what_never_waits_is_told() -> None:
    two = {
        "p.bpmn": diagram(
            process("p", start(), user("work"), end(), flows("start", "work", "end")),
        ),
        "q.bpmn": diagram(process("q", start(), user("other"), end(), flows("start", "other", "end"))),
    }

    assert missed("steps:\n- go on until: other", two) == ["5: 'other' never waited: nothing waits any more"]


def test_numbers_and_yes_are_words_where_a_form_takes_words() -> None:
    (content,) = a_form("f", "a", "b", "c").values()

    assert typed(read_form(content, "f.form"), {"a": 5, "b": True, "c": "no"}) == {
        "a": "5",
        "b": "true",
        "c": "no",
    }
    with pytest.raises(Unplayable, match="asks no 'd'"):
        typed(read_form(content, "f.form"), {"d": 1})
