"""Rules about ways without a flow: links, compensation, cancelled transactions, and where a token may begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine.bpmn.rules.problems import Place, Problem, definition_kind, definitions
from engine.bpmn.xml import BPMN, local


def links(place: Place) -> Mapping[str, list[str]]:
    """Where links lead, by the ids of their throwing events."""
    catching = {
        _link_name(node): id
        for id, node in place.nodes.items()
        if local(node) == "intermediateCatchEvent" and definition_kind(node) == "link"
    }
    return {
        id: [catching[_link_name(node)]]
        for id, node in place.nodes.items()
        if local(node) == "intermediateThrowEvent"
        and definition_kind(node) == "link"
        and _link_name(node) in catching
    }


def entrances(place: Place) -> list[str]:
    """Nodes that begin without a flow into them: starts, event subprocesses, handlers, and all that may of an ad-hoc."""
    led_to = {flow.get("targetRef") for flow in place.flows}
    return [
        id
        for id, node in place.nodes.items()
        if local(node) == "startEvent"
        or node.get("triggeredByEvent") == "true"
        or node.get("isForCompensation") == "true"
        or (place.kind == "adHocSubProcess" and id not in led_to and local(node) != "boundaryEvent")
    ]


def _link_name(node: etree._Element) -> str:
    return " ".join((definitions(node)[0].get("name") or "").split())


def _link(place: Place, node: etree._Element) -> Iterator[Problem]:
    name, throws = _link_name(node), local(node) == "intermediateThrowEvent"
    if not name:
        yield place.diagram.problem(node, "link", "the link event has no name")
        return
    others = [
        other
        for other in place.of_kind("intermediateCatchEvent", "intermediateThrowEvent")
        if other is not node and definition_kind(other) == "link" and _link_name(other) == name
    ]
    catching = [other for other in others if local(other) == "intermediateCatchEvent"]
    if throws and not catching:
        yield place.diagram.problem(node, "link", f"there is no link catch event named {name!r} here")
    elif not throws and catching:
        yield place.diagram.problem(node, "link", f"another link catch event is named {name!r}, too")
    elif not throws and not others:
        yield place.diagram.problem(node, "link", f"no link throw event named {name!r} leads here")
    if throws and place.outgoing(node.get("id")):
        yield place.diagram.problem(node, "link", "no flow may lead out of a link throw event")
    if not throws and any(flow.get("targetRef") == node.get("id") for flow in place.flows):
        yield place.diagram.problem(node, "link", "no flow may lead into a link catch event")


def _compensation(place: Place, node: etree._Element) -> Iterator[Problem]:
    if local(node) == "boundaryEvent":
        yield from _compensation_boundary(place, node)
        return
    activity = definitions(node)[0].get("activityRef")
    if activity is not None:
        attached = [
            event
            for event in [*_around(place), *place.of_kind("boundaryEvent")]
            if event.get("attachedToRef") == activity and definition_kind(event) == "compensate"
        ]
        if not attached:
            yield place.diagram.problem(
                node, "compensation", f"{activity!r} has no compensation event in the same place"
            )


def _around(place: Place) -> list[etree._Element]:
    """The boundary events around an event subprocess: what is thrown inside compensates there."""
    holder = place.holder.getparent() if place.is_event_subprocess else None
    return [] if holder is None else holder.findall(f"{BPMN}boundaryEvent")


def _compensation_boundary(place: Place, node: etree._Element) -> Iterator[Problem]:
    ends = [
        association.get("targetRef")
        for association in place.holder.findall(f"{BPMN}association")
        if association.get("sourceRef") == node.get("id")
    ]
    handlers = [place.nodes[end] for end in ends if end in place.nodes]
    if len(handlers) != 1 or handlers[0].get("isForCompensation") != "true":
        yield place.diagram.problem(
            node, "compensation", "one association has to lead from it to a compensation handler"
        )
    if place.outgoing(node.get("id")):
        yield place.diagram.problem(node, "compensation", "no flow leads out of a compensation event")
    same = [
        event
        for event in place.of_kind("boundaryEvent")
        if event.get("attachedToRef") == node.get("attachedToRef") and definition_kind(event) == "compensate"
    ]
    if len(same) > 1:
        yield place.diagram.problem(node, "compensation", "an activity has one compensation event")


def _cancel(place: Place, node: etree._Element) -> Iterator[Problem]:
    if local(node) == "boundaryEvent":
        host = place.nodes.get(node.get("attachedToRef") or "")
        if host is None or local(host) != "transaction":
            yield place.diagram.problem(node, "unsupported", "a cancel event stands on a transaction only")
        if node.get("cancelActivity", "true") != "true":
            yield place.diagram.problem(node, "boundary", "a cancel always interrupts")
        return
    if place.kind != "transaction":
        yield place.diagram.problem(node, "unsupported", "a cancel end event stands in a transaction only")
        return
    around = place.holder.getparent()
    catching = [] if around is None else around.findall(f"{BPMN}boundaryEvent")
    if not any(
        event.get("attachedToRef") == place.holder.get("id") and definition_kind(event) == "cancel"
        for event in catching
    ):
        yield place.diagram.problem(node, "cancel", "its transaction has no cancel event on its border")


def handler(place: Place, node: etree._Element) -> Iterator[Problem]:
    if node.get("isForCompensation") != "true":
        return
    id, diagram = node.get("id"), place.diagram
    if place.outgoing(id) or any(flow.get("targetRef") == id for flow in place.flows):
        yield diagram.problem(node, "compensation", "no flow leads into or out of a compensation handler")
    ends = [a.get("targetRef") for a in place.holder.findall(f"{BPMN}association")]
    if id not in ends:
        yield diagram.problem(node, "compensation", "no compensation event leads to this handler")
    if any(
        event.get("attachedToRef") == id and definition_kind(event) == "compensate"
        for event in place.of_kind("boundaryEvent")
    ):
        yield diagram.problem(node, "compensation", "a compensation handler cannot be compensated itself")


OTHERS: Mapping[str, Callable[[Place, etree._Element], Iterator[Problem]]] = {
    "link": _link,
    "compensate": _compensation,
    "cancel": _cancel,
}
