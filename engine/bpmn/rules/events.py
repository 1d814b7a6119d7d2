"""Rules about events: which may stand where, and what each needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.bpmn.extensions import Extensions
from engine.bpmn.rules.jumps import OTHERS
from engine.bpmn.rules.problems import Known, Place, Problem, definition_kind, definitions
from engine.bpmn.rules.references import task_definition, with_article
from engine.bpmn.xml import extension, local

EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "timer", "signal", "error", "escalation"}),
    "endEvent": frozenset(
        {"none", "message", "signal", "error", "escalation", "terminate", "compensate", "cancel"}
    ),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensate"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation", "compensate", "cancel"}),
}


def check_event(
    place: Place, node: etree._Element, kind: str, found: Extensions, known: Known
) -> Iterator[Problem]:
    diagram = place.diagram
    if kind == "receiveTask":
        yield from _message(place, node, node)
        return
    happening = definition_kind(node)
    if len(definitions(node)) > 1:
        yield diagram.problem(node, "unsupported", "several event definitions on one event cannot run")
    elif happening not in EVENTS[kind]:
        what = (
            "an event that waits for nothing" if happening == "none" else f"{with_article(happening)} event"
        )
        yield diagram.problem(node, "unsupported", f"{what} cannot stand here ({kind})")
    elif happening == "timer":
        yield from _timer(place, node, found)
        if kind == "startEvent" and place.kind == "process" and found.properties.get("clock"):
            yield diagram.problem(
                node, "timer", "a process has no complaint before it starts: no clock either"
            )
    elif happening == "message":
        if kind in ("endEvent", "intermediateThrowEvent"):
            yield from sent(place, node, found, known)
        else:
            yield from _message(place, node, definitions(node)[0])
    elif happening in ("signal", "error", "escalation"):
        yield from _reference(place, node, definitions(node)[0], happening)
    elif happening in OTHERS:
        yield from OTHERS[happening](place, node)


def _timer(place: Place, node: etree._Element, found: Extensions) -> Iterator[Problem]:
    definition = definitions(node)[0]
    times = [child for child in definition if local(child).startswith("time") and (child.text or "").strip()]
    if not times and not found.properties.get("clock"):
        yield place.diagram.problem(node, "timer", "the timer has no time")
    if len(times) > 1:
        yield place.diagram.problem(node, "timer", "the timer has more than one time")
    if local(node) == "boundaryEvent" or place.is_event_subprocess:
        interrupting = node.get("cancelActivity", node.get("isInterrupting", "true")) == "true"
    else:
        interrupting = local(node) != "startEvent"
    if any(local(child) == "timeCycle" for child in times) and interrupting:
        yield place.diagram.problem(node, "timer", "a cycle repeats only on an event that does not interrupt")
    if found.properties.get("clock") == "any" and interrupting:
        yield place.diagram.problem(node, "timer", 'a timer bound to clock "any" must not interrupt')


def _message(place: Place, node: etree._Element, definition: etree._Element) -> Iterator[Problem]:
    if not definition.get("messageRef"):
        yield place.diagram.problem(node, "message", "it refers to no message")
        return
    message = place.diagram.roots.get(definition.get("messageRef") or "")
    if message is None or local(message) != "message":
        yield place.diagram.problem(
            node, "message", f"the message {definition.get('messageRef')!r} is not in this file"
        )
        return
    if not message.get("name"):
        yield place.diagram.problem(node, "message", "its message has no name")
    subscription = extension(message, "subscription")
    key = None if subscription is None else subscription.get("correlationKey")
    begins = local(node) == "startEvent" and not place.is_event_subprocess
    if not key and not begins:
        yield place.diagram.problem(
            node,
            "message-key",
            f"the message {message.get('name')!r} has no correlation key (zeebe:subscription)",
        )


def sent(place: Place, node: etree._Element, found: Extensions, known: Known) -> Iterator[Problem]:
    """A message is sent by an operation, or published to other instances."""
    if "publishMessage" not in found.elements or "taskDefinition" in found.elements:
        yield from task_definition(place, node, found, known)
        return
    holder = node if local(node) == "sendTask" else definitions(node)[0]
    message = place.diagram.roots.get(holder.get("messageRef") or "")
    if message is None or local(message) != "message" or not message.get("name"):
        yield place.diagram.problem(node, "message", "it publishes no message that this file names")
    if found.get("publishMessage", "correlationKey") is None:
        yield place.diagram.problem(
            node, "message-key", "zeebe:publishMessage has no correlationKey: nobody would get it"
        )


def _reference(
    place: Place, node: etree._Element, definition: etree._Element, kind: str
) -> Iterator[Problem]:
    reference = definition.get(f"{kind}Ref")
    if reference is None:
        throws = local(node) in ("endEvent", "intermediateThrowEvent")
        if kind == "signal" or (kind == "error" and throws):
            yield place.diagram.problem(node, kind, f"it refers to no {kind}")
        return
    found = place.diagram.roots.get(reference)
    attribute = "name" if kind == "signal" else f"{kind}Code"
    if found is None or local(found) != kind:
        yield place.diagram.problem(node, kind, f"the {kind} {reference!r} is not in this file")
    elif not found.get(attribute):
        yield place.diagram.problem(node, kind, f"its {kind} has no {attribute}")
    elif kind != "signal" and local(node) in ("startEvent", "boundaryEvent"):
        if (found.get(attribute) or "").strip().startswith("="):
            yield place.diagram.problem(
                node, kind, f"an event that catches names its {kind} as a text, not in FEEL"
            )
        yield from _caught_twice(place, node, kind, found.get(attribute))


def _caught_twice(place: Place, node: etree._Element, kind: str, code: str | None) -> Iterator[Problem]:
    if local(node) == "boundaryEvent" and place.caught[node.get("attachedToRef"), kind, code] > 1:
        yield place.diagram.problem(node, kind, f"another event here catches the {kind} {code!r}, too")
