"""From a diagram to specs: SpiffWorkflow's parser skeleton with our own node parsers for the zeebe dialect.

Every flow node is parsed, reachable or not, and flows are connected afterwards, so that a long chain needs no deep
stack and nothing is dropped silently. What cannot run raises DefinitionRefused; `rules` says it all at once before.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.util import full_tag

from engine.bpmn.activity_parser import (
    ActivityParser,
    AdHocParser,
    CallParser,
    ReceiveParser,
    SubprocessParser,
)
from engine.bpmn.compensating import join_handlers, make_undoable
from engine.bpmn.event_parser import EventParser
from engine.bpmn.expressions import condition
from engine.bpmn.node_parser import NodeParser
from engine.bpmn.specs.activities import Activity
from engine.bpmn.specs.ad_hoc import AdHoc
from engine.bpmn.specs.base import FlowNode
from engine.bpmn.specs.events import (
    BoundaryEvent,
    CatchEvent,
    EndEvent,
    LinkCatch,
    LinkThrow,
    ReceiveTask,
    StartEvent,
    ThrowEvent,
)
from engine.bpmn.specs.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import CallActivity, Subprocess
from engine.bpmn.xml import BPMN, local, refuse, refused

FLOW_NODES = frozenset(
    [
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "adHocSubProcess",
        "complexGateway",
    ]
)


HOLDERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
"""Flow nodes with flow nodes inside."""


DEEPEST = 20


class ProcessReader(ProcessParser):
    """Parses one process or subprocess: all its nodes first, then how they hang together."""

    depth = 0

    def nested(self, node: etree._Element, lane: str | None) -> ProcessSpec:
        """The process inside a subprocess."""
        if self.depth >= DEEPEST:
            raise refuse(node, f"subprocesses are nested more than {DEEPEST} deep", self.filename)
        reader = ProcessReader(self.parser, node, self.nsmap, {}, self.filename, lane)
        reader.depth = self.depth + 1
        reader.process_executable = True
        made: ProcessSpec = reader.get_spec()
        return made

    def _parse(self) -> None:
        self.spec = ProcessSpec(self.bpmn_id, self.get_name(), self.filename)
        nodes = [node for node in self.node if local(node) in FLOW_NODES and str(node.tag).startswith(BPMN)]
        if local(self.node) != "adHocSubProcess" and not any(local(node) == "startEvent" for node in nodes):
            raise refuse(self.node, "there is no start event", self.filename)
        made = {node.get("id"): self.parse_node(node) for node in nodes}
        self._connect(nodes, made)
        for spec in list(self.spec.task_specs.values()):
            spec.ready()
        make_undoable(self.spec)

    def parse_node(self, node: etree._Element) -> FlowNode:
        """The spec of one node."""
        if node.get("id") in self.spec.task_specs:
            raise refuse(node, "this id is used twice", self.filename)
        parser, spec_class = self.parser._get_parser_class(node.tag)
        if parser is None or not issubclass(parser, NodeParser):
            raise refuse(node, f"a {local(node)} cannot run", self.filename)
        made: FlowNode = parser(self, spec_class, node, self.nsmap).parse_node()
        return made

    def _connect(self, nodes: list[etree._Element], made: dict[Any, FlowNode]) -> None:
        for node in nodes:
            spec = made[node.get("id")]
            spec.default = node.get("default")
            if isinstance(spec, BoundaryEvent):
                host = made.get(node.get("attachedToRef"))
                if not isinstance(host, Activity):
                    raise refuse(node, "the activity it is attached to is not here", self.filename)
                if spec.happening.kind == "compensation":
                    host.compensated_by = spec
                else:
                    host.attached.append(spec)
        join_handlers(self.node, made, self.filename)
        self._join_links(made)
        for flow in self.node.findall(f"{BPMN}sequenceFlow"):
            source, target = made.get(flow.get("sourceRef")), made.get(flow.get("targetRef"))
            if source is None or target is None:
                raise refuse(
                    flow, "the flow does not lead from one node of this process to another", self.filename
                )
            text = (flow.findtext(f"{BPMN}conditionExpression") or "").strip()
            name = " ".join((flow.get("name") or "").split())
            source.add_flow(flow.get("id") or "", name, target, condition(text) if text else None)

    def _join_links(self, made: dict[Any, FlowNode]) -> None:
        catching = {
            spec.happening.text.text: spec
            for spec in made.values()
            if isinstance(spec, LinkCatch) and spec.happening.text is not None
        }
        for spec in made.values():
            if isinstance(spec, LinkThrow) and spec.happening.text is not None:
                name = spec.happening.text.text
                if name not in catching:
                    raise refused(
                        f"there is no link catch event named {name!r} here",
                        self.filename,
                        element=spec.bpmn_id,
                        rule="link",
                    )
                spec.add_flow(f"{spec.bpmn_id}.link", name, catching[name], None)


class DiagramParser(BpmnParser):
    """Parses one file."""

    PROCESS_PARSER_CLASS = ProcessReader
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, tuple[type, type]]] = {
        **{
            full_tag(tag): (ActivityParser, Activity)
            for tag in (
                "task",
                "userTask",
                "manualTask",
                "serviceTask",
                "sendTask",
                "scriptTask",
                "businessRuleTask",
            )
        },
        full_tag("subProcess"): (SubprocessParser, Subprocess),
        full_tag("transaction"): (SubprocessParser, Subprocess),
        full_tag("adHocSubProcess"): (AdHocParser, AdHoc),
        full_tag("callActivity"): (CallParser, CallActivity),
        full_tag("receiveTask"): (ReceiveParser, ReceiveTask),
        full_tag("startEvent"): (EventParser, StartEvent),
        full_tag("endEvent"): (EventParser, EndEvent),
        full_tag("intermediateCatchEvent"): (EventParser, CatchEvent),
        full_tag("intermediateThrowEvent"): (EventParser, ThrowEvent),
        full_tag("boundaryEvent"): (EventParser, BoundaryEvent),
        full_tag("exclusiveGateway"): (NodeParser, ExclusiveGateway),
        full_tag("inclusiveGateway"): (NodeParser, InclusiveGateway),
        full_tag("parallelGateway"): (NodeParser, ParallelGateway),
        full_tag("eventBasedGateway"): (NodeParser, EventGateway),
    }

    def __init__(self, root: etree._Element, file: str) -> None:
        super().__init__()
        self.roots = {child.get("id"): child for child in root if child.get("id")}
        self.add_bpmn_xml(root, file)

    def _add_data_stores(self, bpmn: etree._Element) -> None:
        """Data stores are drawn and harmless."""

    def _add_correlations(self, bpmn: etree._Element) -> None:
        """Keys stand at the messages (zeebe:subscription)."""

    def processes(self) -> dict[str, ProcessSpec]:
        """The executable processes of the file."""
        return {
            id: parser.get_spec() for id, parser in self.process_parsers.items() if parser.process_executable
        }
