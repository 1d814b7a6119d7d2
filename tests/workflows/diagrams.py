"""The shipped diagrams as the tests look at them: nodes, flows, lanes, and where each is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

WORKFLOWS = Path(__file__).parents[2] / "workflows"
DIAGRAMS = sorted(WORKFLOWS.glob("*.bpmn"))
DECISIONS = sorted(WORKFLOWS.glob("decisions/*.dmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent")
TASKS = ("userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
NODES = EVENTS + TASKS + GATEWAYS


Xml = Any
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def read(path: Path) -> Xml:
    """The root element of a file."""
    return etree.parse(str(path)).getroot()


def tag(element: Xml) -> str:
    """The name of an element without its namespace."""
    return str(etree.QName(element).localname)


@dataclass
class Diagram:
    """One file, parsed."""

    path: Path

    def __post_init__(self) -> None:
        self.root = read(self.path)
        self.process = self.root.find(f"{BPMN}process")
        self.nodes = {
            e.get("id"): e for e in self.process.iter() if tag(e) in NODES and e.tag.startswith(BPMN)
        }
        self.flows = {e.get("id"): e for e in self.process.iter(f"{BPMN}sequenceFlow")}
        self.boxes = {e.get("bpmnElement"): box_of(e) for e in self.root.iter(f"{DI}BPMNShape")}
        self.lines = {
            e.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in e.iter(POINT)]
            for e in self.root.iter(f"{DI}BPMNEdge")
        }

    def of(self, kind: str) -> list[Xml]:
        """The nodes of one kind."""
        return [node for node in self.nodes.values() if tag(node) == kind]

    def out_of(self, id: str) -> list[Xml]:
        """The flows that leave a node."""
        return [flow for flow in self.flows.values() if flow.get("sourceRef") == id]

    def lanes(self) -> dict[str, str]:
        """The lane of every node that stands in one directly."""
        return {
            reference.text: lane.get("name")
            for lane in self.process.iter(f"{BPMN}lane")
            for reference in lane.iter(f"{BPMN}flowNodeRef")
        }

    def expressions(self) -> Iterator[tuple[str, str]]:
        """Every FEEL text with the place it stands at."""
        for element in self.root.iter():
            texts = [str(value) for value in element.attrib.values()]
            if tag(element) in ("conditionExpression", "timeDate", "timeDuration", "timeCycle"):
                texts.append((element.text or "").strip())
            for text in texts:
                if text.startswith("="):
                    yield f"{self.path.name}:{element.sourceline}", text[1:]


def box_of(shape: Xml) -> Box:
    """Left, top, right and bottom of a shape."""
    bounds = shape.find(BOUNDS)
    x, y, w, h = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + w, y + h


def zeebe(node: Xml, name: str, attribute: str) -> str | None:
    """An attribute of one of a node's own zeebe extensions."""
    found: Xml = node.find(f"{BPMN}extensionElements/{ZEEBE}{name}")
    return None if found is None else found.get(attribute)


def properties(node: Xml) -> dict[str, str]:
    """The zeebe properties of a node."""
    found = node.findall(f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property")
    return {each.get("name"): each.get("value") for each in found}


def inputs(node: Xml) -> set[str]:
    """The names an element's input mappings give."""
    return {
        each.get("target") for each in node.findall(f"{BPMN}extensionElements/{ZEEBE}ioMapping/{ZEEBE}input")
    }
