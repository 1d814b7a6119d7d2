"""Files as modelers write them: read, written, read again, and nothing is lost; dangerous ones are refused."""

from xml.etree.ElementTree import canonicalize

import pytest

from engine.dmn import DmnError, read_decisions
from engine.dmn.reader import read_definitions
from engine.dmn.xml import parse, write

DMN_JS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
 xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
 xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
 xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0"
 xmlns:modeler="http://camunda.org/schema/modeler/1.0"
 id="Definitions_1" name="DRD" namespace="http://camunda.org/schema/1.0/dmn"
 exporter="dmn-js (https://demo.bpmn.io/dmn)" exporterVersion="16.0.0"
 modeler:executionPlatform="Camunda Cloud">
  <!-- who may decide what -->
  <decision id="Decision_season" name="Season">
    <variable id="v1" name="season" typeRef="string" />
    <literalExpression id="l1"><text>if month &lt; 6 then "cold" else "warm"</text></literalExpression>
  </decision>
  <decision id="Decision_dish" name="Dish">
    <informationRequirement id="ir1"><requiredDecision href="#Decision_season" /></informationRequirement>
    <decisionTable id="DecisionTable_1" hitPolicy="FIRST" biodi:annotationsWidth="300">
      <input id="Input_1" label="Season" biodi:width="192">
        <inputExpression id="InputExpression_1" typeRef="string">
          <text>Season</text>
        </inputExpression>
        <inputValues id="UnaryTests_0"><text>"cold","warm"</text></inputValues>
      </input>
      <output id="Output_1" label="Dish" name="dish" typeRef="string" biodi:width="192" />
      <rule id="DecisionRule_1">
        <description>Soup &amp; bread</description>
        <inputEntry id="UnaryTests_1"><text>"cold"</text></inputEntry>
        <outputEntry id="LiteralExpression_1"><text>"soup"</text></outputEntry>
      </rule>
      <rule id="DecisionRule_2">
        <!-- anything else -->
        <inputEntry id="UnaryTests_2"><text></text></inputEntry>
        <outputEntry id="LiteralExpression_2"><text>"salad"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <textAnnotation id="TextAnnotation_1"><text>as the kitchen asked</text></textAnnotation>
  <association id="Association_1"><sourceRef href="#Decision_dish" /><targetRef href="#TextAnnotation_1" /></association>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef="Decision_dish"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def test_a_file_of_dmn_js_is_written_as_it_was_read():
    written = write(parse(DMN_JS))

    assert canonicalize(written.decode(), with_comments=True) == canonicalize(
        DMN_JS.decode(), with_comments=True
    )
    assert read_definitions(written) == read_definitions(DMN_JS)


def test_annotations_reach_the_reason_a_person_reads():
    explanation = read_decisions(DMN_JS).evaluate("Dish", {"month": 3})

    assert explanation.value == "soup"
    assert explanation.record.sentences() == [
        'Dish: Season was "cold".',
        'Rule 1 matched: dish = "soup". (Soup & bread)',
    ]


def test_a_decision_is_known_by_its_name_its_variable_and_its_id():
    model = read_decisions(DMN_JS)

    assert [model.value(name, {"month": 7}) for name in ("Season", "season", "Decision_season")] == [
        "warm"
    ] * 3


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>', "dmn.doctype"),
        (b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><d>&b;</d>', "dmn.doctype"),
        (b'<!DOCTYPE d SYSTEM "http://example.invalid/d.dtd"><d/>', "dmn.doctype"),
        (b"<definitions", "dmn.xml"),
        (b"", "dmn.xml"),
        (b"<a:b/>", "dmn.xml"),
        (b"<a>" * 1000, "dmn.depth"),
        (b"<definitions/>", "dmn.version"),
        (b'<?xml version="1.0" encoding="nonsense"?><d/>', "dmn.xml"),
        (b" " * 6_000_000, "dmn.size"),
    ],
)
def test_what_is_dangerous_or_no_dmn_is_refused(source, code):
    with pytest.raises(DmnError) as caught:
        read_decisions(source, "x.dmn")

    assert caught.value.code == code
