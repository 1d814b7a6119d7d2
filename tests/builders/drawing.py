"""Diagram interchange for diagrams written in Python, so that a modeler opens them: a small layout, left to right.

Nodes stand in columns by their distance from where a token begins, what begins by itself below; boundary events stand
on the lower edge of their activity.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
HOLDERS = ("subProcess", "transaction", "adHocSubProcess")
SMALL = {
    "Event": (36, 36),
    "Gateway": (50, 50),
    "dataObjectReference": (36, 50),
    "dataStoreReference": (50, 50),
}
GAP, ROW, MARGIN = 50, 40, 40
LINES = ("sequenceFlow", "association", "messageFlow")
SHAPES = ("textAnnotation", "group", "dataObjectReference", "dataStoreReference")


@dataclass
class Box:
    """Where something stands, within what it stands in."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float) -> "Box":
        """The same further on."""
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass
class Drawn:
    """The boxes of everything inside a process or subprocess, and how large it is."""

    boxes: dict[str, Box] = field(default_factory=dict)
    width: float = 0
    height: float = 0

    def put(self, id: str, box: Box) -> None:
        """One more box."""
        self.boxes[id] = box
        self.width = max(self.width, box.x + box.width + MARGIN)
        self.height = max(self.height, box.y + box.height + MARGIN)

    def take(self, inner: "Drawn", x: float, y: float) -> None:
        """What is inside one of the boxes."""
        self.boxes.update({id: box.moved(x, y) for id, box in inner.boxes.items()})


def local(node: Any) -> str:
    """The tag without its namespace; "" for what is no element."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def with_drawing(content: bytes) -> bytes:
    """The diagram with a drawing of all its processes, one below the other."""
    root = etree.fromstring(content)
    pools = {p.get("processRef"): p for p in root.iter(f"{B}participant")}
    plane_of = root.find(f"{B}collaboration")
    whole, below = Drawn(), 0.0
    for process in root.findall(f"{B}process"):
        inner = drawn(process)
        pool = pools.get(process.get("id"))
        if pool is not None:
            whole.put(pool.get("id") or "", Box(0, below, inner.width + MARGIN, inner.height))
        whole.take(inner, MARGIN if pool is not None else 0, below)
        below += inner.height + MARGIN
    for pool in root.iter(f"{B}participant"):
        if pool.get("processRef") is None:
            whole.put(pool.get("id") or "", Box(0, below, 400, 60))
            below += 100
    holder = plane_of if plane_of is not None else root.find(f"{B}process")
    assert holder is not None
    _append(root, holder.get("id") or "", whole.boxes)
    etree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="utf-8") + b"\n"


def drawn(holder: Any) -> Drawn:
    """The layout of one process or subprocess."""
    made = Drawn()
    nodes = {n.get("id"): n for n in holder if local(n) in SHAPES or _is_flow_node(n)}
    inside = {id: drawn(node) for id, node in nodes.items() if local(node) in HOLDERS}
    attached = {id for id, node in nodes.items() if local(node) == "boundaryEvent"}
    columns: dict[int, list[str]] = {}
    for id, column in _columns(holder, nodes).items():
        if id not in attached:
            columns.setdefault(column, []).append(id)
    x = float(MARGIN)
    for _, ids in sorted(columns.items()):
        y, widest = float(MARGIN), 0.0
        for id in ids:
            width, height = _size(nodes[id], inside.get(id))
            made.put(id, Box(x, y, width, height))
            if id in inside:
                made.take(inside[id], x, y)
            widest, y = max(widest, width), y + height + ROW + 20
        x += widest + GAP
    _attach(made, nodes, attached)
    return made


def _attach(made: Drawn, nodes: dict[str, Any], attached: set[str]) -> None:
    beside: dict[str, int] = {}
    for id in sorted(attached):
        host = nodes[id].get("attachedToRef")
        box, place = made.boxes[host], beside.get(host, 0)
        beside[host] = place + 1
        made.put(id, Box(box.x + box.width - 50 - 45 * place, box.y + box.height - 18, 36, 36))


def _is_flow_node(node: Any) -> bool:
    tag = local(node)
    return tag.endswith(("Event", "Gateway", "Task")) or tag in (*HOLDERS, "task", "callActivity")


def _size(node: Any, inside: Drawn | None) -> tuple[float, float]:
    if inside is not None:
        return max(inside.width, 120), max(inside.height, 80)
    tag = local(node)
    for ending, size in SMALL.items():
        if tag.endswith(ending):
            return size
    return (100, 30) if tag == "textAnnotation" else (100, 80)


def _columns(holder: Any, nodes: dict[str, Any]) -> dict[str, int]:
    onwards: dict[str, list[str]] = {}
    for flow in holder.findall(f"{B}sequenceFlow"):
        onwards.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for id, node in nodes.items():
        if local(node) == "boundaryEvent":
            onwards.setdefault(node.get("attachedToRef"), []).append(id)
    for line in holder.findall(f"{B}association"):
        onwards.setdefault(line.get("sourceRef"), []).append(line.get("targetRef"))
    led_to = {id for ids in onwards.values() for id in ids}
    columns: dict[str, int] = {}
    todo = [(id, 0) for id in nodes if id not in led_to]
    while todo:
        id, column = todo.pop(0)
        if id in nodes and id not in columns:
            columns[id] = column
            todo += [(next_id, column + 1) for next_id in onwards.get(id, ())]
    for id in nodes:
        columns.setdefault(id, 0)
    return columns


def _append(root: Any, plane_of: str, boxes: dict[str, Box]) -> None:
    etree.register_namespace("bpmndi", BPMNDI)
    etree.register_namespace("dc", DC)
    etree.register_namespace("di", DI)
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="drawing")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id="plane", bpmnElement=plane_of)
    for id, box in boxes.items():
        node = next(found for found in root.iter() if found.get("id") == id)
        shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"{id}_shape", bpmnElement=id)
        if local(node) in HOLDERS:
            shape.set("isExpanded", "true")
        if local(node) == "participant":
            shape.set("isHorizontal", "true")
        numbers = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        etree.SubElement(shape, f"{{{DC}}}Bounds", {k: f"{v:g}" for k, v in numbers.items()})
    for line in root.iter():
        ends = {line.get("sourceRef"), line.get("targetRef")}
        if local(line) in LINES and ends <= boxes.keys():
            edge = etree.SubElement(
                plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{line.get('id')}_edge", bpmnElement=line.get("id")
            )
            for x, y in _way(line, boxes):
                etree.SubElement(edge, f"{{{DI}}}waypoint", x=f"{x:g}", y=f"{y:g}")


def _way(line: Any, boxes: dict[str, Box]) -> Iterator[tuple[float, float]]:
    a, b = boxes[line.get("sourceRef")], boxes[line.get("targetRef")]
    if a.x + a.width <= b.x:
        yield a.x + a.width, a.y + a.height / 2
        middle = (a.x + a.width + b.x) / 2
        if a.y + a.height / 2 != b.y + b.height / 2:
            yield middle, a.y + a.height / 2
            yield middle, b.y + b.height / 2
        yield b.x, b.y + b.height / 2
        return
    low = max(a.y + a.height, b.y + b.height) + 15
    yield a.x + a.width / 2, a.y + a.height
    yield a.x + a.width / 2, low
    yield b.x + b.width / 2, low
    yield b.x + b.width / 2, b.y + b.height
