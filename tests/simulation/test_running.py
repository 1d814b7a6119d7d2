"""Scenarios one after another, and questions to decisions."""

import pytest

from engine.domain.errors import DefinitionRefused
from engine.simulation import run
from tests.builders.scenarios import played, told

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">
<decision id="due" name="Due"><decisionTable id="due_table" hitPolicy="COLLECT">
<input id="in"><inputExpression id="x"><text>since</text></inputExpression></input>
<output id="out" name="due"/><output id="out2" name="days"/>
<rule id="one"><inputEntry id="a"><text>&lt; date("2026-11-23")</text></inputEntry>
<outputEntry id="b"><text>since + duration("P1D")</text></outputEntry><outputEntry id="c"><text>1</text></outputEntry></rule>
<rule id="two"><inputEntry id="e"><text>-</text></inputEntry>
<outputEntry id="f"><text>date(now)</text></outputEntry><outputEntry id="g"><text>2</text></outputEntry></rule>
</decisionTable></decision></definitions>
"""


def asked(question: str) -> list[str]:
    """What is said of a question to a decision over dates."""
    return told(played(f"decisions:\n- {{name: x, {question}}}\n", {"due.dmn": TABLE.encode()}))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            """decision: due, given: {since: '=date("2026-11-22")'}, expect: [{due: 2026-11-23}, {days: 2}]""",
            None,
        ),
        ("""decision: due, given: {since: '=date("2026-11-22")'}, rules: [one, two]""", None),
        (
            """decision: due, given: {since: '=date("2026-11-24")'}, rules: [one]""",
            "2: expected the rules one, but matched two",
        ),
        (
            """decision: due, given: {since: '=date("2026-11-24")'}, expect: [{days: 1}]""",
            "2: expected [{'days': 1}], but the decision says [{'due': '2026-11-23', 'days': 2}]",
        ),
        ("decision: deu, expect: 3", "2: there is no decision 'deu'"),
        ("decision: due, given: {since: '=date('}, expect: 3", "2: "),
        # what is not given is null
        ("decision: due, expect: [{due: 2026-11-23}]", None),
        ("decision: due, at: 2027-01-02 09:00, expect: [{due: 2027-01-02}]", None),
    ],
)
def test_a_decision_answers_as_expected_or_it_is_told(question: str, reason: str | None) -> None:
    found = asked(question)

    assert len(found) == (0 if reason is None else 1)
    assert reason is None or found[0].startswith(reason)


def test_every_scenario_begins_in_a_bank_without_a_complaint() -> None:
    case = """
    - name: {name}
      start: {{process: p, complaint: {{text: x}}}}
      steps:
      - {{fail: people.alert, times: 5}}
      values: {{complaint: {{number: C-2026-000001}}}}
    """
    words = "scenarios:\n" + case.format(name="one") + case.format(name="two")

    assert played(words).passed == 2


def test_outcomes_stand_in_the_order_of_the_file_with_the_way_they_took() -> None:
    words = """
    decisions:
    - {name: late, decision: none, expect: 1}
    scenarios:
    - {name: one, start: {process: p}, tasks: [work]}
    - {name: two, start: {process: p}, tasks: []}
    """
    outcomes = played(words).outcomes

    assert [(outcome.line, outcome.name, outcome.passed) for outcome in outcomes] == [
        (3, "late", False),
        (5, "one", True),
        (6, "two", False),
    ]
    assert outcomes[1].path == outcomes[2].path == ("start",)
    assert str(outcomes[1]) == "cases.yaml:5: one: passed"
    assert str(outcomes[2]) == "cases.yaml:6: two: tasks: expected none, but found work"


def test_definitions_that_cannot_run_are_refused() -> None:
    with pytest.raises(DefinitionRefused):
        run({"p.bpmn": b"<nothing/>"}, [])
