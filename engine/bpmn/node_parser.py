"""What the parsers of all flow nodes share: the node, what the diagram says about it, refusals at its line."""

from __future__ import annotations

from lxml import etree
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from engine.bpmn.extensions import read_extensions
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.xml import local, refuse


class NodeParser(TaskParser):
    """Makes the spec of one flow node."""

    def parse_node(self) -> FlowNode:
        """The spec, not yet connected."""
        made: FlowNode = self.create_task()
        return made

    def about(self) -> About:
        """What the diagram says about the node."""
        node = self.node
        name = " ".join((node.get("name") or "").split())
        return About(node.get("id"), name, local(node), self.lane, read_extensions(node))

    def refuse(self, message: str, node: etree._Element | None = None) -> Exception:
        """A refusal at this node."""
        return refuse(self.node if node is None else node, message, self.filename)

    def create_task(self) -> FlowNode:
        made: FlowNode = self.spec_class(self.spec, self.bpmn_id, self.about())
        return made


def referred(parser: NodeParser, node: etree._Element, kind: str) -> etree._Element:
    """The message, signal, error or escalation a node refers to."""
    reference = node.get(f"{kind}Ref")
    found: etree._Element | None = parser.process_parser.parser.roots.get(reference)
    if found is None or local(found) != kind:
        raise parser.refuse(f"the {kind} {reference!r} is not in this file", node)
    return found
