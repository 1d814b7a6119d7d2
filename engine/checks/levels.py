"""Diagrams as the checks look at them: processes and subprocesses as levels, their nodes, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.extensions import NONE, Extensions, read_extensions
from engine.bpmn.parser import FLOW_NODES
from engine.bpmn.rules.problems import Diagram, definition_kind, definitions, link_name
from engine.bpmn.xml import BPMN, ZEEBE, local


@dataclass(eq=False, slots=True)
class Flow:
    """A sequence flow whose two ends are there; or the leap from a link event to the one of its name, without an id."""

    element: etree._Element
    id: str
    source: Node
    target: Node

    @property
    def condition(self) -> str:
        """The text of its condition."""
        return (self.element.findtext(f"{BPMN}conditionExpression") or "").strip()


@dataclass(eq=False, slots=True)
class Node:
    """One flow node. `attached` are the boundary events on it, `inner` the level inside a subprocess."""

    element: etree._Element
    id: str
    kind: str
    level: Level
    extensions: Extensions
    loop: Extensions | None
    happening: str
    attached: list[Node] = field(default_factory=list)
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    inner: Level | None = None
    host: Node | None = None

    @property
    def is_event_subprocess(self) -> bool:
        """Whether an event begins it, and no flow."""
        return self.element.get("triggeredByEvent") == "true"

    @property
    def is_handler(self) -> bool:
        """Whether compensation begins it, and no flow."""
        return self.element.get("isForCompensation") == "true"

    @property
    def is_interrupting(self) -> bool:
        """Of a boundary event or the start of an event subprocess: whether it ends what it interrupts."""
        return self.element.get("cancelActivity", self.element.get("isInterrupting", "true")) == "true"

    @property
    def definition(self) -> etree._Element | None:
        """Its first event definition; of a task that waits for a message or publishes one, the task itself."""
        if self.kind in ("receiveTask", "sendTask"):
            return self.element
        found = definitions(self.element)
        return found[0] if found else None

    def mapping(self, kind: str) -> Iterator[etree._Element]:
        """Its "input" or "output" mappings, in their order."""
        return self.element.iterfind(f"{BPMN}extensionElements/{ZEEBE}ioMapping/{ZEEBE}{kind}")

    def refers_to(self) -> etree._Element | None:
        """The message, signal, error or escalation of its event definition, as far as it is in the file."""
        definition = self.definition
        if definition is None:
            return None
        reference = definition.get(f"{self.happening}Ref")
        return self.level.diagram.roots.get(reference or "")

    @property
    def code(self) -> str | None:
        """The code of the error or escalation it speaks of; None for all, or none."""
        found = self.refers_to()
        return None if found is None else found.get(f"{self.happening}Code")


@dataclass(eq=False, slots=True)
class Level:
    """A process or subprocess, without the nodes of subprocesses in it."""

    element: etree._Element
    diagram: Diagram
    process: str
    owner: Node | None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    event_subprocesses: list[Node] = field(default_factory=list)

    @property
    def is_ad_hoc(self) -> bool:
        """Whether a list says which of its nodes begin, each in a flow of its own."""
        return self.owner is not None and self.owner.kind == "adHocSubProcess"

    def entrances(self) -> list[Node]:
        """Where a run of it may begin: its start events; in an ad-hoc subprocess, all that no flow leads to."""
        if not self.is_ad_hoc:
            return self.of_kind("startEvent")
        return [
            node
            for node in self.nodes.values()
            if not (
                node.incoming or node.kind == "boundaryEvent" or node.is_event_subprocess or node.is_handler
            )
        ]

    def of_kind(self, *kinds: str) -> list[Node]:
        """The nodes with one of these tags."""
        return [node for node in self.nodes.values() if node.kind in kinds]


@dataclass(eq=False, slots=True)
class Process:
    """An executable process and all its levels, the outermost first."""

    id: str
    diagram: Diagram
    levels: list[Level]

    @property
    def top(self) -> Level:
        """The level of the process itself."""
        return self.levels[0]

    def nodes(self) -> Iterator[Node]:
        """All nodes of all levels."""
        for level in self.levels:
            yield from level.nodes.values()


def read_processes(diagrams: Iterable[Diagram]) -> list[Process]:
    """The executable processes of these files, the first of an id."""
    found: dict[str, Process] = {}
    for diagram in diagrams:
        for element in diagram.processes():
            id = element.get("id") or ""
            if id not in found:
                found[id] = Process(id, diagram, list(_levels(element, diagram, id)))
    return list(found.values())


def _levels(element: etree._Element, diagram: Diagram, process: str) -> Iterator[Level]:
    todo: list[tuple[etree._Element, Node | None]] = [(element, None)]
    for holder, owner in todo:
        level = Level(holder, diagram, process, owner)
        if owner is not None:
            owner.inner = level
        _fill(level)
        yield level
        todo += [(n.element, n) for n in level.of_kind("subProcess", "transaction", "adHocSubProcess")]


def _fill(level: Level) -> None:
    flows = []
    for index, element in enumerate(level.element):
        kind = local(element)
        if not str(element.tag).startswith(BPMN):
            continue
        if kind == "sequenceFlow":
            flows.append(element)
        elif kind in FLOW_NODES:
            node = _node(element, kind, level, index)
            if level.nodes.setdefault(node.id, node) is node and node.is_event_subprocess:
                level.event_subprocesses.append(node)
    for element in flows:
        source = level.nodes.get(element.get("sourceRef") or "")
        target = level.nodes.get(element.get("targetRef") or "")
        if source is not None and target is not None:
            _lead(level, Flow(element, element.get("id") or "", source, target))
    for source, target in _leaps(level):
        _lead(level, Flow(source.element, "", source, target))
    for node in level.of_kind("boundaryEvent"):
        node.host = level.nodes.get(node.element.get("attachedToRef") or "")
        if node.host is not None:
            node.host.attached.append(node)


def _lead(level: Level, flow: Flow) -> None:
    level.flows.append(flow)
    flow.source.outgoing.append(flow)
    flow.target.incoming.append(flow)


def _leaps(level: Level) -> Iterator[tuple[Node, Node]]:
    """Link events, each with the one its link arrives at."""
    links = [node for node in level.nodes.values() if node.happening == "link"]
    arrivals = {link_name(node.element): node for node in links if node.kind == "intermediateCatchEvent"}
    for node in links:
        target = arrivals.get(link_name(node.element))
        if node.kind == "intermediateThrowEvent" and target is not None:
            yield node, target


def _happening(element: etree._Element, kind: str, extensions: Extensions) -> str:
    publishes = kind == "sendTask" and "publishMessage" in extensions.elements
    return "message" if kind == "receiveTask" or publishes else definition_kind(element)


def _node(element: etree._Element, kind: str, level: Level, index: int) -> Node:
    loop = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    extensions = read_extensions(element) if element.find(f"{BPMN}extensionElements") is not None else NONE
    return Node(
        element,
        element.get("id") or f"#{index}",
        kind,
        level,
        extensions,
        None if loop is None else read_extensions(loop),
        _happening(element, kind, extensions),
    )
