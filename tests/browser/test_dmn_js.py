"""Decision files on their way through dmn-js, the editor designers use: what it writes is read and written unchanged."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest
from playwright.sync_api import Browser, Page

from engine.dmn import read_decisions
from engine.dmn.reader import read_definitions
from engine.dmn.xml import parse, write

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
DMN_JS = ROOT / "node_modules" / "dmn-js" / "dist" / "dmn-modeler.production.min.js"
SHIPPED = sorted((ROOT / "workflows" / "decisions").glob("*.dmn"))

OPEN = """async (xml) => {
  window.modeler ??= new DmnJS({ container: '#canvas', common: { keyboard: { bindTo: window } } });
  const { warnings } = await modeler.importXML(xml);
  return warnings.map((warning) => warning.message);
}"""
SAVE = "async () => (await modeler.saveXML({ format: true })).xml"
EDIT = """async () => {
  const table = modeler.getViews().find((view) => view.type === 'decisionTable');
  await modeler.open(table);
  const viewer = modeler.getActiveViewer();
  const modeling = viewer.get('modeling');
  const rule = modeling.addRow({ type: 'dmn:DecisionRule' });
  modeling.editCell(rule.cells[0].businessObject, '"warm", "<dry> & cool"');
  modeling.editCell(rule.cells[1].businessObject, '"salad"');
  modeling.editAnnotation(rule.businessObject, 'as the kitchen asked:\\nnothing "hot" & heavy');
  modeling.addRow({ type: 'dmn:DecisionRule' });
}"""


@pytest.fixture
def editor(chromium: Browser) -> Iterator[Page]:
    """A page with dmn-js on it."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_content('<div id="canvas" style="height: 600px"></div>')
    page.add_script_tag(path=str(DMN_JS))
    yield page
    context.close()


def through(editor: Page, source: bytes, edit: str | None = None) -> bytes:
    """The file as dmn-js writes it after reading it, and perhaps after a change."""
    assert editor.evaluate(OPEN, source.decode()) == []
    if edit is not None:
        editor.evaluate(edit)
    written: str = editor.evaluate(SAVE)
    return written.encode()


SEASON = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- the menu -->
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="menu" name="Menu" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="season" name="Season">
    <variable id="v1" name="season" typeRef="string" />
    <literalExpression id="l1"><text>if month &lt; 6 then "cold" else "warm"</text></literalExpression>
  </decision>
  <decision id="dish" name="Dish">
    <informationRequirement id="ir1"><requiredDecision href="#season" /></informationRequirement>
    <decisionTable id="table" hitPolicy="FIRST">
      <!-- asked once a day -->
      <input id="i1" label="Season"><inputExpression id="ie1" typeRef="string"><text>season</text></inputExpression></input>
      <output id="o1" label="Dish" name="dish" typeRef="string" />
      <rule id="r1">
        <description>Soup &amp; bread</description>
        <inputEntry id="u1"><text>"cold"</text></inputEntry>
        <outputEntry id="a1"><text>"soup"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <textAnnotation id="note"><text>as the kitchen asked</text></textAnnotation>
  <association id="to_note" associationDirection="None">
    <sourceRef href="#dish" /><targetRef href="#note" />
  </association>
  <dmndi:DMNDI><dmndi:DMNDiagram>
    <dmndi:DMNShape dmnElementRef="season"><dc:Bounds height="80" width="180" x="160" y="300" /></dmndi:DMNShape>
    <dmndi:DMNShape dmnElementRef="dish"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape>
  </dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""


def test_a_table_drawn_in_dmn_js_is_written_as_it_was_read(editor: Page) -> None:
    drawn = through(editor, SEASON, EDIT)

    written = write(parse(drawn))

    assert canonicalize(written.decode(), with_comments=True) == canonicalize(
        drawn.decode(), with_comments=True
    )
    assert through(editor, written) == drawn


def test_what_is_typed_in_dmn_js_is_what_the_decision_reads(editor: Page) -> None:
    decisions = read_decisions(through(editor, SEASON, EDIT))

    (told,) = decisions.evaluate("Dish", {"month": 7}).record.tables

    assert decisions.value("Dish", {"month": 3}) == "soup"
    assert [rule.outputs for rule in told.matched] == [{"dish": "salad"}]
    assert told.matched[0].annotations == ('as the kitchen asked:\nnothing "hot" & heavy',)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_decision_comes_back_from_dmn_js_as_it_went(editor: Page, file: Path) -> None:
    source = file.read_bytes()

    assert read_definitions(through(editor, source)) == read_definitions(source)
