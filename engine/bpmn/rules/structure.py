"""Rules about how a diagram hangs together: starts, flows, conditions, what can be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.parser import DEEPEST, FLOW_NODES
from engine.bpmn.rules.jumps import entrances, links
from engine.bpmn.rules.problems import Diagram, Place, Problem, definition_kind
from engine.bpmn.rules.references import with_article
from engine.bpmn.xml import BPMN, local
from engine.domain.suggesting import meant

ACTIVITIES = frozenset(
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
        "adHocSubProcess",
    ]
)
HOLDERS = (f"{BPMN}subProcess", f"{BPMN}transaction", f"{BPMN}adHocSubProcess")
KNOWN = FLOW_NODES | {
    *("documentation", "extensionElements", "incoming", "outgoing", "laneSet", "sequenceFlow"),
    *("dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group"),
    *("ioSpecification", "ioBinding", "dataInputAssociation", "dataOutputAssociation", "property"),
    *("auditing", "monitoring", "supports", "correlationSubscription", "artifact", "categoryValueRef"),
    *("resourceRole", "performer", "humanPerformer", "potentialOwner"),
    *("multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "completionCondition"),
}
"""What may stand in a process or subprocess: what runs, and what is drawn beside it."""
CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"
TRIGGERS = frozenset({"message", "timer", "signal", "error", "escalation"})


def check_file(diagram: Diagram) -> Iterator[Problem]:
    """Rules about the file as a whole."""
    counted = Counter(node.get("id") for node in diagram.root.iter() if node.get("id") and _is_bpmn(node))
    for node in diagram.root.iter():
        id = node.get("id")
        if id and counted[id] > 1 and _is_bpmn(node):
            yield diagram.problem(node, "duplicate", f"the id {id!r} is used {counted[id]} times")
    for node in diagram.root.iter(*HOLDERS):
        if sum(1 for _ in node.iterancestors(*HOLDERS)) == DEEPEST:
            yield diagram.problem(node, "nesting", f"subprocesses are nested more than {DEEPEST} deep")
    yield from _dialect(diagram)
    for process in diagram.root.iter(f"{BPMN}process"):
        if not process.get("id"):
            yield diagram.problem(process, "id", "the process has no id: nothing could start or call it")
        if process.get("isExecutable", "true") != "true":
            yield diagram.warning(
                process, "not-executable", "this process is not executable and is only a drawing"
            )


def _dialect(diagram: Diagram) -> Iterator[Problem]:
    """The first word of Camunda 7, which is not read here."""
    if CAMUNDA_7 not in diagram.root.nsmap.values():
        return
    for node in diagram.root.iter():
        if any(str(name).startswith(f"{{{CAMUNDA_7}}}") for name in (node.tag, *node.keys())):
            message = (
                "camunda:… is of Camunda 7 and not read; draw it for Camunda 8 (zeebe:…), or convert the file"
            )
            yield diagram.warning(node, "dialect", message)
            return


def _is_bpmn(node: etree._Element) -> bool:
    return str(node.tag).startswith(BPMN)


def check(place: Place) -> Iterator[Problem]:
    """Rules about one process or subprocess."""
    for child in place.holder:
        if str(child.tag).startswith(BPMN) and local(child) not in KNOWN:
            yield place.diagram.problem(
                child, "unsupported", f"{with_article(local(child))} is nothing that can run here"
            )
    yield from _starts(place)
    yield from _flows(place)
    yield from _gateways(place)
    yield from _reach(place)


def _starts(place: Place) -> Iterator[Problem]:
    diagram, starts = place.diagram, place.of_kind("startEvent")
    if place.kind == "adHocSubProcess":
        return
    if not starts:
        yield diagram.problem(place.holder, "start", "there is no start event")
        return
    if place.kind != "process" and len(starts) > 1:
        yield diagram.problem(place.holder, "start", "a subprocess has exactly one start event")
    for start in starts:
        kind = definition_kind(start)
        if place.is_event_subprocess:
            if kind not in TRIGGERS:
                yield diagram.problem(start, "start", "an event subprocess starts with an event, not plainly")
            elif kind == "error" and start.get("isInterrupting", "true") != "true":
                yield diagram.problem(start, "start", "an error always interrupts")
        elif place.kind == "process":
            if kind not in ("none", "message", "timer", "signal"):
                yield diagram.problem(start, "unsupported", f"a {kind} start event of a process cannot run")
        elif kind != "none":
            yield diagram.problem(start, "start", "a subprocess starts plainly, not with an event")
        if place.is_led_to(start.get("id")):
            yield diagram.problem(start, "flow", "no flow may lead into a start event")


def _flows(place: Place) -> Iterator[Problem]:
    diagram = place.diagram
    entered, jumps = entrances(place), links(place)
    for flow in place.flows:
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in place.nodes:
                yield diagram.problem(flow, "flow", f"its {end} {_not_here(place, flow.get(end) or '')}")
        target = place.nodes.get(flow.get("targetRef") or "")
        if target is not None and local(target) == "boundaryEvent":
            yield diagram.problem(flow, "flow", "no flow may lead into a boundary event")
    for id, node in place.nodes.items():
        kind, outgoing = local(node), place.outgoing(id)
        if kind == "endEvent" and outgoing:
            yield diagram.problem(node, "flow", "no flow may lead out of an end event")
        if kind == "boundaryEvent":
            yield from _boundary(place, node)
        if node.get("triggeredByEvent") == "true" and (outgoing or place.is_led_to(id)):
            yield diagram.problem(node, "flow", "no flow may lead into or out of an event subprocess")
        elif kind == "startEvent" and not outgoing:
            yield diagram.warning(node, "implicit-end", "nothing follows this event")
        elif (
            not outgoing
            and kind not in ("endEvent", "boundaryEvent")
            and node.get("triggeredByEvent") != "true"
            and id not in entered
            and id not in jumps
        ):
            yield diagram.warning(node, "implicit-end", "the path ends here without an end event")


def _not_here(place: Place, reference: str) -> str:
    """Why a flow cannot lead to what it refers to."""
    found = place.diagram.ids.get(reference)
    if found is None:
        return f"{reference!r} is not a node of this process{meant(reference, place.nodes)}"
    if local(found) in FLOW_NODES:
        return f"{reference!r} stands elsewhere: a flow cannot cross the border of a process or subprocess"
    return f"{reference!r} is a {local(found)}, and not a node of this process"


def _boundary(place: Place, node: etree._Element) -> Iterator[Problem]:
    host = place.nodes.get(node.get("attachedToRef") or "")
    if host is None or local(host) not in ACTIVITIES:
        yield place.diagram.problem(node, "boundary", "it is not attached to an activity of this process")
    if definition_kind(node) == "error" and node.get("cancelActivity", "true") != "true":
        yield place.diagram.problem(node, "boundary", "an error always interrupts")
    if not place.outgoing(node.get("id")) and definition_kind(node) != "compensate":
        yield place.diagram.warning(node, "implicit-end", "nothing follows this event")


def _gateways(place: Place) -> Iterator[Problem]:
    diagram = place.diagram
    for id, node in place.nodes.items():
        kind, outgoing = local(node), place.outgoing(id)
        default = node.get("default")
        if default and default not in {flow.get("id") for flow in outgoing}:
            yield diagram.problem(node, "default", f"its default flow {default!r} does not lead out of it")
        conditional = [flow for flow in outgoing if _condition(flow)]
        if kind in ("exclusiveGateway", "inclusiveGateway") and len(outgoing) > 1:
            for flow in outgoing:
                if flow.get("id") != default and flow.find(f"{BPMN}conditionExpression") is None:
                    yield diagram.problem(flow, "condition", "a flow out of this gateway needs a condition")
            if not node.get("name"):
                yield diagram.warning(node, "label", "the gateway has no question as its name")
        elif kind in ("parallelGateway", "eventBasedGateway"):
            for flow in conditional:
                yield diagram.problem(flow, "condition", f"a condition behind a {kind} would be ignored")
        if kind == "eventBasedGateway":
            yield from _events_behind(place, node, outgoing)


def _events_behind(place: Place, node: etree._Element, outgoing: list[etree._Element]) -> Iterator[Problem]:
    if len(outgoing) < 2:
        yield place.diagram.problem(node, "gateway", "an event-based gateway needs at least two events")
    for flow in outgoing:
        target = place.nodes.get(flow.get("targetRef") or "")
        if target is not None and local(target) not in ("intermediateCatchEvent", "receiveTask"):
            yield place.diagram.problem(
                flow, "gateway", "behind an event-based gateway only events may stand"
            )


def _condition(flow: etree._Element) -> str:
    return (flow.findtext(f"{BPMN}conditionExpression") or "").strip()


def _reach(place: Place) -> Iterator[Problem]:
    onwards: dict[str, list[str]] = {}
    for flow in place.flows:
        onwards.setdefault(flow.get("sourceRef") or "", []).append(flow.get("targetRef") or "")
    for id, node in place.nodes.items():
        if local(node) == "boundaryEvent":
            onwards.setdefault(node.get("attachedToRef") or "", []).append(id)
    for id, leads_to in links(place).items():
        onwards.setdefault(id, []).extend(leads_to)
    todo = entrances(place)
    seen: set[str] = set()
    while todo:
        id = todo.pop()
        if id not in seen:
            seen.add(id)
            todo += onwards.get(id, [])
    for id, node in place.nodes.items():
        if id not in seen:
            yield place.diagram.problem(node, "unreachable", "no path from a start event leads here")
