"""Events of a diagram as specs: what happens, and the node that waits for it or makes it happen."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.expressions import Value, value
from engine.bpmn.extensions import read_extensions
from engine.bpmn.node_parser import NodeParser, referred
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.specs.compensation import CancelEnd, CompensationThrow
from engine.bpmn.specs.events import (
    BoundaryEvent,
    Event,
    LinkCatch,
    LinkThrow,
    MessagePublish,
    MessageThrow,
    StartEvent,
)
from engine.bpmn.specs.happenings import NOTHING_HAPPENS, Happening
from engine.bpmn.xml import BPMN, extension, local

THROWING = ("endEvent", "intermediateThrowEvent")


class EventParser(NodeParser):
    """Events."""

    def create_task(self) -> FlowNode:
        about, happening = self.about(), self.happening()
        kind = about.kind
        if kind in THROWING and happening.kind == "message":
            if "publishMessage" in about.extensions.elements:
                definition = self.node.find(f"{BPMN}messageEventDefinition")
                return publishing(self, self.bpmn_id, about, definition)
            if "taskDefinition" not in about.extensions.elements:
                raise self.refuse(
                    "a message is thrown by an operation or published: zeebe:taskDefinition or "
                    "zeebe:publishMessage is missing"
                )
            return MessageThrow(self.spec, self.bpmn_id, about)
        made: FlowNode = self._class(kind, happening)(self.spec, self.bpmn_id, about, happening)
        if isinstance(made, StartEvent):
            made.interrupting = self.node.get("isInterrupting", "true") == "true"
            self.spec.starts.append(made)
        elif isinstance(made, BoundaryEvent):
            made.interrupting = self.node.get("cancelActivity", "true") == "true"
        return made

    def _class(self, kind: str, happening: Happening) -> type[Event]:
        if happening.kind == "link":
            return LinkCatch if kind == "intermediateCatchEvent" else LinkThrow
        if happening.kind == "compensation" and kind in THROWING:
            return CompensationThrow
        if happening.kind == "cancel" and kind == "endEvent":
            return CancelEnd
        usual: type[Event] = self.spec_class
        return usual

    def happening(self) -> Happening:
        """The event definition of the node."""
        definitions = [child for child in self.node if local(child).endswith("EventDefinition")]
        if not definitions:
            return NOTHING_HAPPENS
        if len(definitions) > 1:
            raise self.refuse("several event definitions on one event cannot run")
        definition = definitions[0]
        kind = local(definition).removesuffix("EventDefinition")
        throws = local(self.node) in THROWING
        if kind == "timer":
            return self._timer(definition)
        if kind == "message":
            return Happening("message") if throws else message_of(self, definition)
        if kind == "signal":
            return Happening("signal", Value(self._named(definition, "signal", "name")))
        if kind in ("error", "escalation"):
            code = self._named(definition, kind, f"{kind}Code") if definition.get(f"{kind}Ref") else None
            return Happening(kind, text=value(code)) if throws else Happening(kind, code=code)
        if kind == "compensate":
            return Happening("compensation", activity=definition.get("activityRef"))
        if kind == "link":
            return Happening("link", Value(self._own(definition, "name")))
        if kind in ("terminate", "cancel"):
            return Happening(kind)
        raise self.refuse(f"a {kind} event cannot run", definition)

    def _timer(self, definition: etree._Element) -> Happening:
        clock = value(read_extensions(self.node).properties.get("clock"))
        for shape in ("Date", "Duration", "Cycle"):
            found = definition.find(f"{BPMN}time{shape}")
            if found is not None and (found.text or "").strip():
                return Happening("timer", Value((found.text or "").strip()), shape.lower(), clock)
        if clock is not None:
            return Happening("timer", clock=clock)
        raise self.refuse("the timer has no time")

    def _own(self, definition: etree._Element, attribute: str) -> str:
        found = " ".join((definition.get(attribute) or "").split())
        if not found:
            raise self.refuse(f"the event has no {attribute}", definition)
        return found

    def _named(self, definition: etree._Element, kind: str, attribute: str) -> str:
        found = referred(self, definition, kind).get(attribute)
        if not found:
            raise self.refuse(f"the {kind} it refers to has no {attribute}", definition)
        return str(found)


def message_of(parser: NodeParser, node: etree._Element) -> Happening:
    """The message a receive task or message event waits for."""
    message = referred(parser, node, "message")
    subscription = extension(message, "subscription")
    key = None if subscription is None else value(subscription.get("correlationKey"))
    return Happening("message", Value(message.get("name") or ""), key=key)


def publishing(parser: NodeParser, name: str, about: About, node: etree._Element | None) -> MessagePublish:
    """What publishes the message a node refers to."""
    message = referred(parser, parser.node if node is None else node, "message")
    made = MessagePublish(parser.spec, name, about, Value(message.get("name") or ""))
    return made
