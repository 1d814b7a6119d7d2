"""Every expression of a diagram, with the scope it is seen from and what comes along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.xml import BPMN, extension
from engine.checks.events import THROWING
from engine.checks.levels import Level, Node, Process
from engine.checks.scopes import NO_NAMES, Names, Scope
from engine.checks.variables import COUNTS, Variables
from engine.feel import Expression

ATTRIBUTES: tuple[tuple[str, str, str], ...] = (
    ("formDefinition", "formId", "form"),
    ("assignmentDefinition", "candidateGroups", "role"),
    ("assignmentDefinition", "candidateUsers", "candidates"),
    ("assignmentDefinition", "assignee", "assignee"),
    ("taskSchedule", "dueDate", "due date"),
    ("taskSchedule", "followUpDate", "follow-up date"),
    ("priorityDefinition", "priority", "priority"),
    ("taskDefinition", "type", "operation"),
    ("taskDefinition", "retries", "retries"),
    ("script", "expression", "script"),
    ("calledDecision", "decisionId", "decision"),
    ("calledElement", "processId", "called process"),
    ("publishMessage", "correlationKey", "message key"),
    ("publishMessage", "messageId", "message id"),
    ("publishMessage", "timeToLive", "time to live"),
    ("adHoc", "activeElementsCollection", "list of what begins"),
)
"""The texts of a node that look into its own scope: element, attribute, and how a designer calls it."""

PROPERTIES = ("unit", "not_by")


@dataclass(frozen=True, slots=True)
class Read:
    """An expression: where it stands, what it is for, and what it sees."""

    node: Node
    element: etree._Element
    what: str
    expression: Expression
    scope: Scope
    extra: Names = NO_NAMES


def reads_of(process: Process, variables: Variables) -> Iterator[Read]:
    """All expressions of a process."""
    for level in process.levels:
        for node in level.nodes.values():
            yield from _of_node(node, variables)
        yield from _conditions(level, variables)


def _of_node(node: Node, variables: Variables) -> Iterator[Read]:
    place, result = variables.places[node], variables.result(node)
    for what, element, text in _texts(node):
        expression = variables.compiled(text)
        if expression is not None:
            yield Read(node, element, what, expression, place.inside)
    if place.inside is not place.around:
        for line, (_, scope) in zip(node.mapping("input"), variables.inputs_of(node), strict=False):
            expression = variables.compiled(line.get("source"))
            if expression is not None:
                yield Read(node, line, f"input {line.get('target')!r}", expression, scope)
    for line in node.mapping("output"):
        expression = variables.compiled(line.get("source"))
        if expression is not None:
            yield Read(node, line, f"output {line.get('target')!r}", expression, place.inside, result)
    yield from _loop(node, variables)
    yield from _flows_inside(node, variables)
    yield from _waiting(node, variables)


def _texts(node: Node) -> Iterator[tuple[str, etree._Element, str]]:
    for element, attribute, what in ATTRIBUTES:
        text = node.extensions.get(element, attribute)
        if text is not None and not (element == "taskDefinition" and node.kind == "userTask"):
            yield what, node.element, text
    if "retryBackoff" in node.extensions.headers and "taskDefinition" in node.extensions.elements:
        yield "header 'retryBackoff'", node.element, node.extensions.headers["retryBackoff"]
    for name in PROPERTIES:
        if name in node.extensions.properties and node.kind == "userTask":
            yield f"property {name!r}", node.element, node.extensions.properties[name]


def _loop(node: Node, variables: Variables) -> Iterator[Read]:
    if node.loop is None:
        return
    place = variables.places[node]
    element = node.element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    assert element is not None
    for attribute, what, scope in (
        ("inputCollection", "collection", place.around),
        ("outputElement", "output element", place.inside),
    ):
        expression = variables.compiled(node.loop.get("loopCharacteristics", attribute))
        if expression is not None:
            yield Read(node, element, what, expression, scope)
    enough = element.find(f"{BPMN}completionCondition")
    if enough is not None:
        expression = variables.compiled((enough.text or "").strip(), always=True)
        if expression is not None:
            yield Read(node, enough, "completion condition", expression, place.inside, COUNTS)


def _flows_inside(node: Node, variables: Variables) -> Iterator[Read]:
    """What is worked out at the end of each flow of an ad-hoc subprocess."""
    if node.kind != "adHocSubProcess" or node.inner is None:
        return
    scope = variables.levels[node.inner]
    expression = variables.compiled(node.extensions.get("adHoc", "outputElement"))
    if expression is not None:
        yield Read(node, node.element, "output element", expression, scope)
    enough = node.element.find(f"{BPMN}completionCondition")
    if enough is not None:
        expression = variables.compiled((enough.text or "").strip(), always=True)
        if expression is not None:
            yield Read(node, enough, "completion condition", expression, scope)


def _waiting(node: Node, variables: Variables) -> Iterator[Read]:
    """The time, message and key of an event, seen from where it is armed."""
    definition = node.definition
    if definition is None:
        return
    scope = armed_in(node, variables)
    texts: list[tuple[str, etree._Element, str | None]] = []
    if node.happening == "timer":
        clock = node.extensions.properties.get("clock")
        times = [] if clock else list(definition)
        texts = [("time", time, (time.text or "").strip()) for time in times]
        texts.append(("property 'clock'", node.element, clock))
    elif node.happening in ("message", "signal"):
        found = node.refers_to()
        if found is not None:
            texts.append((node.happening, node.element, found.get("name")))
            if node.happening == "message" and _is_subscribed(node):
                texts.append(("message key", found, _key(found)))
    elif node.happening in ("error", "escalation") and node.kind in THROWING:
        texts.append((f"{node.happening} code", node.element, node.code))
    for what, element, text in texts:
        expression = variables.compiled(text)
        if expression is not None:
            yield Read(node, element, what, expression, scope)


def _is_subscribed(node: Node) -> bool:
    owner = node.level.owner
    begins = node.kind == "startEvent" and not (owner is not None and owner.is_event_subprocess)
    return not begins and node.kind not in THROWING


def _key(message: etree._Element) -> str | None:
    found = extension(message, "subscription")
    return None if found is None else found.get("correlationKey")


def armed_in(node: Node, variables: Variables) -> Scope:
    """The scope an event looks into when it begins to wait."""
    place = variables.places[node]
    if node.kind == "boundaryEvent" and node.host is not None:
        host = variables.places[node.host]
        return host.around if node.host.loop is not None else host.inside
    owner = node.level.owner
    if node.kind == "startEvent" and owner is not None:
        return variables.places[owner].around
    if any(flow.source.kind == "eventBasedGateway" for flow in node.incoming):
        return place.around
    return place.inside


def _conditions(level: Level, variables: Variables) -> Iterator[Read]:
    scope = variables.levels[level]
    for flow in level.flows:
        expression = variables.compiled(flow.condition or None, always=True)
        if expression is not None:
            element = flow.element.find(f"{BPMN}conditionExpression")
            assert element is not None
            yield Read(flow.source, element, "condition", expression, scope)
