"""From a diagram to specs: SpiffWorkflow's parser skeleton with our own node parsers for the zeebe dialect.

Every flow node is parsed, reachable or not, and flows are connected afterwards, so that a long chain needs no deep
stack and nothing is dropped silently. What cannot run raises DefinitionRefused; `rules` says it all at once before.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag

from engine.bpmn.compensating import join_handlers, make_undoable
from engine.bpmn.expressions import Value, condition, value
from engine.bpmn.extensions import read_extensions
from engine.bpmn.specs.activities import Activity, DecisionTask, PlainTask, ScriptTask, ServiceTask, UserTask
from engine.bpmn.specs.ad_hoc import AdHoc, AdHocFlow
from engine.bpmn.specs.base import About, FlowNode
from engine.bpmn.specs.collaborating import BUILT_IN
from engine.bpmn.specs.compensation import CancelEnd, CompensationThrow
from engine.bpmn.specs.events import (
    BoundaryEvent,
    CatchEvent,
    EndEvent,
    Event,
    LinkCatch,
    LinkThrow,
    MessagePublish,
    MessageThrow,
    ReceiveTask,
    StartEvent,
    ThrowEvent,
)
from engine.bpmn.specs.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.bpmn.specs.happenings import NOTHING_HAPPENS, Happening
from engine.bpmn.specs.multi_instance import MultiInstance
from engine.bpmn.specs.process import ProcessSpec
from engine.bpmn.specs.subprocesses import CallActivity, EventSubprocess, Subprocess, Trigger
from engine.bpmn.xml import BPMN, extension, local, refuse, refused

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
THROWING = ("endEvent", "intermediateThrowEvent")


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


class ActivityParser(NodeParser):
    """Tasks of all kinds; the zeebe extension says what a task does, the element only how it is drawn."""

    def create_task(self) -> FlowNode:
        about = self.about()
        loop = self.node.find(f"{BPMN}multiInstanceLoopCharacteristics")
        if self.node.find(f"{BPMN}standardLoopCharacteristics") is not None:
            raise self.refuse("standard loops cannot run; draw the loop or use a multi-instance")
        if loop is None:
            return self.activity(self.bpmn_id, about)
        inner = self.activity(f"{self.bpmn_id}.item", about)
        return self._around(inner, about, loop)

    def _around(self, inner: Activity, about: About, loop: etree._Element) -> MultiInstance:
        extensions = read_extensions(loop)
        collection = extensions.get("loopCharacteristics", "inputCollection")
        if collection is None:
            raise self.refuse("zeebe:loopCharacteristics with an inputCollection is missing")
        completion = loop.find(f"{BPMN}completionCondition")
        return MultiInstance(
            self.spec,
            self.bpmn_id,
            About(about.element, about.name, about.kind, about.lane, extensions),
            inner,
            sequential=loop.get("isSequential") == "true",
            collection=Value(collection),
            completion=None if completion is None or not completion.text else condition(completion.text),
        )

    def activity(self, name: str, about: About) -> Activity:
        """The activity itself, without the multi-instance around it."""
        if (
            "publishMessage" in about.extensions.elements
            and "taskDefinition" not in about.extensions.elements
        ):
            return publishing(self, name, about, self.node)
        return self._class(about)(self.spec, name, about)

    def _class(self, about: About) -> type[Activity]:
        elements = about.extensions.elements
        if about.kind == "userTask":
            return UserTask
        built_in = BUILT_IN.get(about.extensions.get("taskDefinition", "type") or "")
        if built_in is not None:
            return built_in
        if "taskDefinition" in elements:
            return ServiceTask
        if "script" in elements:
            return ScriptTask
        if "calledDecision" in elements:
            return DecisionTask
        if about.kind in ("task", "manualTask"):
            return PlainTask
        raise self.refuse(f"a {about.kind} needs a zeebe definition of what it does")


class SubprocessParser(ActivityParser):
    """Embedded subprocesses, transactions and event subprocesses."""

    def activity(self, name: str, about: About) -> Activity:
        starts = self.node.findall(f"{BPMN}startEvent")
        if len(starts) != 1:
            raise self.refuse("a subprocess needs exactly one start event")
        event = self.node.get("triggeredByEvent") == "true"
        inner = self.process_parser.nested(self.node, self.lane)
        made: Activity
        if event:
            made = EventSubprocess(self.spec, name, about)
            made.inner = inner
            made.trigger = Trigger(
                self.spec, About(about.element, about.name, "trigger", about.lane, about.extensions), made
            )
            self.spec.event_subprocesses.append(made)
        else:
            made = Subprocess(self.spec, name, about)
            made.inner = inner
        return made


class AdHocParser(ActivityParser):
    """Ad-hoc subprocesses."""

    def activity(self, name: str, about: About) -> Activity:
        inside = self.process_parser.nested(self.node, self.lane)
        made = AdHoc(self.spec, name, about)
        made.inner = ProcessSpec(f"{name}.flows", inside.description, inside.file)
        for subprocess in inside.event_subprocesses:
            for spec in (subprocess, subprocess.trigger, subprocess.undo):
                if spec is not None:
                    made.inner.task_specs[spec.name] = spec
                    inside.task_specs.pop(spec.name)
        made.inner.event_subprocesses, inside.event_subprocesses = inside.event_subprocesses, []
        handlers = {child.get("id") or "" for child in self.node if child.get("isForCompensation") == "true"}
        flow = AdHocFlow(made.inner, made, inside, handlers)
        flow.ready()
        make_undoable(made.inner)
        completion = self.node.findtext(f"{BPMN}completionCondition")
        made.completion = condition(completion) if completion and completion.strip() else None
        made.cancels_remaining = self.node.get("cancelRemainingInstances", "true") == "true"
        return made


class CallParser(ActivityParser):
    """Call activities."""

    def activity(self, name: str, about: About) -> Activity:
        if about.extensions.get("calledElement", "processId") is None:
            raise self.refuse("a call activity needs zeebe:calledElement with a processId")
        return CallActivity(self.spec, name, about)


class ReceiveParser(ActivityParser):
    """Receive tasks."""

    def activity(self, name: str, about: About) -> Activity:
        return ReceiveTask(self.spec, name, about, message_of(self, self.node))


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


def referred(parser: NodeParser, node: etree._Element, kind: str) -> etree._Element:
    """The message, signal, error or escalation a node refers to."""
    reference = node.get(f"{kind}Ref")
    found: etree._Element | None = parser.process_parser.parser.roots.get(reference)
    if found is None or local(found) != kind:
        raise parser.refuse(f"the {kind} {reference!r} is not in this file", node)
    return found


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
