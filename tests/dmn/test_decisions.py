"""Files of decisions: read, asked, explained, refused."""

import pytest

from engine.dmn import DmnError, read_decisions

HEAD = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="D" namespace="urn:d">'
SEVERITY = (
    HEAD
    + b"""
<decision id="severity" name="Severity"><decisionTable id="table" hitPolicy="FIRST">
<input id="i1" label="Amount">
<inputExpression typeRef="number"><text>complaint.amount</text></inputExpression></input>
<input id="i2"><inputExpression typeRef="string"><text>channel</text></inputExpression></input>
<output id="o" name="grade" typeRef="string"/>
<rule id="r1"><inputEntry><text>&gt; 50000</text></inputEntry>
<inputEntry><text>"card","loan"</text></inputEntry>
<outputEntry><text>"major"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>-</text></inputEntry><inputEntry><text></text></inputEntry>
<outputEntry><text>"general"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
)


def test_a_table_answers_by_the_first_rule_that_matches():
    model = read_decisions(SEVERITY, "severity.dmn")

    assert model.value("severity", {"complaint": {"amount": 60000}, "channel": "loan"}) == "major"
    assert model.value("Severity", {"complaint": {"amount": 60.5}, "channel": "loan"}) == "general"


def test_an_explanation_names_the_rule_and_what_was_seen():
    model = read_decisions(SEVERITY, "severity.dmn")

    explanation = model.evaluate("severity", {"complaint": {"amount": 60000}, "channel": "loan"})

    assert explanation.value == "major"
    assert [rule.id for rule in explanation.record.tables[0].matched] == ["r1"]
    assert explanation.record.sentences() == [
        'Severity: Amount was 60000, channel was "loan".',
        'Rule 1 matched: grade = "major".',
    ]


def test_the_names_a_decision_needs_can_be_asked():
    assert read_decisions(SEVERITY).names("severity") == {"complaint", "channel"}


def test_a_cell_that_is_not_feel_is_refused_with_its_line():
    with pytest.raises(DmnError) as caught:
        read_decisions(SEVERITY.replace(b"&gt; 50000", b"&gt; &gt;"), "severity.dmn")

    assert (caught.value.code, caught.value.file, caught.value.line) == ("feel.syntax", "severity.dmn", 7)


def test_a_document_type_is_refused():
    with pytest.raises(DmnError, match="refused"):
        read_decisions(b'<!DOCTYPE x [<!ENTITY e "e">]><definitions/>')
